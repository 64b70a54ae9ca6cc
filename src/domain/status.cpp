#include "domain/status.hpp"

#include <cstdlib>

namespace msp {

Order wanted(const Chain& chain) {
    if (chain.stopped) return Order::reclaim;
    const bool held = chain.holds.holds(Holder::customer) || chain.holds.holds(Holder::m2m_sp);
    return held ? Order::de_activate : Order::activate;
}

bool admission_open(const Chain& chain) {
    return !chain.stopped && !chain.holds.any();
}

static bool seen_active(const Chain& chain) {
    const Exchange& exchange = chain.exchange;
    return exchange.seen && exchange.confirmed == exchange.generation && !exchange.drift;
}

Status m2m_status(const Chain& chain) {
    if (chain.stopped) return Status::stopped;
    return admission_open(chain) && seen_active(chain) ? Status::active : Status::de_active;
}

Status equipment_status(const Chain& chain) {
    switch (chain.equipment->wish) {
        case Wish::stopped: return Status::stopped;
        case Wish::replaced: return Status::replaced;
        case Wish::de_active: return Status::de_active;
        case Wish::active:
            return m2m_status(chain) == Status::active ? Status::active : Status::de_active;
    }
    std::abort();
}

bool network_confirmed(const Chain& chain) {
    const Exchange& exchange = chain.exchange;
    if (exchange.confirmed != exchange.generation || exchange.drift) return false;
    if (wanted(chain) != Order::activate) return true;
    return exchange.seen || chain.holds.holds(Holder::network_operator);
}

bool settled(const Chain& chain) {
    const bool asking = chain.exchange.awaiting != Awaiting::nothing || chain.exchange.read_due;
    return !asking && (network_confirmed(chain) || chain.exchange.parked || chain.lost);
}

bool reclaimed(const Chain& chain) {
    if (chain.withdrawn) return true;
    return chain.stopped && chain.exchange.confirmed == chain.exchange.generation &&
           chain.observed.state == NetworkState::reclaimed;
}

Statuses statuses(const Chain& chain) {
    return {
        .network = chain.observed.state,
        .m2m = m2m_status(chain),
        .equipment = chain.equipment ? std::optional(equipment_status(chain)) : std::nullopt,
        .pending = !network_confirmed(chain),
    };
}

NetworkState effect_of(Order order) {
    switch (order) {
        case Order::activate: return NetworkState::active;
        case Order::de_activate: return NetworkState::de_active;
        case Order::reclaim: return NetworkState::reclaimed;
    }
    std::abort();
}

std::string_view word(Status status) {
    switch (status) {
        case Status::active: return "active";
        case Status::de_active: return "de-active";
        case Status::stopped: return "stopped";
        case Status::replaced: return "replaced";
    }
    std::abort();
}

std::string_view word(NetworkState state) {
    switch (state) {
        case NetworkState::unknown: return "unknown";
        case NetworkState::de_active: return "de-active";
        case NetworkState::active: return "active";
        case NetworkState::reclaimed: return "reclaimed";
    }
    std::abort();
}

std::string_view word(Order order) {
    switch (order) {
        case Order::activate: return "activate";
        case Order::de_activate: return "de-activate";
        case Order::reclaim: return "reclaim";
    }
    std::abort();
}

std::string_view word(Wish wish) {
    switch (wish) {
        case Wish::active: return "active";
        case Wish::de_active: return "de-active";
        case Wish::stopped: return "stopped";
        case Wish::replaced: return "replaced";
    }
    std::abort();
}

}  // namespace msp
