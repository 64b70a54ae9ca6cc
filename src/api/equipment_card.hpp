// What an equipment provider calls its equipment: a name and labels. Kept as the record
// `equipment_card`, scope the provider, value the equipment ID; a report that creates an equipment
// leaves an empty one.
//
// Law: decode(encode(x)) is x; an empty body is a card without name and labels. Values; no threads.
#pragma once

#include "domain/view.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

struct EquipmentCard {
    std::string name;
    std::map<std::string, std::string> labels;
    friend bool operator==(const EquipmentCard&, const EquipmentCard&) = default;
};

Name equipment_card_name(const PartyId& provider, const EquipmentId&);
std::string encode(const EquipmentCard&);
// What cannot be read reads as an empty card: it names things and decides nothing.
EquipmentCard decode_equipment_card(std::string_view body);

}  // namespace msp
