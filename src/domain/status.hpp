// What a chain's status is, layer by layer: derived, never stored (docs/laws.md).
//
//   network wanted      reclaimed if stopped; de-active if customer or M2M SP holds; else active
//   M2M service         stopped if stopped; active <=> nobody holds and the network was seen active
//                       for what we want now
//   equipment service   stopped, replaced if so wished; active <=> wished active and the M2M
//                       service is active
//   admission           open <=> nobody holds and not stopped; does not wait for the operator
//
// Pure functions; no threads.
#pragma once

#include "domain/chain.hpp"

#include <string_view>

namespace msp {

enum class Status : unsigned char { active, de_active, stopped, replaced };

Order wanted(const Chain&);
Status m2m_status(const Chain&);
// Requires: an equipment is bound.
Status equipment_status(const Chain&);
bool admission_open(const Chain&);

// The network does what we want now, as far as anybody can know.
bool network_confirmed(const Chain&);
// Nothing will change by itself: confirmed, or waiting for a named party.
bool settled(const Chain&);
// The reclaim is confirmed, or the card was withdrawn: ICCID and IMSI may live again as another
// record.
bool reclaimed(const Chain&);

struct Statuses {
    NetworkState network = NetworkState::unknown;  // observed
    Status m2m = Status::de_active;
    std::optional<Status> equipment;
    bool pending = false;
    friend bool operator==(const Statuses&, const Statuses&) = default;
};
Statuses statuses(const Chain&);

// The state that an order leads to, and the order that leads to a state.
NetworkState effect_of(Order);

std::string_view word(Status);        // active, de-active, stopped, replaced
std::string_view word(NetworkState);  // unknown, de-active, active, reclaimed
std::string_view word(Order);         // activate, de-activate, reclaim
std::string_view word(Wish);

}  // namespace msp
