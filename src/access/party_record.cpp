#include "access/parties.hpp"
#include "access/record_body.hpp"
#include "world/crypto.hpp"
#include "world/random.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace msp {

static constexpr std::size_t enrolment_key_bytes = 32;

std::string fresh_enrolment_key(Random& random) {
    std::array<std::byte, enrolment_key_bytes> key{};
    random.fill(key);
    return {reinterpret_cast<const char*>(key.data()), key.size()};
}

Name name_of(const Party& party) {
    return {Name::Kind::party, {}, std::string(party.id.text())};
}

static void write_texts(JsonWriter& json, std::string_view name,
                        const std::vector<std::string>& texts) {
    json.name(name).open_array();
    for (const std::string& text : texts) json.value(text);
    json.close_array();
}

std::string encode(const Party& party) {
    std::string out;
    JsonWriter json(out);
    json.open_object()
        .member("party", party.id)
        .member("name", party.name)
        .member("device_provider", party.facts.device_provider)
        .member("equipment_provider", party.facts.equipment_provider)
        .member("open", party.facts.open)
        .member("reports_create_equipment", party.facts.reports_create_equipment);
    write_texts(json, "device_prefixes", party.device_prefixes);
    json.member("enrolment_key", base64url(party.enrolment_key))
        .member("certificate_authority", party.certificate_authority)
        .member("created", party.created)
        .close_object();
    return out;
}

static PartyFacts read_facts(JsonObject& body) {
    PartyFacts out;
    out.device_provider = body.flag("/device_provider", Need::optional).value_or(false);
    out.equipment_provider = body.flag("/equipment_provider", Need::optional).value_or(false);
    out.open = body.flag("/open", Need::optional).value_or(true);
    out.reports_create_equipment =
        body.flag("/reports_create_equipment", Need::optional).value_or(true);
    return out;
}

static std::string read_enrolment_key(JsonObject& body) {
    const auto text = body.text("/enrolment_key", Need::optional);
    if (!text || text->empty()) return {};
    const auto bytes = from_base64url(*text);
    if (!bytes || bytes->size() != enrolment_key_bytes)
        body.refuse("/enrolment_key", "not-a-key", "32 bytes in base64url are expected here.");
    return bytes.value_or("");
}

Result<Party, Failure> decode_party(std::string_view text) {
    auto parsed = JsonObject::parse(text);
    if (!parsed) return unreadable("party", parsed.reason());
    JsonObject body = std::move(parsed).value();
    const auto id = body.identifier<PartyId>("/party");
    const auto name = body.text("/name");
    const auto created = body.time("/created");
    const PartyFacts facts = read_facts(body);
    auto prefixes = body.texts("/device_prefixes", 10'000, Need::optional);
    std::string key = read_enrolment_key(body);
    auto authority = body.text("/certificate_authority", Need::optional);
    if (const auto problem = body.problem()) return unreadable("party", *problem);
    return Party{.id = *id,
                 .name = *name,
                 .facts = facts,
                 .device_prefixes = std::move(prefixes).value_or(std::vector<std::string>()),
                 .enrolment_key = std::move(key),
                 .certificate_authority = std::move(authority).value_or(""),
                 .created = *created};
}

}  // namespace msp
