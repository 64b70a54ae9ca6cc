// Parties: who takes part. A party may carry several roles; parties are closed, never deleted.
#pragma once

#include "domain/identity.hpp"

#include <map>

namespace msp {

// The M2M service provider: the one party that every platform has.
const PartyId& m2m_sp();

// The operator as a party; it has the same name.
PartyId party_of(const OperatorId&);

// What decisions ask about a party.
struct PartyFacts {
    bool device_provider = false;
    bool equipment_provider = false;
    bool open = true;
    bool reports_create_equipment = true;  // an equipment ID that a device reports first is taken
    friend bool operator==(const PartyFacts&, const PartyFacts&) = default;
};
using PartyBook = std::map<PartyId, PartyFacts>;

// Absent parties have no role and are not open.
PartyFacts facts_of(const PartyBook&, const PartyId&);

}  // namespace msp
