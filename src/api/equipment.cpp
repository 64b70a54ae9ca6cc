// Equipment: listing, looking at one, naming it, and its service.

#include "api/equipment_card.hpp"

#include "access/json.hpp"
#include "api/chain_list.hpp"
#include "api/handlers.hpp"
#include "api/query_reader.hpp"
#include "domain/status.hpp"
#include "provisioning/draft.hpp"
#include "provisioning/report_equipment.hpp"
#include "provisioning/switch_equipment_service.hpp"

#include <algorithm>

namespace msp {

namespace {

constexpr std::size_t name_bytes_most = 200;
constexpr std::size_t labels_most = 32;
constexpr std::size_t looked_at_most = 5'000;  // registered equipment, in one page

// An equipment as its provider knows it: with the chain it lives with, or alone.
struct Found {
    std::optional<Chain> chain;
    std::optional<std::string> card;
    bool there() const { return chain || card; }
};

// The chain that the equipment lives with, if the name still leads to it.
std::optional<Chain> chain_of(Archive& archive, const Name& name) {
    auto chain = archive.chain(name);
    const bool still = chain && chain->equipment && !chain->equipment->ended &&
                       Name::of(chain->equipment->provider, chain->equipment->id) == name;
    return still ? chain : std::nullopt;
}

Found find(Archive& archive, const PartyId& provider, const EquipmentId& id) {
    return {chain_of(archive, Name::of(provider, id)),
            archive.record(equipment_card_name(provider, id))};
}

std::string_view status_of(const Found& found) {
    return found.chain ? word(equipment_status(*found.chain)) : "de-active";
}

void write(JsonWriter& json, const Found& found, const EquipmentAlone& who, const PartyId& reader) {
    if (found.chain)
        write_chain(json, *found.chain, {reader, Layer::equipment, found.card.value_or("")});
    else
        write_equipment_alone(json, who);
}

HttpResponse response(const Found& found, const EquipmentAlone& who, const PartyId& reader) {
    std::string body;
    JsonWriter json(body);
    write(json, found, who, reader);
    HttpResponse out = json_response(std::move(body));
    if (found.chain) out.headers.add("ETag", etag(*found.chain, Revision::wish));
    return out;
}

}  // namespace

void get_equipment(const CallPtr& call) {
    const auto provider = equipment_provider_of(*call);
    if (!provider) return call->refuse(provider.reason());
    const auto id = call->identifier<EquipmentId>("equipment_id");
    if (!id) return call->refuse(id.reason());
    answer_read(call,
                [provider = *provider, id = *id,
                 reader = call->caller().party](Archive& archive) -> Rendered {
                    const Found found = find(archive, provider, id);
                    if (!found.there()) return Refusal{RefusalCode::no_such_equipment, {}, {}};
                    return response(found, {provider, id, found.card.value_or("")}, reader);
                });
}

// ------------------------------------------------------------------------------------------- lists

// A page of a provider's equipment, by ID; answers where to go on.
static std::optional<std::string> read_page(Archive& archive, const PartyId& provider,
                                            const std::optional<std::string>& status,
                                            const PageAsked& page, const PartyId& reader,
                                            std::vector<std::string>& items) {
    const std::string scope(provider.text());
    const auto records =
        archive.records(Name::Kind::equipment_card, scope, page.place, looked_at_most + 1);
    std::string last = page.place;
    for (const Record& record : records) {
        if (items.size() == page.limit) return last;
        last = record.name.value;
        const auto id = EquipmentId::parse(record.name.value);
        if (!id) continue;
        const Found found{chain_of(archive, Name::of(provider, *id)), record.body};
        if (status && status_of(found) != *status) continue;
        JsonWriter json(items.emplace_back());
        write(json, found, {provider, *id, record.body.value_or("")}, reader);
    }
    return records.size() > looked_at_most ? std::optional(last) : std::nullopt;
}

void list_equipment(const CallPtr& call) {
    QueryReader query(call->query());
    const auto status = query.one_of("status", {"active", "de-active", "stopped", "replaced"});
    if (auto problem = query.problem()) return call->refuse(*std::move(problem));
    if (call->caller().staff() && !call->query().has("provider")) {
        const auto matches = [status](const Chain& chain) {
            return chain.equipment && !chain.equipment->ended &&
                   (!status || word(equipment_status(chain)) == *status);
        };
        return list_chains(call, {Layer::equipment, matches, {}, {}});
    }
    const auto provider = equipment_provider_of(*call);
    if (!provider) return call->refuse(provider.reason());
    const auto page = page_asked(*call);
    if (!page) return call->refuse(page.reason());
    answer_read(call,
                [provider = *provider, status, page = *page,
                 reader = call->caller().party](Archive& archive) -> Rendered {
                    std::vector<std::string> items;
                    const auto next = read_page(archive, provider, status, page, reader, items);
                    return json_response(list_body(items, next, page));
                });
}

// ------------------------------------------------------------------------------------- registering

// Puts the equipment's card; the answer's chains hold the one it lives with, if it does.
struct KeepEquipmentCard {
    PartyId provider;
    EquipmentId id;
    EquipmentCard card;
};

static std::vector<Name> names(const KeepEquipmentCard& command) {
    return {equipment_card_name(command.provider, command.id),
            Name::of(command.provider, command.id)};
}

static Decision decide(const View& view, const KeepEquipmentCard& command) {
    const Name name = equipment_card_name(command.provider, command.id);
    Decision decision;
    decision.answer.text = encode(command.card);
    const std::string* standing = view.record(name);
    decision.answer.changed = !standing || *standing != decision.answer.text;
    if (decision.answer.changed) decision.records.push_back({name, decision.answer.text});
    if (const Chain* chain = view.chain(Name::of(command.provider, command.id)))
        decision.answer.chains.push_back(*chain);
    return decision;
}

static Result<EquipmentCard, Problem> card_in(const Call& call) {
    auto body = read_json(call.request());
    if (!body) return body.reason();
    JsonObject object = std::move(body).value();
    EquipmentCard card{object.text("/name", Need::optional, name_bytes_most).value_or(""),
                       object.entries("/labels", labels_most, Need::optional)
                           .value_or(std::map<std::string, std::string>())};
    if (auto problem = object.problem()) return *std::move(problem);
    return card;
}

void put_equipment(const CallPtr& call) {
    const auto id = call->identifier<EquipmentId>("equipment_id");
    if (!id) return call->refuse(id.reason());
    if (call->caller().staff()) return call->refuse(RefusalCode::not_the_customer);
    const auto card = card_in(*call);
    if (!card) return call->refuse(card.reason());
    const PartyId provider = call->caller().party;
    call->submit(
        flow_command(KeepEquipmentCard{provider, *id, *card}, Urgency::urgent, call->key()),
        [call, provider, id = *id](const Answer& answer) {
            if (answer.refusal) return call->refuse(*answer.refusal);
            Found found{std::nullopt, answer.text};
            if (!answer.chains.empty()) found.chain = answer.chains.front();
            call->answer(response(found, {provider, id, answer.text}, provider));
        });
}

// ----------------------------------------------------------------------------------------- service

static std::optional<Wish> wish(JsonObject& body) {
    const auto given = body.text("/status");
    if (!given) return std::nullopt;
    for (const Wish one : {Wish::active, Wish::de_active, Wish::stopped, Wish::replaced})
        if (*given == word(one)) return one;
    body.refuse("/status", "unknown-word",
                "It takes one of: active, de-active, stopped, replaced.");
    return std::nullopt;
}

static Result<SwitchEquipmentService, Problem> equipment_switch(const Call& call) {
    const auto provider = equipment_provider_of(call);
    if (!provider) return provider.reason();
    const auto id = call.identifier<EquipmentId>("equipment_id");
    if (!id) return id.reason();
    auto body = read_json(call.request());
    if (!body) return body.reason();
    JsonObject object = std::move(body).value();
    const auto wished = wish(object);
    const auto device = object.identifier<DeviceId>("/device_id", Need::nullable);
    if (auto problem = object.problem()) return *std::move(problem);
    const auto revision = if_match(call.request(), Revision::wish);
    if (!revision) return revision.reason();
    return SwitchEquipmentService{.provider = *provider,
                                  .equipment = *id,
                                  .wish = *wished,
                                  .names_device = object.has("/device_id"),
                                  .device = device,
                                  .if_match = *revision,
                                  .origin = call.origin()};
}

void switch_equipment(const CallPtr& call) {
    const auto subject = equipment_subject(*call);
    if (!subject) return call->refuse(subject.reason());
    change(call, *subject, equipment_switch(*call));
}

void unbind_equipment(const CallPtr& call) {
    const auto subject = equipment_subject(*call);
    if (!subject) return call->refuse(subject.reason());
    const auto provider = equipment_provider_of(*call);
    const auto id = call->identifier<EquipmentId>("equipment_id");
    const Result<UnbindEquipment, Problem> command =
        UnbindEquipment{.provider = *provider, .equipment = *id, .origin = call->origin()};
    change(call, *subject, command);
}

}  // namespace msp
