#include "world/worker.hpp"

#include "world/loop_thread.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace msp;

TEST_CASE(
    "jobs run elsewhere in their order, and what they return runs on the loop in that order") {
    AsioLoop loop;
    Worker worker(loop);
    std::vector<int> jobs;
    std::vector<int> completions;
    bool elsewhere = true;
    const auto loops_thread = std::this_thread::get_id();
    for (int i = 0; i < 1'000; ++i) {
        worker.post([&, i]() -> Worker::Completion {
            if (std::this_thread::get_id() == loops_thread) elsewhere = false;
            jobs.push_back(i);
            return [&, i] {
                if (std::this_thread::get_id() != loops_thread) elsewhere = false;
                completions.push_back(i);
                if (i == 999) loop.stop();
            };
        });
    }
    loop.run();
    std::vector<int> expected(1'000);
    std::iota(expected.begin(), expected.end(), 0);
    CHECK(jobs == expected);
    CHECK(completions == expected);
    CHECK(elsewhere);
}

TEST_CASE("a job may have nothing to tell") {
    AsioLoop loop;
    Worker worker(loop);
    int ran = 0;
    worker.post([&]() -> Worker::Completion {
        ++ran;
        return {};
    });
    worker.post([&]() -> Worker::Completion { return [&] { loop.stop(); }; });
    loop.run();
    CHECK(ran == 1);
    CHECK(worker.waiting() == 0);
}

TEST_CASE("at the end the running job is finished, those behind it are dropped, nothing is told") {
    AsioLoop loop;
    auto worker = std::make_optional<Worker>(loop);
    std::promise<void> begun;
    std::promise<void> go_on;
    bool finished = false;
    bool dropped_ran = false;
    bool told = false;
    worker->post([&]() -> Worker::Completion {
        begun.set_value();
        go_on.get_future().wait();
        finished = true;
        return [&] { told = true; };
    });
    // The one that is dropped owns what lets the running one go on.
    const auto release = [&](int*) { go_on.set_value(); };
    worker->post([&, owned = std::shared_ptr<int>(nullptr, release)]() -> Worker::Completion {
        dropped_ran = true;
        return [&] { told = true; };
    });
    begun.get_future().wait();
    CHECK(worker->waiting() == 1);
    worker.reset();
    loop.post([&] { loop.stop(); });
    loop.run();
    CHECK(finished);
    CHECK_FALSE(dropped_ran);
    CHECK_FALSE(told);
}

TEST_CASE("what a job owns is gone once its completion has run") {
    AsioLoop loop;
    Worker worker(loop);
    auto owned = std::make_shared<int>(1);
    const std::weak_ptr<int> watched = owned;
    worker.post([owned = std::move(owned)]() -> Worker::Completion { return [owned] {}; });
    worker.post([&]() -> Worker::Completion { return [&] { loop.stop(); }; });
    loop.run();
    CHECK(watched.expired());
}
