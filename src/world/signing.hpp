// Signatures that anyone can check who has the public key: Ed25519 (RFC 8032).
//
// Keys are PEM texts, as `openssl pkey` reads and writes them; signatures are 64 bytes, as
// `openssl pkeyutl -verify -rawin` takes them. Pure but for the making of a key; any thread.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"

#include <string>
#include <string_view>

namespace msp {

std::string make_signing_key();  // PKCS #8

// Failures: the text is no private key for Ed25519.
Result<std::string, Failure> public_key_of(std::string_view private_key);
Result<std::string, Failure> sign(std::string_view private_key, std::string_view bytes);

// False: the signature is none of these bytes under that key. A Failure: that is no public key.
Result<bool, Failure> signed_by(std::string_view public_key, std::string_view bytes,
                                std::string_view signature);

}  // namespace msp
