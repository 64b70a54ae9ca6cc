#include "api/equipment_card.hpp"

#include "access/json.hpp"

namespace msp {

Name equipment_card_name(const PartyId& provider, const EquipmentId& id) {
    return {Name::Kind::equipment_card, std::string(provider.text()), std::string(id.text())};
}

std::string encode(const EquipmentCard& card) {
    std::string out;
    JsonWriter json(out);
    json.open_object().member("name", card.name).name("labels").open_object();
    for (const auto& [label, value] : card.labels) json.member(label, value);
    json.close_object().close_object();
    return out;
}

EquipmentCard decode_equipment_card(std::string_view body) {
    EquipmentCard out;
    if (body.empty()) return out;
    auto json = JsonObject::parse(body);
    if (!json) return out;
    JsonObject object = std::move(json).value();
    out.name = object.text("/name", Need::optional).value_or("");
    out.labels = object.entries("/labels", JsonObject::members_most, Need::optional)
                     .value_or(std::map<std::string, std::string>());
    return out;
}

}  // namespace msp
