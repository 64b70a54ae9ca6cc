#include "world/manual_loop.hpp"

#include <algorithm>

namespace msp {

void ManualLoop::post(std::function<void()> turn) {
    posted_.push_back(std::move(turn));
}

Loop::TimerId ManualLoop::after(Duration delay, std::function<void()> turn) {
    const Place place{passed_ + std::max(delay, Duration::zero()), ++newest_};
    timers_.emplace(place, std::move(turn));
    places_.emplace(newest_, place);
    return newest_;
}

void ManualLoop::cancel(TimerId timer) {
    const auto found = places_.find(timer);
    if (found == places_.end()) return;
    timers_.erase(found->second);
    places_.erase(found);
}

void ManualLoop::run_ready() {
    do {
        while (!posted_.empty()) {
            const auto turn = std::move(posted_.front());
            posted_.pop_front();
            turn();
        }
    } while (run_timer(passed_));
}

void ManualLoop::run_for(Duration span) {
    const Duration end = passed_ + span;
    do run_ready();
    while (run_timer(end));
    passed_ = std::max(passed_, end);
}

// The earliest timer, should it be due by then; time moves up to it.
bool ManualLoop::run_timer(Duration until) {
    if (timers_.empty() || timers_.begin()->first.first > until) return false;
    auto first = timers_.extract(timers_.begin());
    places_.erase(first.key().second);
    passed_ = std::max(passed_, first.key().first);
    first.mapped()();
    return true;
}

}  // namespace msp
