#include "simulation/schedule.hpp"
#include "simulation/process_loop.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace msp;
using namespace msp::simulation;

static std::string order_drawn(std::uint64_t seed) {
    Schedule schedule(seed);
    std::string out;
    for (const char one : std::string("abcdefgh"))
        schedule.at(Duration(5), [&out, one] { out += one; });
    while (schedule.step(Duration(10))) {
    }
    return out;
}

TEST_CASE("what happens at one instant is ordered by the seed, and by nothing else") {
    CHECK(order_drawn(1) == order_drawn(1));
    CHECK(order_drawn(1) != order_drawn(2));
    CHECK(order_drawn(1).size() == 8);
}

TEST_CASE(
    "turns of a process run in the order in which they were posted, whatever time they take") {
    Schedule schedule(3);
    ProcessLoop loop(schedule, 7, Time(Duration(0)), {.slow = 0.5, .slow_most = Duration(9)});
    std::string out;
    for (const char one : std::string("abcdefgh")) loop.post([&out, one] { out += one; });
    while (schedule.step(Duration(1'000))) {
    }
    CHECK(out == "abcdefgh");
}

TEST_CASE("a process that stands still does everything late, a dead one nothing") {
    Schedule schedule(3);
    ProcessLoop loop(schedule, 7, Time(Duration(1'000)), {});
    Time rang{};
    loop.after(Duration(10), [&] { rang = loop.now(); });
    loop.pause(Duration(500));
    bool cancelled = false;
    loop.cancel(loop.after(Duration(20), [&] { cancelled = true; }));
    while (schedule.step(Duration(1'000))) {
    }
    CHECK(rang == Time(Duration(1'500)));
    CHECK_FALSE(cancelled);
    bool after_death = false;
    loop.post([&] { after_death = true; });
    loop.after(Duration(1), [&] { after_death = true; });
    loop.die();
    loop.post([&] { after_death = true; });
    while (schedule.step(Duration(2'000))) {
    }
    CHECK_FALSE(after_death);
}
