#include "world/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cassert>
#include <climits>
#include <cstdint>

namespace msp {

static const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

// Found once: to look it up takes longer than a short digest.
static const EVP_MD* sha256_algorithm() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}

Digest sha256(std::string_view bytes) {
    Digest digest;
    const int done =
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha256_algorithm(), nullptr);
    assert(done == 1);
    return digest;
}

Digest sha256_of_pieces(std::initializer_list<std::string_view> pieces) {
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    bool done = EVP_DigestInit_ex2(context, sha256_algorithm(), nullptr) == 1;
    for (const std::string_view piece : pieces)
        done = done && EVP_DigestUpdate(context, piece.data(), piece.size()) == 1;
    Digest digest;
    done = done && EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1;
    EVP_MD_CTX_free(context);
    assert(done);
    return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
    assert(key.size() <= INT_MAX);
    Digest digest;
    const auto* done =
        HMAC(EVP_sha256(), key.empty() ? "" : key.data(), static_cast<int>(key.size()),
             data_of(bytes), bytes.size(), digest.data(), nullptr);
    assert(done != nullptr);
    return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string hex(const Digest& digest) {
    return hex(bytes_of(digest));
}

constexpr std::string_view standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static std::string spell(std::string_view bytes, std::string_view alphabet) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (held += 8; held >= 6; held -= 6) text += alphabet[bits >> (held - 6) & 63];
    }
    if (held > 0) text += alphabet[bits << (6 - held) & 63];
    return text;
}

// One spelling per value: stray characters and bits left over that are not zero are refused.
static std::optional<std::string> read(std::string_view text, std::string_view alphabet) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes += static_cast<char>(bits >> held);
    }
    if ((bits & ((1U << held) - 1)) != 0) return std::nullopt;
    return bytes;
}

std::string base64(std::string_view bytes) {
    std::string text = spell(bytes, standard);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::string base64url(std::string_view bytes) {
    return spell(bytes, url_safe);
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.ends_with('=')) text.remove_suffix(1);
    if (text.ends_with('=')) text.remove_suffix(1);
    return read(text, standard);
}

std::optional<std::string> from_base64url(std::string_view text) {
    return read(text, url_safe);
}

}  // namespace msp
