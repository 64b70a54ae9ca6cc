// Scenario 2a: cards are issued to a device provider, in custody, not in ownership; or taken back
// by the M2M SP.
#pragma once

#include "provisioning/flow.hpp"

namespace msp {

struct IssueCards {
    std::vector<Iccid> iccids;
    PartyId to;
    std::shared_ptr<const PartyBook> parties;
    Origin origin;
};
// Answers one item a card, named by its ICCID. The customer changes and its hold is set.
// Refuses (all): m2m_sp_only, no_such_party, not_a_device_provider, party_closed.
// Refuses (item): no_such_card, device_bound, already_stopped, batch_incomplete.
std::vector<Name> names(const IssueCards&);
Decision decide(const View&, const IssueCards&);

}  // namespace msp
