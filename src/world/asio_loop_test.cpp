#include "world/asio_loop.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace msp;

TEST_CASE("a posted turn runs later, never inside the call that posted it") {
    AsioLoop loop;
    std::string told;
    loop.post([&] {
        loop.post([&] {
            told += "second";
            loop.stop();
        });
        told += "first ";
    });
    CHECK(told.empty());
    loop.run();
    CHECK(told == "first second");
}

TEST_CASE("turns posted from many threads all run, those of each thread in their order") {
    constexpr int threads = 4;
    constexpr int turns = 5'000;
    AsioLoop loop;
    std::vector<int> next(threads, 0);
    int out_of_order = 0;
    int ran = 0;
    std::vector<std::thread> posting;
    posting.reserve(threads);
    for (int thread = 0; thread < threads; ++thread) {
        posting.emplace_back([&, thread] {
            for (int turn = 0; turn < turns; ++turn) {
                loop.post([&, thread, turn] {
                    if (next[static_cast<std::size_t>(thread)]++ != turn) ++out_of_order;
                    if (++ran == threads * turns) loop.stop();
                });
            }
        });
    }
    loop.run();
    for (auto& thread : posting) thread.join();
    CHECK(ran == threads * turns);
    CHECK(out_of_order == 0);
}

TEST_CASE("timers run in the order of their times, and those of one instant as they were set") {
    AsioLoop loop;
    std::string told;
    loop.after(Duration(30), [&] { loop.stop(); });
    loop.after(Duration(20), [&] { told += "d"; });
    loop.after(Duration(5), [&] { told += "b"; });
    loop.after(Duration(10), [&] { told += "c"; });
    loop.after(Duration(0), [&] { told += "a"; });
    loop.run();
    CHECK(told == "abcd");
}

TEST_CASE("no timer runs before its time") {
    AsioLoop loop;
    int early = 0;
    int ran = 0;
    for (int ms = 0; ms < 40; ++ms) {
        const Monotonic due = loop.monotonic() + Duration(ms);
        loop.after(Duration(ms), [&, due] {
            if (loop.monotonic() < due) ++early;
            if (++ran == 40) loop.stop();
        });
    }
    loop.run();
    CHECK(early == 0);
}

TEST_CASE("a cancelled timer does not run, and unknown or past ones are ignored") {
    AsioLoop loop;
    int ran = 0;
    const auto cancelled = loop.after(Duration(1), [&] { ++ran; });
    const auto past = loop.after(Duration(0), [&] { ++ran; });
    loop.cancel(cancelled);
    loop.cancel(cancelled);
    loop.cancel(987'654);
    loop.after(Duration(5), [&] {
        loop.cancel(past);
        loop.stop();
    });
    loop.run();
    CHECK(ran == 1);
}

TEST_CASE("a timer may cancel another that is due in the same moment") {
    AsioLoop loop;
    int ran = 0;
    Loop::TimerId second = 0;
    loop.after(Duration(0), [&] { loop.cancel(second); });
    second = loop.after(Duration(0), [&] { ++ran; });
    loop.after(Duration(10), [&] { loop.stop(); });
    loop.run();
    CHECK(ran == 0);
}

TEST_CASE("a timer set for sooner than the one already awaited runs first") {
    AsioLoop loop;
    std::string told;
    loop.after(Duration(60'000), [&] { told += "late"; });
    loop.post([&] {
        loop.after(Duration(1), [&] {
            told += "soon";
            loop.stop();
        });
    });
    loop.run();
    CHECK(told == "soon");
}

TEST_CASE("a stop that comes before the run is not lost, and a stopped loop runs again") {
    AsioLoop loop;
    int ran = 0;
    loop.stop();
    loop.run();
    loop.post([&] {
        ++ran;
        loop.stop();
    });
    loop.run();
    CHECK(ran == 1);
}

TEST_CASE("turns that never ran may cancel timers while the loop goes") {
    struct CancelsAtTheEnd {
        CancelsAtTheEnd(Loop& its_loop, Loop::TimerId its_timer)
            : loop(its_loop), timer(its_timer) {}
        Loop& loop;
        Loop::TimerId timer;
        ~CancelsAtTheEnd() { loop.cancel(timer); }
    };
    AsioLoop loop;
    const auto timer = loop.after(Duration(60'000), [] {});
    const auto posted = std::make_shared<CancelsAtTheEnd>(loop, timer);
    loop.post([posted] {});
    loop.after(Duration(60'000), [posted] {});
}

TEST_CASE("the time of day and the monotonic clock go forward together") {
    AsioLoop loop;
    const Time before = loop.now();
    const Monotonic start = loop.monotonic();
    loop.after(Duration(20), [&] { loop.stop(); });
    loop.run();
    const auto passed = loop.monotonic() - start;
    CHECK(passed >= Duration(20));
    CHECK(loop.now() - before >= Duration(20));
    CHECK(loop.now() - before <= std::chrono::ceil<Duration>(loop.monotonic() - start));
}

TEST_CASE("a signal runs on the loop, each time it comes") {
    AsioLoop loop;
    std::vector<int> signals;
    loop.on_signal([&](int signal) {
        signals.push_back(signal);
        if (signals.size() == 2) return loop.stop();
        loop.post([] { std::raise(SIGINT); });
    });
    loop.post([] { std::raise(SIGTERM); });
    loop.run();
    CHECK(signals == std::vector<int>{SIGTERM, SIGINT});
}
