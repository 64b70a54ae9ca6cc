#include "simulation/many_lives.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace msp::simulation;

TEST_CASE("the same seed lives the same life, told or not, and another seed another") {
    std::set<std::uint64_t> hashes;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Life first = live({.seed = seed, .steps_most = 0, .told = false});
        const Life again = live({.seed = seed, .steps_most = 0, .told = true});
        CAPTURE(seed);
        CHECK(first.hash == again.hash);
        CHECK(first.steps == again.steps);
        CHECK_FALSE(first.broken);
        hashes.insert(first.hash);
    }
    CHECK(hashes.size() == 20);
}

TEST_CASE("many lives keep every law and reach what is rare, whatever the number of threads") {
    const Sum sum = live_many({.first = 100'000, .seeds = 600, .jobs = 2});
    for (const Life& life : sum.broken)
        FAIL_CHECK("seed " << life.seed << ": law " << life.broken->law << ": "
                           << life.broken->how);
    CHECK(sum.unrepeatable.empty());
    CHECK(sum.lived_twice == 12);
    CHECK(sum.sometimes.count(Rare::service_active) > 600);
    CHECK(sum.sometimes.count(Rare::reclaimed) > 60);
    CHECK(sum.sometimes.count(Rare::operator_held) > 60);
    CHECK(sum.sometimes.count(Rare::stale_write) > 60);
    CHECK(never_reached(sum).size() < 4);
    MESSAGE(report(sum));
}
