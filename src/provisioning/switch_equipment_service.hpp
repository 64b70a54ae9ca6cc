// Scenarios 3, 4 and 7: the equipment provider activates (installs), suspends, resumes, stops or
// replaces.
//
//                active
//   de-active ◄────────────► active
//                de-active
//
//          stopped (names the device)              de-active
//   any ────────────────────────────────► stopped ───────────► reopened, waits for a device
//
//          replaced (names the device)
//   any ────────────────────────────────► replaced, waits for a new device
//
// One call cascades down: `active` lifts the customer hold, `de-active` sets it, `stopped` and
// `replaced` reclaim the subscription. The last two name the device they end, so a repeated call
// can never end its successor.
#pragma once

#include "provisioning/flow.hpp"

namespace msp {

struct SwitchEquipmentService {
    PartyId provider;
    EquipmentId equipment;
    Wish wish = Wish::active;
    bool names_device = false;       // `device_id` was sent
    std::optional<DeviceId> device;  // the device to end; nothing (null): there is none
    IfMatch if_match;                // revision of the wish; needed to stop and to replace
    Origin origin;
};
// Refuses: no_such_equipment, no_equipment_bound, not_the_customer (the M2M SP has its own hold),
// equipment_stopped, subscription_lost, device_differs, revision_missing, revision_stale.
std::vector<Name> names(const SwitchEquipmentService&);
Decision decide(const View&, const SwitchEquipmentService&);

}  // namespace msp
