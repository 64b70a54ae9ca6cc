// A Loop whose time stands still until it is moved: for tests and for whatever plays in simulated
// time.
//
//   ManualLoop loop;
//   loop.after(std::chrono::minutes(5), ring);
//   loop.run_for(std::chrono::minutes(5));      // rings, in no time
//
// Law: turns run in the order in which they became due, those of one instant in the order in which
// they were handed in; the same calls give the same order, for ever.
// Threads: one.
#pragma once

#include "world/loop.hpp"

#include <deque>
#include <map>
#include <unordered_map>
#include <utility>

namespace msp {

class ManualLoop final : public Loop {
public:
    // 2026-01-01T00:00:00Z, unless told otherwise.
    explicit ManualLoop(Time start = Time(Duration(1'767'225'600'000))) : start_(start) {}

    Time now() const override { return start_ + passed_; }
    Monotonic monotonic() const override { return passed_; }
    void post(std::function<void()> turn) override;
    TimerId after(Duration delay, std::function<void()> turn) override;
    void cancel(TimerId) override;

    // Runs what can run without time passing.
    void run_ready();
    // Lets this much time pass and runs everything that falls due in it.
    void run_for(Duration);
    // Time passes and nothing runs: the process was stopped, or busy.
    void stall(Duration passed) { passed_ += passed; }

private:
    using Place = std::pair<Duration, TimerId>;

    bool run_timer(Duration until);

    Time start_;
    Duration passed_{};
    TimerId newest_ = 0;
    std::deque<std::function<void()>> posted_;
    std::map<Place, std::function<void()>> timers_;
    std::unordered_map<TimerId, Place> places_;
};

}  // namespace msp
