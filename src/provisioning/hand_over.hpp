// Scenario 2d: devices change hands: from the device provider to an equipment provider, or back.
#pragma once

#include "provisioning/flow.hpp"

namespace msp {

struct HandOver {
    std::vector<DeviceId> devices;
    PartyId to;
    std::shared_ptr<const PartyBook> parties;
    Origin origin;
};
// Answers one item a device. The customer changes and its hold is set; from then on the giver sees
// the device no more. Devices go to an equipment provider, or back to the device provider that the
// card was issued to. Refuses (all): no_such_party, party_closed. Refuses (item): no_such_device,
// already_stopped, equipment_bound, not_an_equipment_provider.
std::vector<Name> names(const HandOver&);
Decision decide(const View&, const HandOver&);

}  // namespace msp
