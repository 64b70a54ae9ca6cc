// Scenario 2h: the owner of what a refused report was about accepts the claim, or dismisses it.
#pragma once

#include "domain/claim.hpp"
#include "provisioning/flow.hpp"

namespace msp {

struct DecideClaim {
    ClaimId claim;
    bool accept = true;
    std::shared_ptr<const PartyBook> parties;
    Origin origin;
};
// Accepting asks for everything that the report needed, but the window. Refuses: no_such_claim,
// claim_closed, and whatever still stands against the report.
std::vector<Name> names(const DecideClaim&);
Decision decide(const View&, const DecideClaim&);

}  // namespace msp
