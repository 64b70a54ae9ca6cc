#include "world/crypto.hpp"

#include "world/random.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace msp;

static std::string bytes(std::size_t count, char byte) {
    return std::string(count, byte);
}

TEST_CASE("SHA-256 gives the digests of FIPS 180-4's examples") {
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(hex(sha256(bytes(1'000'000, 'a'))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a digest of pieces is that of the whole") {
    CHECK(sha256_of_pieces({"a", "", "bc"}) == sha256("abc"));
    CHECK(sha256_of_pieces({}) == sha256(""));
    CHECK(sha256_of_pieces({bytes(100, 'x'), bytes(77, 'y')}) ==
          sha256(bytes(100, 'x') + bytes(77, 'y')));
}

// RFC 4231 clauses 4.2 to 4.8; its fifth case is about a digest cut short, which we do not offer.
TEST_CASE("HMAC-SHA-256 gives the signatures of RFC 4231") {
    std::string counting;
    for (char c = 1; c <= 25; ++c) counting += c;

    CHECK(hex(hmac_sha256(bytes(20, '\x0b'), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hex(hmac_sha256(bytes(20, '\xaa'), bytes(50, '\xdd'))) ==
          "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    CHECK(hex(hmac_sha256(counting, bytes(50, '\xcd'))) ==
          "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    CHECK(hex(hmac_sha256(bytes(131, '\xaa'),
                          "Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    CHECK(hex(hmac_sha256(bytes(131, '\xaa'),
                          "This is a test using a larger than block-size key and a larger than "
                          "block-size data. The key needs to be hashed before being used by the "
                          "HMAC algorithm.")) ==
          "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST_CASE("an empty key is a key") {
    CHECK(hex(hmac_sha256("", "")) ==
          "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    CHECK(hmac_sha256(std::string_view(), "") == hmac_sha256("", ""));
}

TEST_CASE("only the same bytes are equal") {
    CHECK(equal_in_constant_time("", ""));
    CHECK(equal_in_constant_time("secret", "secret"));
    CHECK_FALSE(equal_in_constant_time("secret", "secreT"));
    CHECK_FALSE(equal_in_constant_time("secret", "secret "));
    CHECK_FALSE(equal_in_constant_time("", "s"));
}

// RFC 4648 clause 10.
TEST_CASE("base64 spells the vectors of RFC 4648 and reads them back") {
    const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                     {"f", "Zg=="},
                                                                     {"fo", "Zm8="},
                                                                     {"foo", "Zm9v"},
                                                                     {"foob", "Zm9vYg=="},
                                                                     {"fooba", "Zm9vYmE="},
                                                                     {"foobar", "Zm9vYmFy"}};
    for (const auto& vector : vectors) {
        const auto plain = vector.first;
        const auto spelt = vector.second;
        CAPTURE(plain);
        CHECK(base64(plain) == spelt);
        CHECK(from_base64(spelt) == plain);
        const std::string unpadded(spelt.substr(0, spelt.find('=')));
        CHECK(base64url(plain) == unpadded);
        CHECK(from_base64url(unpadded) == plain);
    }
    CHECK(base64("\xfb\xff\xbe") == "+/++");
    CHECK(base64url("\xfb\xff\xbe") == "-_--");
}

TEST_CASE("whatever is spelt is read back, at every length") {
    SeededRandom chance(4);
    for (std::size_t length = 0; length < 200; ++length) {
        std::string plain(length, '\0');
        chance.fill(std::as_writable_bytes(std::span(plain)));
        CAPTURE(length);
        CHECK(from_base64(base64(plain)) == plain);
        CHECK(from_base64url(base64url(plain)) == plain);
        CHECK(hex(plain).size() == 2 * length);
    }
}

TEST_CASE("a value has one spelling, and everything else is refused") {
    for (std::string_view wrong : {"Zg", "Zg=", "Z", "Zg===", "Zh==", "Zm9=", "Zm 8=", "Zm8=\n",
                                   "====", "Zg==Zg==", "-_--", "Zm8*"})
        CHECK_MESSAGE(from_base64(wrong) == std::nullopt, wrong);
    for (std::string_view wrong : {"Zg==", "Z", "Zh", "Zm9", "+/++", "Zm9vY", "Zm8 "})
        CHECK_MESSAGE(from_base64url(wrong) == std::nullopt, wrong);
}

TEST_CASE("hex is spelt in lower case, two digits a byte") {
    CHECK(hex(std::string_view("\x00\x0f\xa5\xff", 4)) == "000fa5ff");
    CHECK(hex("") == "");
}
