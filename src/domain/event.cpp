#include "domain/event.hpp"

#include "domain/party.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace msp {

static constexpr std::array<std::pair<EventType, std::string_view>, event_type_count> words{{
    {EventType::card_registered, "m2m.card.registered"},
    {EventType::card_issued, "m2m.card.issued"},
    {EventType::card_withdrawn, "m2m.card.withdrawn"},
    {EventType::card_status_changed, "m2m.card.status-changed"},
    {EventType::device_status_changed, "m2m.device.status-changed"},
    {EventType::device_holds_changed, "m2m.device.holds-changed"},
    {EventType::device_bound, "m2m.device.bound"},
    {EventType::device_unbound, "m2m.device.unbound"},
    {EventType::device_handed_over, "m2m.device.handed-over"},
    {EventType::equipment_bound, "m2m.equipment.bound"},
    {EventType::equipment_unbound, "m2m.equipment.unbound"},
    {EventType::equipment_status_changed, "m2m.equipment.status-changed"},
    {EventType::network_status_changed, "m2m.network.status-changed"},
    {EventType::binding_refused, "m2m.binding.refused"},
    {EventType::order_refused, "m2m.order.refused"},
    {EventType::drift_found, "m2m.drift.found"},
    {EventType::reclaimed_subscription_reported, "m2m.network.reclaimed-reported"},
    {EventType::card_holds_changed, "m2m.card.holds-changed"},
}};

std::string_view word(EventType type) {
    return words[static_cast<std::size_t>(type)].second;
}

std::optional<EventType> event_type(std::string_view text) {
    for (const auto& [type, name] : words)
        if (name == text) return type;
    return std::nullopt;
}

std::string_view word(Cause cause) {
    switch (cause) {
        case Cause::command: return "command";
        case Cause::device: return "device";
        case Cause::network_operator: return "operator";
        case Cause::audit: return "audit";
        case Cause::timer: return "timer";
    }
    std::abort();
}

bool operator==(const Event& a, const Event& b) {
    const bool same_chain = a.after == b.after || (a.after && b.after && *a.after == *b.after);
    return same_chain && std::tie(a.type, a.at, a.actor, a.cause, a.operation, a.sequence, a.before,
                                  a.audience, a.code, a.detail) ==
                             std::tie(b.type, b.at, b.actor, b.cause, b.operation, b.sequence,
                                      b.before, b.audience, b.code, b.detail);
}

namespace {

// What the statuses, the holds and the exchange with the operator have to tell.
std::vector<Telling> differences(const Chain& before, const Chain& after) {
    std::vector<Telling> out;
    const Statuses was = statuses(before);
    const Statuses is = statuses(after);
    const bool device = after.device.has_value();
    if (was.network != is.network || (was.pending && !is.pending))
        out.push_back({EventType::network_status_changed, {}, {}, {}});
    if (was.m2m != is.m2m)
        out.push_back({device ? EventType::device_status_changed : EventType::card_status_changed,
                       {},
                       {},
                       {}});
    else if (before.holds != after.holds || before.until != after.until)
        out.push_back(
            {device ? EventType::device_holds_changed : EventType::card_holds_changed, {}, {}, {}});
    if (after.equipment && before.equipment && was.equipment != is.equipment)
        out.push_back({EventType::equipment_status_changed, {}, {}, {}});
    if (after.exchange.drift && !before.exchange.drift)
        out.push_back({EventType::drift_found, std::string(word(is.network)), {}, {}});
    if (after.exchange.parked && !before.exchange.parked && !after.exchange.drift)
        out.push_back({EventType::order_refused, {}, after.exchange.parked->reason, {}});
    return out;
}

// The feeds an event enters: of those who use the service before and after; the M2M SP reads
// history.
std::vector<PartyId> audience(const Chain& before, const Chain& after, const Telling& telling) {
    std::vector<PartyId> out{before.customer, after.customer};
    out.insert(out.end(), telling.audience_too.begin(), telling.audience_too.end());
    std::erase(out, m2m_sp());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace

std::vector<Event> tell(const Chain& before, Chain& after, const Origin& origin,
                        const std::vector<Telling>& also) {
    std::vector<Telling> tellings = also;
    for (Telling& telling : differences(before, after)) tellings.push_back(std::move(telling));
    const std::uint64_t first = after.sequence + 1;
    after.sequence += tellings.size();
    const auto state = std::make_shared<const Chain>(after);
    std::vector<Event> out;
    out.reserve(tellings.size());
    for (Telling& telling : tellings)
        out.push_back({.type = telling.type,
                       .at = origin.at,
                       .actor = origin.actor,
                       .cause = origin.cause,
                       .operation = origin.operation,
                       .sequence = first + out.size(),
                       .before = statuses(before),
                       .after = state,
                       .audience = audience(before, after, telling),
                       .code = std::move(telling.code),
                       .detail = std::move(telling.detail)});
    return out;
}

}  // namespace msp
