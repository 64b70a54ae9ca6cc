#include "api/chain_json.hpp"

#include "api/equipment_card.hpp"
#include "domain/sight.hpp"
#include "domain/status.hpp"

#include <cstdlib>

namespace msp {

namespace {

std::string_view word(ObservedBy by) {
    switch (by) {
        case ObservedBy::declared: return "declared";
        case ObservedBy::confirmation: return "confirmation";
        case ObservedBy::read: return "read";
        case ObservedBy::event: return "event";
    }
    std::abort();
}

std::string number_of(const Chain& chain) {
    return std::to_string(static_cast<std::uint64_t>(chain.id));
}

bool serves_equipment(const Chain& chain) {
    return chain.equipment && !chain.equipment->ended;
}

std::string_view status_of(const Chain& chain, Layer layer) {
    return word(layer == Layer::equipment && serves_equipment(chain) ? equipment_status(chain)
                                                                     : m2m_status(chain));
}

void write_card_of_equipment(JsonWriter& json, std::string_view body) {
    const EquipmentCard card = decode_equipment_card(body);
    json.member("name", card.name).name("labels").open_object();
    for (const auto& [label, value] : card.labels) json.member(label, value);
    json.close_object();
}

void write_equipment(JsonWriter& json, const Chain& chain, const ChainShown& shown) {
    json.name("equipment");
    if (!chain.equipment) {
        json.null();
        return;
    }
    const Equipment& equipment = *chain.equipment;
    json.open_object().member("equipment_id", equipment.id).member("provider", equipment.provider);
    write_card_of_equipment(json, shown.equipment_card);
    json.member("status", word(equipment_status(chain)))
        .member("wish", word(equipment.wish))
        .member("since", equipment.since)
        .member("was_active", equipment.was_active)
        .member_if("ended", equipment.ended)
        .close_object();
}

void write_device(JsonWriter& json, const Chain& chain) {
    json.name("device");
    if (!chain.device) {
        json.null();
        return;
    }
    json.open_object()
        .member("device_id", chain.device->id)
        .member_if("imei", chain.device->imei)
        .member("since", chain.device->since)
        .member("provider", chain.holder)
        .close_object();
}

void write_service(JsonWriter& json, const Chain& chain) {
    json.name("m2m_service")
        .open_object()
        .member("status", word(m2m_status(chain)))
        .member("customer", chain.customer)
        .member("until", chain.until)
        .member("admission", admission_open(chain) ? "open" : "closed")
        .close_object();
}

void write_card(JsonWriter& json, const Chain& chain, Sight sight) {
    json.name("card").open_object();
    if (sight.card_identity)
        json.member("iccid", chain.card.iccid)
            .member_if("eid", chain.card.eid)
            .member("batch", chain.card.batch)
            .member("holder", chain.holder);
    else
        json.member("iccid_last4", last_four(chain.card.iccid));
    json.close_object();
}

void write_network(JsonWriter& json, const Chain& chain, Sight sight) {
    const Subscription& subscription = chain.subscription;
    const Observed& observed = chain.observed;
    const Exchange& exchange = chain.exchange;
    json.name("network").open_object().member("operator", subscription.at);
    if (sight.card_identity)
        json.member("imsi", subscription.imsi)
            .member_if("msisdn", subscription.msisdn)
            .member_if("mdn", subscription.mdn);
    json.member("wanted", word(effect_of(wanted(chain)))).member("observed", word(observed.state));
    if (sight.card_identity)
        json.member("native", observed.native);
    else
        json.member("native", without_identifiers(observed.native.view(), chain));
    json.member("observed_at", observed.at)
        .member("observed_by", word(observed.by))
        .member("session", observed.session)
        .member("generation", exchange.generation)
        .member("confirmed_generation", exchange.confirmed)
        .member("confirmed", network_confirmed(chain))
        .member("drift", exchange.drift)
        .name("parked");
    if (exchange.parked)
        json.open_object()
            .member("reason", exchange.parked->reason)
            .member("since", exchange.parked->since)
            .close_object();
    else
        json.null();
    json.close_object();
}

void write_held(JsonWriter& json, const std::vector<Held>& holders) {
    json.name("held_by").open_array();
    for (const Held& held : holders) {
        json.open_object()
            .member("layer", word(held.layer))
            .member("party", held.party)
            .member("holder", held.holder)
            .member("code", held.code)
            .member("says", held.says)
            .member("text", held.text)
            .member("since", held.since)
            .member("lifted_by", held.lifted_by)
            .name("may_lift")
            .open_array();
        for (const std::string& party : held.may_lift) json.value(party);
        json.close_array().close_object();
    }
    json.close_array();
}

void write_revisions(JsonWriter& json, const Revisions& revisions) {
    json.name("revisions")
        .open_object()
        .member("customer_hold", revisions.customer_hold)
        .member("m2m_sp_hold", revisions.m2m_sp_hold)
        .member("wish", revisions.wish)
        .close_object();
}

// `chain` is as seen: nothing is left out any more but by `sight`.
void write_seen(JsonWriter& json, const Chain& chain, const ChainShown& shown, Sight sight) {
    const std::string number = number_of(chain);
    const std::vector<Held> held = held_by(chain);
    json.open_object()
        .member("chain", number)
        .member("status", status_of(chain, shown.layer))
        .member("sentence", sentence(chain, held))
        .member("pending", !settled(chain));
    write_equipment(json, chain, shown);
    write_device(json, chain);
    write_service(json, chain);
    write_card(json, chain, sight);
    write_network(json, chain, sight);
    write_held(json, held);
    write_revisions(json, chain.revisions);
    json.member("history", "/v1/history?chain=" + number).close_object();
}

}  // namespace

void write_chain(JsonWriter& json, const Chain& chain, const ChainShown& shown) {
    const Sight sight = sight_of(shown.reader, chain);
    if (sight.card_identity && (sight.equipment || !chain.equipment))
        write_seen(json, chain, shown, sight);
    else
        write_seen(json, as_seen(chain, sight), shown, sight);
}

std::string chain_json(const Chain& chain, const ChainShown& shown) {
    std::string out;
    out.reserve(4096);
    JsonWriter json(out);
    write_chain(json, chain, shown);
    return out;
}

void write_equipment_alone(JsonWriter& json, const EquipmentAlone& alone) {
    json.open_object().name("chain").null();
    json.member("status", "de-active")
        .member("sentence", "The equipment is registered; no device has reported it yet.")
        .member("pending", false)
        .name("equipment")
        .open_object()
        .member("equipment_id", alone.id)
        .member("provider", alone.provider);
    write_card_of_equipment(json, alone.card);
    json.member("status", "de-active").member("wish", "de-active").name("since").null();
    json.member("was_active", false).close_object();
    for (const char* part : {"device", "m2m_service", "card", "network"}) json.name(part).null();
    json.name("held_by").open_array().close_array().name("revisions").null();
    json.name("history").null().close_object();
}

void write_statuses(JsonWriter& json, const Chain& chain, const PartyId& reader) {
    const bool equipment = serves_equipment(chain) && sight_of(reader, chain).equipment;
    json.open_object()
        .member("network", word(chain.observed.state))
        .member("m2m_service", word(m2m_status(chain)))
        .name("equipment_service");
    if (equipment)
        json.value(word(equipment_status(chain)));
    else
        json.null();
    json.close_object();
}

}  // namespace msp
