#include "world/signing.hpp"

#include "world/crypto.hpp"

#include <doctest/doctest.h>

using namespace msp;

static std::string bytes_in(std::string_view hexadecimal) {
    std::string out;
    for (std::size_t i = 0; i < hexadecimal.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hexadecimal.substr(i, 2)), nullptr, 16));
    return out;
}

static std::string pem(std::string_view kind, const std::string& der) {
    const std::string word(kind);
    return "-----BEGIN " + word + "-----\n" + base64(der) + "\n-----END " + word + "-----\n";
}

// RFC 8032 clause 7.1, test 3; the wrappings of keys are those of RFC 8410 clauses 4 and 7.
TEST_CASE("signatures are those of RFC 8032") {
    const std::string secret =
        pem("PRIVATE KEY",
            bytes_in("302e020100300506032b657004220420"
                     "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"));
    const std::string open = pem(
        "PUBLIC KEY", bytes_in("302a300506032b6570032100"
                               "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"));
    const std::string signature = bytes_in(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
    CHECK(sign(secret, "\xaf\x82").value() == signature);
    CHECK(public_key_of(secret).value() == open);
    CHECK(signed_by(open, "\xaf\x82", signature).value());
}

TEST_CASE("a signature holds for its bytes under its key, and for nothing else") {
    const std::string key = make_signing_key();
    const std::string open = public_key_of(key).value();
    const std::string signature = sign(key, "the head").value();
    CHECK(signed_by(open, "the head", signature).value());
    CHECK_FALSE(signed_by(open, "the heap", signature).value());
    CHECK_FALSE(signed_by(open, "the head", signature.substr(1)).value());
    CHECK_FALSE(signed_by(open, "the head", "").value());
    const std::string other = public_key_of(make_signing_key()).value();
    CHECK_FALSE(signed_by(other, "the head", signature).value());
}

TEST_CASE("what is no key is said to be none") {
    const std::string key = make_signing_key();
    CHECK_FALSE(sign("", "the head"));
    CHECK_FALSE(sign(public_key_of(key).value(), "the head"));
    CHECK_FALSE(public_key_of("-----BEGIN PRIVATE KEY-----\n"));
    CHECK_FALSE(signed_by(key, "the head", std::string(64, 'x')));
}
