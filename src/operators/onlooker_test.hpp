// For tests: looks on while an operator is played, at each commit of ours and at each entry of the
// operator's journal, both as they are made, and counts what must not be.
//
// Requires: the operator does nothing on its own. A subscription is known by its reference.
#pragma once

#include "cast/operator_book.hpp"
#include "domain/status.hpp"
#include "operators/operator_settings.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace msp::sample {

// What became of one subscription, on both sides.
struct Followed {
    std::uint64_t generation = 0;
    std::uint64_t confirmed = 0;
    bool seen = false;
    std::optional<Order> sent;                         // by the newest step that is committed
    std::uint64_t newest = 0;                          // generation that took effect
    std::set<std::string, std::less<>> taken;          // references of what took effect
    std::vector<std::pair<Time, NetworkState>> stood;  // at the operator, since when
};

inline NetworkState shown_as(SimulatedSubscription::State state) {
    switch (state) {
        case SimulatedSubscription::State::de_active: return NetworkState::de_active;
        case SimulatedSubscription::State::active: return NetworkState::active;
        case SimulatedSubscription::State::terminated: break;
    }
    return NetworkState::reclaimed;
}

class Onlooker {
public:
    explicit Onlooker(const OperatorSettings& settings) : settings_(settings) {}

    // As a commit leaves it.
    void look(const Chain& chain, Time now) {
        Followed& one = all_[std::string(chain.subscription.reference.view())];
        const Exchange& exchange = chain.exchange;
        changes += exchange.generation - one.generation;
        if (exchange.awaiting == Awaiting::order) one.sent = exchange.in_flight->order;
        if (exchange.confirmed > one.confirmed && exchange.confirmed == exchange.generation)
            untrue += !was(one, effect_of(wanted(chain)), now);
        if (exchange.seen && !one.seen) untrue += !was(one, NetworkState::active, now);
        one.generation = exchange.generation;
        one.confirmed = exchange.confirmed;
        one.seen = exchange.seen;
        const bool at_rest = settled(chain) && network_confirmed(chain);
        if (!at_rest)
            unsettled_.insert(chain.id);
        else if (unsettled_.erase(chain.id) > 0 && unsettled_.empty())
            settled_since = now;
    }

    void look(const JournalEntry& entry) {
        Followed& one = all_[entry.subscription];
        const NetworkState state = shown_as(entry.state);
        ++effects;
        // Where there is no fence nothing else may be under way when an order is sent.
        const bool stale = settings_.profile.can.fences_by_generation
                               ? entry.generation < one.newest
                               : !one.sent || effect_of(*one.sent) != state;
        out_of_order += stale;
        twice += !one.taken.insert(entry.order_reference).second;
        one.newest = std::max(one.newest, entry.generation);
        one.stood.emplace_back(entry.at, state);
    }

    std::size_t unsettled() const { return unsettled_.size(); }

    std::uint64_t changes = 0;
    std::uint64_t effects = 0;
    std::uint64_t untrue = 0;  // confirmed, or seen active, and it was not so
    std::uint64_t out_of_order = 0;
    std::uint64_t twice = 0;
    std::optional<Time> settled_since;

private:
    // At some time since the oldest answer that may count by now.
    bool was(const Followed& one, NetworkState state, Time now) const {
        const Time from = now - settings_.profile.pace.answer_deadline;
        NetworkState before = NetworkState::de_active;
        for (const auto& [since, stood] : one.stood) {
            if (since >= from && before == state) return true;
            before = stood;
        }
        return before == state;
    }

    OperatorSettings settings_;
    std::unordered_map<std::string, Followed> all_;
    std::set<ChainId> unsettled_;
};

}  // namespace msp::sample
