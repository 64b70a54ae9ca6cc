// One entry of history and feeds: what happened to a chain, by whom, and how the chain stood after
// it.
//
// Law: every change of a chain appends its events in its own transaction; `sequence` counts a
// chain's events without a gap. Values; no threads.
#pragma once

#include "domain/chain.hpp"
#include "domain/status.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

enum class EventType : unsigned char {
    card_registered,
    card_issued,
    card_withdrawn,
    card_status_changed,  // before a device is known
    device_status_changed,
    device_holds_changed,  // holds moved, the status word did not
    device_bound,
    device_unbound,  // its card was taken for another device, or another card came
    device_handed_over,
    equipment_bound,
    equipment_unbound,
    equipment_status_changed,
    network_status_changed,
    binding_refused,
    order_refused,
    drift_found,
    reclaimed_subscription_reported,  // an operator reports about what it took back
    card_holds_changed,               // as device_holds_changed, before a device is known
};
inline constexpr std::size_t event_type_count = 18;
std::string_view word(EventType);  // m2m.device.status-changed …
std::optional<EventType> event_type(std::string_view text);

enum class Cause : unsigned char { command, device, network_operator, audit, timer };
std::string_view word(Cause);  // command, device, operator, audit, timer

struct Event {
    EventType type = EventType::device_status_changed;
    Time at{};
    Actor actor;
    Cause cause = Cause::command;
    OperationId operation;
    std::uint64_t sequence = 0;  // in its chain, from 1; 0 where no chain is known
    Statuses before;
    std::shared_ptr<const Chain>
        after;                      // null where no chain is known (a report about an unknown card)
    std::vector<PartyId> audience;  // whose feeds it enters; staff read history
    std::string code;               // refusal, hold or drift code, where the type has one
    std::string detail;
    friend bool operator==(const Event& a, const Event& b);
};

// What made a change: goes into each event that follows from it.
struct Origin {
    Actor actor;
    Cause cause = Cause::command;
    OperationId operation;
    Time at{};
};

// Everything that the step from `before` to `after` has to tell, in order; numbers them and
// `after.sequence` with it. `also` is told first (bound, handed over …), before the statuses that
// follow from it.
struct Telling {
    EventType type;
    std::string code;
    std::string detail;
    std::vector<PartyId> audience_too;
};
std::vector<Event> tell(const Chain& before, Chain& after, const Origin&,
                        const std::vector<Telling>& also);

}  // namespace msp
