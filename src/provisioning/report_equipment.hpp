// Scenario 2f: a device reports the equipment that it was built into.
#pragma once

#include "domain/claim.hpp"
#include "provisioning/flow.hpp"

namespace msp {

struct ReportEquipment {
    DeviceId device;
    PartyId provider;  // the device ID stands under this party's prefix
    EquipmentId equipment;
    std::shared_ptr<const PartyBook> parties;
    ClaimId claim;
    bool accepted = false;
    Origin origin;
};
// The same pair again changes nothing. An equipment whose device was replaced, or that was
// reopened, takes the new device; the M2M SP's reasons that follow the equipment come along.
// Refuses, and keeps a claim: no_such_device, not_an_equipment_provider, device_bound_elsewhere,
// equipment_has_device, equipment_stopped, equipment_unknown, not_admitted.
std::vector<Name> names(const ReportEquipment&);
Decision decide(const View&, const ReportEquipment&);

// Scenario 2g: the equipment provider takes a wrong equipment ID off a device, while the service
// was never active with it.
struct UnbindEquipment {
    PartyId provider;
    EquipmentId equipment;
    Origin origin;
};
// Refuses: no_such_equipment, no_equipment_bound, was_active, use_equipment_service,
// already_stopped, not_the_customer.
std::vector<Name> names(const UnbindEquipment&);
Decision decide(const View&, const UnbindEquipment&);

}  // namespace msp
