// The loop of one simulated process: its turns stand in the schedule of the whole world.
//
// Law: as for Loop: what is posted runs in the order in which it was, one at a time. A turn may
// take a little time, drawn from the seed, so that others get in between any two. While the process
// is paused nothing of it runs; what was to run does so when it goes on, however late that is. Of a
// process that died nothing runs any more.
// The clock of the wall is the process's own: it may be wrong, and jumps only from one process to
// the next.
// Threads: one. Outlives whatever was handed to it; the schedule outlives it.
#pragma once

#include "simulation/schedule.hpp"
#include "world/loop.hpp"

#include <deque>
#include <map>

namespace msp::simulation {

// How long turns take: a share of them some time, the rest none.
struct Gait {
    double slow = 0;
    Duration slow_most{0};
};

class ProcessLoop final : public Loop {
public:
    ProcessLoop(Schedule&, std::uint64_t seed, Time wall, const Gait&);

    Time now() const override { return wall_ + (schedule_.now() - begun_); }
    Monotonic monotonic() const override { return schedule_.now() - begun_; }
    void post(std::function<void()> turn) override;
    TimerId after(Duration delay, std::function<void()> turn) override;
    void cancel(TimerId) override;

    void pause(Duration span);
    bool paused() const { return schedule_.now() < resumes_; }
    void die();
    bool dead() const { return dead_; }

private:
    void arm();
    void run_posted();
    void run_timer(TimerId);

    Schedule& schedule_;
    SeededRandom random_;
    const Time wall_;
    const Duration begun_;
    const Gait gait_;
    Duration resumes_{};
    bool dead_ = false;
    bool armed_ = false;
    Schedule::Place next_{};
    std::deque<std::function<void()>> posted_;
    struct Timer {
        Schedule::Place place;
        std::function<void()> turn;
    };
    std::map<TimerId, Timer> timers_;
    TimerId newest_ = 0;
};

}  // namespace msp::simulation
