#include "world/signing.hpp"

#include "world/openssl_held.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <cassert>
#include <memory>

namespace msp {

namespace {

using openssl::Bio;
using openssl::Freed;
using openssl::Key;
using openssl::text_of;

using Work = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

const Failure no_private_key{Failure::Kind::malformed, "that is no private key for Ed25519"};
const Failure no_public_key{Failure::Kind::malformed, "that is no public key for Ed25519"};

Bio reading(std::string_view text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Null: the text is no such key. What OpenSSL noted about it is forgotten.
Key ed25519(Key key) {
    ERR_clear_error();
    return key && EVP_PKEY_is_a(key.get(), "ED25519") == 1 ? std::move(key) : nullptr;
}

// Nobody is asked for a password.
int no_password(char*, int, int, void*) {
    return -1;
}

Key private_key_in(std::string_view text) {
    const Bio bio = reading(text);
    return ed25519(Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)));
}

Key public_key_in(std::string_view text) {
    const Bio bio = reading(text);
    return ed25519(Key(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr)));
}

const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

std::string make_signing_key() {
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    const Bio out(BIO_new(BIO_s_mem()));
    [[maybe_unused]] const int done =
        PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    assert(done == 1);
    return text_of(out);
}

Result<std::string, Failure> public_key_of(std::string_view private_key) {
    const Key key = private_key_in(private_key);
    if (!key) return no_private_key;
    const Bio out(BIO_new(BIO_s_mem()));
    [[maybe_unused]] const int done = PEM_write_bio_PUBKEY(out.get(), key.get());
    assert(done == 1);
    return text_of(out);
}

Result<std::string, Failure> sign(std::string_view private_key, std::string_view bytes) {
    const Key key = private_key_in(private_key);
    if (!key) return no_private_key;
    const Work work(EVP_MD_CTX_new());
    std::array<unsigned char, 64> signature{};
    std::size_t size = signature.size();
    [[maybe_unused]] const bool done =
        EVP_DigestSignInit(work.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
        EVP_DigestSign(work.get(), signature.data(), &size, data_of(bytes), bytes.size()) == 1;
    assert(done && size == signature.size());
    return std::string(signature.begin(), signature.end());
}

Result<bool, Failure> signed_by(std::string_view public_key, std::string_view bytes,
                                std::string_view signature) {
    const Key key = public_key_in(public_key);
    if (!key) return no_public_key;
    const Work work(EVP_MD_CTX_new());
    const bool fits = EVP_DigestVerifyInit(work.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                      EVP_DigestVerify(work.get(), data_of(signature), signature.size(),
                                       data_of(bytes), bytes.size()) == 1;
    ERR_clear_error();
    return fits;
}

}  // namespace msp
