// Scenario 5: the M2M SP holds a service down for a reason of the catalogue, and lifts that reason
// again.
#pragma once

#include "provisioning/flow.hpp"

namespace msp {

struct MoveHold {
    Name name;  // an ICCID or a device ID
    bool put = true;
    std::string code;
    std::string text;
    bool follows_equipment = false;
    IfMatch if_match;  // revision of the M2M SP's hold
    Origin origin;
};
// Refuses: m2m_sp_only, no_such_card / no_such_device, already_stopped, unknown_reason,
// revision_stale. Lifting a reason that does not stand changes nothing and is no refusal.
std::vector<Name> names(const MoveHold&);
Decision decide(const View&, const MoveHold&);

}  // namespace msp
