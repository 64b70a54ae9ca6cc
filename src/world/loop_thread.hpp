// For tests: a real loop that runs on a thread of its own for as long as this object lives.
// Threads: one test thread makes, uses and destroys it; turns run on the loop's.
#pragma once

#include "world/asio_loop.hpp"

#include <functional>
#include <future>
#include <thread>
#include <utility>

namespace msp {

class LoopThread {
public:
    LoopThread() : thread_([this] { loop_.run(); }) {}
    ~LoopThread() {
        loop_.stop();
        thread_.join();
    }
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;

    AsioLoop& loop() { return loop_; }

    // Runs `turn` on the loop and returns what it returns.
    template <class Turn>
    auto run(Turn turn) -> decltype(turn()) {
        std::packaged_task<decltype(turn())()> task(std::move(turn));
        auto outcome = task.get_future();
        loop_.post([&task] { task(); });
        return outcome.get();
    }

private:
    AsioLoop loop_;
    std::thread thread_;
};

}  // namespace msp
