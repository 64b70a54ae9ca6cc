// Leaves an operator that does not answer in peace, and finds out when it does again.
//
//   closed ── failures in a row ──► open ── after a while ──► half open ── an answer ──► closed
//                                     ▲                           │
//                                     └─────── a failure ─────────┘   twice as long, up to a bound
//
// Law: while it is half open one conversation is allowed, while it is open none. A value; no
// threads.
#pragma once

#include "operators/operator_settings.hpp"
#include "world/loop.hpp"

#include <algorithm>
#include <limits>

namespace msp {

class Breaker {
public:
    enum class State : unsigned char { closed, open, half_open };

    explicit Breaker(const BreakerRule& rule) : rule_(rule), wait_(rule.open_least) {}

    void adjust(const BreakerRule& rule) {
        rule_ = rule;
        wait_ = std::clamp(wait_, rule.open_least, rule.open_most);
    }

    State state(Monotonic now) const {
        if (failures_ < rule_.failures) return State::closed;
        return now < open_until_ ? State::open : State::half_open;
    }
    unsigned conversations(Monotonic now) const {
        switch (state(now)) {
            case State::closed: return std::numeric_limits<unsigned>::max();
            case State::open: return 0;
            case State::half_open: break;
        }
        return 1;
    }
    Monotonic open_until() const { return open_until_; }

    void answered() {
        failures_ = 0;
        wait_ = rule_.open_least;
    }

    void failed(Monotonic now) {
        const State before = state(now);
        failures_ = std::min(failures_ + 1, rule_.failures);
        if (before == State::open || failures_ < rule_.failures) return;
        open_until_ = now + wait_;
        wait_ = std::min(wait_ * 2, rule_.open_most);
    }

private:
    BreakerRule rule_;
    unsigned failures_ = 0;
    Duration wait_;
    Monotonic open_until_{};
};

}  // namespace msp
