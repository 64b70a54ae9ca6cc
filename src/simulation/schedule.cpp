#include "simulation/schedule.hpp"

#include <algorithm>
#include <utility>

namespace msp::simulation {

Schedule::Place Schedule::at(Duration when, std::function<void()> turn) {
    const Place place{std::max(when, now_), ties_.next(), ++newest_};
    turns_.emplace(place, std::move(turn));
    return place;
}

bool Schedule::step(Duration until) {
    if (turns_.empty() || turns_.begin()->first.at > until) {
        now_ = std::max(now_, until);
        return false;
    }
    const auto next = turns_.extract(turns_.begin());
    now_ = next.key().at;
    ++steps_;
    next.mapped()();
    return true;
}

}  // namespace msp::simulation
