#include "world/manual_loop.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace msp;
using namespace std::chrono_literals;

TEST_CASE("turns run in the order in which they fall due, and time is what they fell due at") {
    ManualLoop loop;
    const Time start = loop.now();
    std::string order;
    const auto note = [&](char what) { return [&order, what] { order += what; }; };
    loop.after(20ms, note('d'));
    loop.after(10ms, note('b'));
    loop.after(10ms, note('c'));
    loop.post(note('a'));
    loop.after(10ms, [&] { CHECK(loop.now() == start + 10ms); });
    CHECK(order.empty());
    loop.run_for(15ms);
    CHECK(order == "abc");
    CHECK(loop.now() == start + 15ms);
    loop.run_for(5ms);
    CHECK(order == "abcd");
}

TEST_CASE("what a turn hands in runs in its time, a cancelled timer never") {
    ManualLoop loop;
    int rung = 0;
    const Loop::TimerId never = loop.after(5ms, [&] { rung += 100; });
    loop.after(1ms, [&] {
        loop.cancel(never);
        loop.cancel(12345);
        loop.post([&] { ++rung; });
        loop.after(0ms, [&] { ++rung; });
        loop.after(10ms, [&] { rung += 10; });
    });
    loop.run_for(1ms);
    CHECK(rung == 2);
    loop.run_for(10ms);
    CHECK(rung == 12);
}

TEST_CASE("in a stall time passes for both clocks and nothing runs until the loop runs again") {
    ManualLoop loop;
    bool rung = false;
    loop.after(1s, [&] { rung = true; });
    const Time before = loop.now();
    const Monotonic monotonic = loop.monotonic();
    loop.stall(3s);
    CHECK_FALSE(rung);
    CHECK(loop.now() - before == 3s);
    CHECK(loop.monotonic() - monotonic == 3s);
    loop.run_ready();
    CHECK(rung);
    CHECK(loop.now() - before == 3s);
}
