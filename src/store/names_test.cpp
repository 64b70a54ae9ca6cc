#include "domain/view.hpp"

#include "store/fleet_contract.hpp"

#include <doctest/doctest.h>

using namespace msp;

TEST_CASE(
    "a step keeps a chain's names exactly when its live names are the same before and after") {
    constexpr std::uint64_t seed = 11;
    CAPTURE(seed);
    Fleet fleet(seed);
    int kept = 0;
    int moved = 0;
    for (int i = 0; i < 2'000; ++i) {
        Chain chain = fleet.newborn();
        for (int step = 0; step < 10; ++step) {
            const Chain before = chain;
            if (fleet.random.below(3) != 0) fleet.move(chain, Time{});
            if (fleet.random.below(5) == 0) chain.withdrawn = !chain.withdrawn;
            if (fleet.random.below(5) == 0) chain.subscription.msisdn.reset();
            const bool same = live_names(before) == live_names(chain);
            REQUIRE(keeps_names(before, chain) == same);
            ++(same ? kept : moved);
        }
    }
    CHECK(kept > 1'000);
    CHECK(moved > 1'000);
}
