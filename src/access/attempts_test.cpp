#include "access/attempts.hpp"

#include <doctest/doctest.h>

#include <string>

namespace msp {

static constexpr Time start{Duration(1'000'000)};
static Time at(int ms) {
    return start + Duration(ms);
}

TEST_CASE("a full window makes its name wait until it ends, and no other name") {
    Tally tally({.most = 3, .window = Duration(60'000), .names_most = 100});
    CHECK(tally.count("a", at(0)) == 1);
    CHECK(tally.count("a", at(10'000)) == 2);
    CHECK_FALSE(tally.wait("a", at(10'000)));
    CHECK(tally.count("a", at(20'000)) == 3);
    CHECK(tally.wait("a", at(20'000)) == Duration(40'000));
    CHECK(tally.wait("a", at(59'999)) == Duration(1));
    CHECK_FALSE(tally.wait("b", at(20'000)));
    CHECK_FALSE(tally.wait("a", at(60'000)));
    CHECK(tally.count("a", at(60'000)) == 1);
}

TEST_CASE("the tally keeps as many names as it may, and forgets those that began first") {
    Tally tally({.most = 1, .window = Duration(60'000), .names_most = 3});
    for (int i = 0; i < 4; ++i) tally.count("n" + std::to_string(i), at(i));
    CHECK_FALSE(tally.wait("n0", at(10)));
    for (const char* kept : {"n1", "n2", "n3"}) CHECK(tally.wait(kept, at(10)));
    for (int i = 0; i < 100'000; ++i) tally.count(std::to_string(i), at(100 + i));
    CHECK(tally.wait("99999", at(100'100)));
    CHECK_FALSE(tally.wait("n3", at(100'100)));
}

TEST_CASE("ten failures of a claim at an address block it there, and nobody elsewhere") {
    Attempts attempts;
    for (int i = 0; i < 10; ++i) {
        CHECK_FALSE(attempts.wait("k1", "10.0.0.1:" + std::to_string(i), at(i)));
        attempts.failed("k1", "10.0.0.1:" + std::to_string(i), at(i));
    }
    CHECK(attempts.wait("k1", "10.0.0.1:77", at(10)) == Duration(59'990));
    CHECK_FALSE(attempts.wait("k2", "10.0.0.1:77", at(10)));
    CHECK_FALSE(attempts.wait("k1", "10.0.0.2:77", at(10)));
    CHECK_FALSE(attempts.wait("k1", "10.0.0.1:77", at(60'000)));
}

TEST_CASE("an address that fails under ever new names is blocked too") {
    Attempts attempts;
    for (int i = 0; i < 100; ++i) {
        CHECK_FALSE(attempts.wait("fresh", "[::1]:1", at(i)));
        attempts.failed("k" + std::to_string(i), "[::1]:1", at(i));
    }
    CHECK(attempts.wait("fresh", "[::1]:2", at(100)));
    CHECK_FALSE(attempts.wait("fresh", "[::2]:2", at(100)));
}

TEST_CASE("who claims nothing is counted for its address") {
    Attempts attempts;
    for (int i = 0; i < 10; ++i) attempts.failed("", "10.0.0.1:1", at(i));
    CHECK(attempts.wait("", "10.0.0.1:1", at(10)));
    CHECK_FALSE(attempts.wait("k1", "10.0.0.1:1", at(10)));
}

}  // namespace msp
