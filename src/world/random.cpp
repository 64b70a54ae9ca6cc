#include "world/random.hpp"

#include <sys/random.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace msp {

std::uint64_t Random::next() {
    std::array<std::byte, 8> bytes;
    fill(bytes);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        number |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    return number;
}

// Numbers at the top that do not fill a whole round of `bound` are drawn again: no remainder is
// favoured.
std::uint64_t Random::below(std::uint64_t bound) {
    assert(bound > 0);
    const std::uint64_t uneven = (0 - bound) % bound;
    std::uint64_t number = next();
    while (number < uneven) number = next();
    return number % bound;
}

double Random::unit() {
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::string Random::token(std::size_t characters) {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string token;
    token.reserve(characters);
    while (token.size() < characters) token += alphabet[below(alphabet.size())];
    return token;
}

// SplitMix64 spreads any seed, zero included, over the whole state (Blackman and Vigna, public
// domain).
SeededRandom::SeededRandom(std::uint64_t seed) {
    for (auto& word : state_) {
        seed += 0x9e3779b97f4a7c15;
        std::uint64_t mixed = seed;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        word = mixed ^ (mixed >> 31);
    }
}

// xoshiro256** (Blackman and Vigna, public domain).
static std::uint64_t step(std::array<std::uint64_t, 4>& s) {
    const std::uint64_t result = std::rotl(s[1] * 5, 7) * 9;
    const std::uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = std::rotl(s[3], 45);
    return result;
}

void SeededRandom::fill(std::span<std::byte> bytes) {
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
        const std::uint64_t word = step(state_);
        for (std::size_t j = 0; j < 8 && i + j < bytes.size(); ++j)
            bytes[i + j] = static_cast<std::byte>(word >> (8 * j));
    }
}

static void draw(std::span<std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
        assert(got > 0 || errno == EINTR);  // cannot fail otherwise on Linux 3.17 and later
        if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
}

void SystemRandom::fill(std::span<std::byte> bytes) {
    while (!bytes.empty()) {
        if (left_ == 0) {
            draw(drawn_);
            left_ = drawn_.size();
        }
        const std::size_t some = std::min(bytes.size(), left_);
        const std::span<std::byte> taken(drawn_.data() + drawn_.size() - left_, some);
        std::copy(taken.begin(), taken.end(), bytes.begin());
        ::explicit_bzero(taken.data(), taken.size());
        left_ -= some;
        bytes = bytes.subspan(some);
    }
}

}  // namespace msp
