// Parties: who takes part. A party may carry several roles; parties are closed, never deleted.
#pragma once

#include "domain/identity.hpp"

namespace msp {

// The M2M service provider: the one party that every platform has.
const PartyId& m2m_sp();

// The operator as a party; it has the same name.
PartyId party_of(const OperatorId&);

}  // namespace msp
