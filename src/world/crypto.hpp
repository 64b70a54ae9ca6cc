// Digests, signatures and their spellings. Pure functions over bytes; any thread. OpenSSL stays in
// the .cpp.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view bytes);  // FIPS 180-4
// Of the pieces one after the other, as if they were one text.
Digest sha256_of_pieces(std::initializer_list<std::string_view>);
Digest hmac_sha256(std::string_view key, std::string_view bytes);  // RFC 2104
bool equal_in_constant_time(std::string_view a, std::string_view b);

std::string hex(std::string_view bytes);
std::string hex(const Digest&);
std::string base64(std::string_view bytes);     // RFC 4648 clause 4, padded
std::string base64url(std::string_view bytes);  // RFC 4648 clause 5, no padding
std::optional<std::string> from_base64(std::string_view text);
std::optional<std::string> from_base64url(std::string_view text);

inline std::string_view bytes_of(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace msp
