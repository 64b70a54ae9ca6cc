// What every refused report leaves behind: the claim as received, and an event for those it
// concerns.
#pragma once

#include "domain/claim.hpp"
#include "provisioning/flow.hpp"

namespace msp {

// `affected` is the chain that the report contradicts, where its owner may know of the report; else
// null. A report that is itself an accepted claim leaves nothing new, nor does one that is refused
// again under the same claim, for the same reason: a device that never stops asking fills no store.
Decision refuse_report(const View&, const Claim&, const Chain* affected, bool accepted,
                       const Origin&);

}  // namespace msp
