// Parties: the M2M SP's staff register, look at and change them.

#include "access/parties.hpp"

#include "access/json.hpp"
#include "api/chain_list.hpp"
#include "api/handlers.hpp"
#include "store/flow_command.hpp"
#include "world/crypto.hpp"

#include <algorithm>

namespace msp {

namespace {

constexpr std::size_t prefixes_most = 100;

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
    json.name(name).open_array();
    for (const std::string& text : texts) json.value(text);
    json.close_array();
}

std::vector<std::string> roles_of(const PartyFacts& facts) {
    std::vector<std::string> out;
    if (facts.device_provider) out.emplace_back("device-provider");
    if (facts.equipment_provider) out.emplace_back("equipment-provider");
    return out;
}

enum class EnrolmentKey : bool { kept, shown };

std::string party_json(const Party& party, EnrolmentKey key) {
    std::string out;
    JsonWriter json(out);
    json.open_object().member("party", party.id).member("name", party.name);
    write_texts(json, "roles", roles_of(party.facts));
    json.member("open", party.facts.open)
        .member("reports_create_equipment", party.facts.reports_create_equipment);
    write_texts(json, "device_prefixes", party.device_prefixes);
    json.name("certificate_authority");
    if (party.certificate_authority.empty())
        json.null();
    else
        json.value(party.certificate_authority);
    json.member("created", party.created);
    if (key == EnrolmentKey::shown) json.member("enrolment_key", base64url(party.enrolment_key));
    json.close_object();
    return out;
}

PartyFacts facts_in(JsonObject& body) {
    PartyFacts facts;
    const auto roles = body.texts("/roles", 2).value_or(std::vector<std::string>());
    for (std::size_t at = 0; at < roles.size(); ++at) {
        if (roles[at] == "device-provider")
            facts.device_provider = true;
        else if (roles[at] == "equipment-provider")
            facts.equipment_provider = true;
        else
            body.refuse("/roles/" + std::to_string(at), "unknown-word",
                        "It takes device-provider and equipment-provider.");
    }
    facts.reports_create_equipment =
        body.flag("/reports_create_equipment", Need::optional).value_or(true);
    return facts;
}

Result<RegisterParty, Problem> registration(const Call& call) {
    auto given = read_json(call.request());
    if (!given) return given.reason();
    JsonObject body = std::move(given).value();
    const auto id = body.identifier<PartyId>("/party");
    const auto name = body.text("/name", Need::optional, 200);
    const PartyFacts facts = facts_in(body);
    auto prefixes = body.texts("/device_prefixes", prefixes_most, Need::optional);
    auto authority = body.text("/certificate_authority", Need::nullable, 64);
    if (auto problem = body.problem()) return *std::move(problem);
    return RegisterParty{
        .party = {.id = *id,
                  .name = name.value_or(std::string(id->text())),
                  .facts = facts,
                  .device_prefixes = std::move(prefixes).value_or(std::vector<std::string>()),
                  .enrolment_key = fresh_enrolment_key(call.parts().random),
                  .certificate_authority = std::move(authority).value_or(""),
                  .created = call.now()},
        .origin = call.origin()};
}

Result<ChangeParty, Problem> party_change(const Call& call) {
    const auto id = call.identifier<PartyId>("party");
    if (!id) return id.reason();
    auto given = read_json(call.request());
    if (!given) return given.reason();
    JsonObject body = std::move(given).value();
    ChangeParty out{.id = *id, .origin = call.origin()};
    out.name = body.text("/name", Need::optional, 200);
    out.open = body.flag("/open", Need::optional);
    out.reports_create_equipment = body.flag("/reports_create_equipment", Need::optional);
    out.add_prefixes = body.texts("/add_device_prefixes", prefixes_most, Need::optional)
                           .value_or(std::vector<std::string>());
    out.certificate_authority = body.text("/certificate_authority", Need::optional, 64);
    if (body.flag("/new_enrolment_key", Need::optional).value_or(false))
        out.enrolment_key = fresh_enrolment_key(call.parts().random);
    if (auto problem = body.problem()) return *std::move(problem);
    return out;
}

// The register has followed the commit already: its listeners run before the answer.
Party party_after(const Call& call, const PartyId& id) {
    const auto* foreseen = call.foreseen({Name::Kind::party, {}, std::string(id.text())});
    if (foreseen) return decode_party(foreseen->value()).value();
    return *call.parts().parties.find(id);
}

void answer_party(const CallPtr& call, const Answer& answer, EnrolmentKey key, int status) {
    if (answer.refusal) return call->refuse(*answer.refusal);
    const Party party = party_after(*call, PartyId::parse(answer.text).value());
    if (call->previews()) key = EnrolmentKey::kept;
    HttpResponse out = json_response(party_json(party, key), status);
    if (status == 201) out.headers.add("Location", "/v1/parties/" + answer.text);
    call->answer(std::move(out));
}

}  // namespace

void list_parties(const CallPtr& call) {
    const auto page = page_asked(*call);
    if (!page) return call->refuse(page.reason());
    std::vector<std::string> items;
    std::optional<std::string> last;
    bool more = false;
    for (const Party& party : call->parts().parties.all()) {
        if (party.id.text() <= page->place) continue;
        more = items.size() == page->limit;
        if (more) break;
        items.push_back(party_json(party, EnrolmentKey::kept));
        last = party.id.text();
    }
    call->answer(json_response(list_body(items, more ? last : std::nullopt, *page)));
}

void get_party(const CallPtr& call) {
    const auto id = call->identifier<PartyId>("party");
    if (!id) return call->refuse(id.reason());
    const Party* party = call->parts().parties.find(*id);
    if (!party) return call->refuse(RefusalCode::no_such_party);
    call->answer(json_response(party_json(*party, EnrolmentKey::kept)));
}

void add_party(const CallPtr& call) {
    const auto command = registration(*call);
    if (!command) return call->refuse(command.reason());
    call->submit(
        flow_command(*command, Urgency::urgent, call->key()),
        [call](const Answer& answer) { answer_party(call, answer, EnrolmentKey::shown, 201); });
}

void change_party(const CallPtr& call) {
    const auto command = party_change(*call);
    if (!command) return call->refuse(command.reason());
    const EnrolmentKey key = command->enrolment_key ? EnrolmentKey::shown : EnrolmentKey::kept;
    call->submit(flow_command(*command, Urgency::urgent, call->key()),
                 [call, key](const Answer& answer) { answer_party(call, answer, key, 200); });
}

}  // namespace msp
