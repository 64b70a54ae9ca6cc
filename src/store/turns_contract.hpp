// A loop for tests: its time moves only when it is told to, its turns run when they are asked for.
#pragma once

#include "world/loop.hpp"

#include <deque>
#include <map>
#include <utility>

namespace msp {

class TurnLoop final : public Loop {
public:
    Time now() const override { return now_; }
    Monotonic monotonic() const override { return now_.time_since_epoch(); }
    void post(std::function<void()> turn) override { turns_.push_back(std::move(turn)); }
    TimerId after(Duration delay, std::function<void()> turn) override {
        timers_.emplace(std::pair(now_ + delay, ++last_timer_), std::move(turn));
        return last_timer_;
    }
    void cancel(TimerId id) override {
        std::erase_if(timers_, [id](const auto& timer) { return timer.first.second == id; });
    }

    bool turn() {
        if (turns_.empty()) return false;
        const auto next = std::move(turns_.front());
        turns_.pop_front();
        next();
        return true;
    }
    void run() {
        while (turn()) {
        }
    }
    void pass(Duration time) {
        now_ += time;
        while (!timers_.empty() && timers_.begin()->first.first <= now_)
            turns_.push_back(std::move(timers_.extract(timers_.begin()).mapped()));
    }

private:
    Time now_{Duration(1'770'000'000'000)};
    std::deque<std::function<void()>> turns_;
    std::map<std::pair<Time, TimerId>, std::function<void()>> timers_;
    TimerId last_timer_ = 0;
};

}  // namespace msp
