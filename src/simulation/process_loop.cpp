#include "simulation/process_loop.hpp"

#include <algorithm>
#include <utility>

namespace msp::simulation {

ProcessLoop::ProcessLoop(Schedule& schedule, std::uint64_t seed, Time wall, const Gait& gait)
    : schedule_(schedule), random_(seed), wall_(wall), begun_(schedule.now()), gait_(gait) {}

void ProcessLoop::post(std::function<void()> turn) {
    if (dead_) return;
    posted_.push_back(std::move(turn));
    arm();
}

void ProcessLoop::arm() {
    if (armed_ || posted_.empty()) return;
    armed_ = true;
    Duration takes{0};
    if (gait_.slow > 0 && random_.unit() < gait_.slow)
        takes = Duration(static_cast<Duration::rep>(
            random_.below(static_cast<std::uint64_t>(gait_.slow_most.count()) + 1)));
    next_ = schedule_.at(std::max(schedule_.now() + takes, resumes_), [this] { run_posted(); });
}

void ProcessLoop::run_posted() {
    armed_ = false;
    if (dead_ || posted_.empty()) return;
    if (paused()) return arm();
    const auto turn = std::move(posted_.front());
    posted_.pop_front();
    arm();
    turn();
}

Loop::TimerId ProcessLoop::after(Duration delay, std::function<void()> turn) {
    const TimerId timer = ++newest_;
    if (dead_) return timer;
    const Duration at = schedule_.now() + std::max(delay, Duration::zero());
    timers_.emplace(timer,
                    Timer{schedule_.at(at, [this, timer] { run_timer(timer); }), std::move(turn)});
    return timer;
}

void ProcessLoop::run_timer(TimerId timer) {
    const auto found = timers_.find(timer);
    if (found == timers_.end()) return;
    if (paused()) {
        found->second.place = schedule_.at(resumes_, [this, timer] { run_timer(timer); });
        return;
    }
    const auto turn = std::move(found->second.turn);
    timers_.erase(found);
    turn();
}

void ProcessLoop::cancel(TimerId timer) {
    const auto found = timers_.find(timer);
    if (found == timers_.end()) return;
    schedule_.cancel(found->second.place);
    timers_.erase(found);
}

void ProcessLoop::pause(Duration span) {
    resumes_ = std::max(resumes_, schedule_.now() + span);
}

// The turns go while what they belong to still stands.
void ProcessLoop::die() {
    dead_ = true;
    for (const auto& [timer, kept] : timers_) schedule_.cancel(kept.place);
    if (armed_) schedule_.cancel(next_);
    const auto timers = std::exchange(timers_, {});
    const auto posted = std::exchange(posted_, {});
}

}  // namespace msp::simulation
