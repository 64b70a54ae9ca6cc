// Scenarios 2b and 2e: the M2M service of a card or of a device is switched by its customer, before
// installation.
//
// The M2M SP may do it on the customer's behalf only until the equipment service was first active,
// and the event names both. `stopped` is the M2M SP's, where no equipment is bound; it is for ever.
#pragma once

#include "provisioning/flow.hpp"

namespace msp {

enum class ServiceWish : unsigned char { active, de_active, stopped };

struct SwitchM2mService {
    Name name;  // an ICCID or a device ID
    ServiceWish wish = ServiceWish::active;
    std::optional<Time> until;  // with active: the hold comes back then
    IfMatch if_match;           // revision of the customer hold; needed to stop
    Origin origin;
};
// Refuses: no_such_card / no_such_device, already_stopped, use_equipment_service,
// past_installation, subscription_lost, until_past, batch_incomplete, invalid (`until` with another
// wish); to stop also m2m_sp_only, equipment_bound, revision_missing; revision_stale.
std::vector<Name> names(const SwitchM2mService&);
Decision decide(const View&, const SwitchM2mService&);

// The time named in `until` has come: the customer hold is set again.
void end_test(Draft&);

}  // namespace msp
