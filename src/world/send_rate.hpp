// How fast something may go, such as requests to an operator: at most `burst` at once and
// `per_second` on the average.
//
// Law: in any span of time t no more than burst + t * per_second are spent. What is begun holds a
// place until it is spent or given back, so what was begun can always be spent. A value; no
// threads. The arithmetic is in whole nanoseconds.
#pragma once

#include "world/loop.hpp"

#include <algorithm>
#include <cassert>

namespace msp {

class SendRate {
public:
    SendRate(double per_second, unsigned burst) { adjust(per_second, burst); }

    void adjust(double per_second, unsigned burst) {
        interval_ = std::max(Monotonic(static_cast<std::int64_t>(1e9 / per_second)), Monotonic(1));
        burst_ = burst;
    }

    // When another may begin, should nothing be begun or spent until then; max(): not before
    // something is.
    Monotonic next() const {
        if (begun_ >= burst_) return Monotonic::max();
        return std::max(free_ - interval_ * (std::int64_t{burst_} - 1 - begun_), held_);
    }
    bool may_begin(Monotonic now) const { return now >= next(); }

    void begin() { ++begun_; }
    void give_back() {
        assert(begun_ > 0);
        --begun_;
    }
    void spend(Monotonic now) {
        give_back();
        free_ = std::max(free_, now) + interval_;
    }

    // The other side asks for a rest.
    void hold_until(Monotonic then) { held_ = std::max(held_, then); }

private:
    Monotonic interval_{};
    Monotonic free_{};  // when all places are free again
    Monotonic held_{};
    std::int64_t begun_ = 0;
    unsigned burst_ = 1;
};

}  // namespace msp
