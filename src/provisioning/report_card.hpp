// Scenarios 2c and 2i: a device reports the card that it found in itself.
//
// The test window is the claim window: the card's M2M service is active, so admission is open. A
// report that contradicts what is known never overwrites it: it is refused, kept as a claim, and
// told.
#pragma once

#include "domain/claim.hpp"
#include "provisioning/flow.hpp"

namespace msp {

struct ReportCard {
    DeviceId device;
    PartyId provider;  // the device ID stands under this party's prefix
    Iccid iccid;
    Imsi imsi;
    std::optional<Imei> imei;
    std::optional<Eid> eid;
    ClaimId claim;          // the name of the claim, should the report be refused
    bool accepted = false;  // its owner accepted the claim: no window is asked for
    Origin origin;
};
// The same pair again changes nothing. Another card of the same provider, before an equipment is
// bound, takes the place of the card before: that one is free and held, the M2M SP's reasons are
// copied. Refuses, and keeps a claim: no_such_card, not_issued_to_provider, imsi_differs,
// eid_differs, already_stopped, card_bound_elsewhere, device_bound_elsewhere, not_admitted.
std::vector<Name> names(const ReportCard&);
Decision decide(const View&, const ReportCard&);

}  // namespace msp
