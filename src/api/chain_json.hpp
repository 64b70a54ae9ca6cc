// A chain as its reader may see it, in JSON: the answer to every read and to every change.
//
// Law: what a reader may not see is in no member and in nobody's words (domain/sight.hpp). The same
// chain reads the same in an answer and in a list. Pure functions; any thread.
#pragma once

#include "access/json.hpp"
#include "domain/chain.hpp"
#include "domain/explain.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace msp {

// Under which eyes, and as what, a chain is shown.
struct ChainShown {
    PartyId reader;
    Layer layer = Layer::m2m;         // whose status stands first
    std::string equipment_card = {};  // body of the record, where an equipment is bound
};

void write_chain(JsonWriter&, const Chain&, const ChainShown&);
std::string chain_json(const Chain&, const ChainShown&);

// An equipment that is registered and that no device has reported.
struct EquipmentAlone {
    PartyId provider;
    EquipmentId id;
    std::string card;  // body of the record
};
void write_equipment_alone(JsonWriter&, const EquipmentAlone&);

// {"network", "m2m_service", "equipment_service"}
void write_statuses(JsonWriter&, const Chain&, const PartyId& reader);

}  // namespace msp
