#include "operators/audit_compare.hpp"

#include "domain/status.hpp"

namespace msp {

bool under_way(const Chain& chain) {
    const Exchange& exchange = chain.exchange;
    return exchange.awaiting != Awaiting::nothing || exchange.in_flight || exchange.read_due ||
           exchange.parked || exchange.drift || exchange.confirmed != exchange.generation;
}

Compared compare(const Chain& chain, const Reading& reading, StatusField field, Time asked) {
    if (reading.state == NetworkState::unknown) return Compared::unread;
    const bool gone = reclaimed(chain) || chain.lost;
    if (gone && reading.state == NetworkState::reclaimed) return Compared::same;
    if (reclaimed(chain)) return Compared::unknown;
    if (gone || reading.changing || under_way(chain) || chain.observed.at >= asked)
        return Compared::pending;
    if (reading.state != chain.observed.state) return Compared::differs;
    const bool tells = field == StatusField::separate || field == StatusField::overwritten;
    const bool on_record = chain.holds.find(Holder::network_operator, "operator-suspended");
    return tells && reading.suspended != on_record ? Compared::differs : Compared::same;
}

std::optional<Chain> find_subscription(Archive& archive, const OperatorId& at,
                                       const ListEntry& entry) {
    const SubscriptionReference& reference = entry.reference;
    if (reference.empty())
        return entry.imsi ? archive.chain(Name::of(at, *entry.imsi)) : std::nullopt;
    std::optional<Chain> found;
    if (const auto iccid = Iccid::parse(reference.view(), CheckDigit::warn))
        found = archive.chain(Name::of(*iccid));
    if (!found) found = archive.chain(Name::subscription(at, reference.view()));
    const bool ours =
        found && found->subscription.at == at && found->subscription.reference == reference;
    return ours ? found : std::nullopt;
}

}  // namespace msp
