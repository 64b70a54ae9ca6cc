#include "world/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

using namespace msp;

// The reference outputs of xoshiro256** whose state SplitMix64 filled from the seed 0.
TEST_CASE("a seed gives the numbers that the published algorithm gives, for ever") {
    SeededRandom chance(0);
    CHECK(chance.next() == 0x99ec5f36cb75f2b4);
    CHECK(chance.next() == 0xbf6e1f784956452a);
    CHECK(chance.next() == 0x1a5f849d4933e6e0);
    CHECK(chance.next() == 0x6aa594f1262d2d2c);
}

TEST_CASE("what is drawn through the same seed is the same, down to the last character") {
    SeededRandom one(20'261'123);
    SeededRandom same(20'261'123);
    SeededRandom other(20'261'124);
    const std::string token = one.token(40);
    CHECK(token == same.token(40));
    CHECK(token != other.token(40));
    CHECK(token == "xs70tpq8va8qb6y99godxqxlrnmhwqo9rgx3coqp");
    CHECK(one.below(1'000'000) == same.below(1'000'000));
    CHECK(one.unit() == same.unit());
}

TEST_CASE("fill writes every byte of any length and none beyond it") {
    for (std::size_t length = 0; length < 40; ++length) {
        SeededRandom chance(length);
        std::vector<std::byte> bytes(length + 1, std::byte{0});
        std::array<bool, 40> touched{};
        for (int round = 0; round < 64; ++round) {
            chance.fill(std::span(bytes).first(length));
            for (std::size_t i = 0; i < length; ++i)
                if (bytes[i] != std::byte{0}) touched[i] = true;
        }
        CHECK(std::count(touched.begin(), touched.end(), true) == static_cast<long>(length));
        CHECK(bytes[length] == std::byte{0});
    }
}

TEST_CASE("below stays below its bound and favours no number") {
    SeededRandom chance(1);
    for (std::uint64_t bound : {1ULL, 2ULL, 3ULL, 10ULL, 1ULL << 63, ~0ULL})
        for (int i = 0; i < 100; ++i) CHECK(chance.below(bound) < bound);

    std::array<int, 6> drawn{};
    for (int i = 0; i < 60'000; ++i) ++drawn[chance.below(6)];
    for (int count : drawn) CHECK(std::abs(count - 10'000) < 500);
}

TEST_CASE("unit lies in [0, 1) and fills it") {
    SeededRandom chance(2);
    double least = 1;
    double most = 0;
    for (int i = 0; i < 10'000; ++i) {
        const double drawn = chance.unit();
        least = std::min(least, drawn);
        most = std::max(most, drawn);
    }
    CHECK(least >= 0);
    CHECK(least < 0.001);
    CHECK(most < 1);
    CHECK(most > 0.999);
}

TEST_CASE("tokens use all of their alphabet and nothing else") {
    SeededRandom chance(3);
    const std::string token = chance.token(10'000);
    const std::set<char> used(token.begin(), token.end());
    CHECK(used.size() == 36);
    CHECK(token.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos);
    CHECK(chance.token(0).empty());
}

TEST_CASE("the system's randomness does not repeat") {
    SystemRandom chance;
    std::set<std::string> tokens;
    for (int i = 0; i < 1'000; ++i) tokens.insert(chance.token(20));
    CHECK(tokens.size() == 1'000);
}
