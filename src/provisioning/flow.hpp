// The shape of every flow of the use case: a command is a value, names() says what it will look at,
// decide() is pure.
//
//   struct SwitchEquipmentService { …; Origin origin; };
//   std::vector<Name> names(const SwitchEquipmentService&);
//   Decision decide(const View&, const SwitchEquipmentService&);
//
// Law: decide() depends on its arguments alone; time, ids and chance come in with the command. It
// may be made several times. A refusal has a stable code, a sentence and a hint, and changes
// nothing but, for reports, the claim it leaves.
#pragma once

#include "domain/decision.hpp"
#include "domain/party.hpp"
#include "provisioning/draft.hpp"

namespace msp {

// If-Match: nothing sent, or the revision it names.
using IfMatch = std::optional<std::uint32_t>;

}  // namespace msp
