// Chains by the time at which something is to be done about them: at most one time each.
//
// A value; no threads. Setting and taking cost the logarithm of what waits.
#pragma once

#include "domain/chain.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace msp {

class Timeline {
public:
    void set(ChainId chain, Time at) {
        drop(chain);
        by_time_.emplace(at, chain);
        by_chain_.emplace(chain, at);
    }

    void drop(ChainId chain) {
        const auto found = by_chain_.find(chain);
        if (found == by_chain_.end()) return;
        by_time_.erase({found->second, chain});
        by_chain_.erase(found);
    }

    bool holds(ChainId chain) const { return by_chain_.contains(chain); }

    std::optional<Time> earliest() const {
        return by_time_.empty() ? std::nullopt : std::optional(by_time_.begin()->first);
    }

    // The earliest that is due by now, which leaves.
    std::optional<ChainId> take(Time now) {
        if (by_time_.empty() || by_time_.begin()->first > now) return std::nullopt;
        const ChainId chain = by_time_.begin()->second;
        drop(chain);
        return chain;
    }

    std::size_t size() const { return by_time_.size(); }

private:
    std::set<std::pair<Time, ChainId>> by_time_;
    std::unordered_map<ChainId, Time> by_chain_;
};

}  // namespace msp
