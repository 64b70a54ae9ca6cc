#include "access/bootstrap.hpp"

#include "store/archive.hpp"

#include <utility>

namespace msp {

FirstStaff first_staff(Random& random, Time now) {
    FreshKey fresh = make_key(random, m2m_sp(), Role::admin, "first staff key", now, std::nullopt);
    Party party{.id = m2m_sp(),
                .name = "M2M service provider",
                .facts = {},
                .device_prefixes = {},
                .enrolment_key = {},
                .certificate_authority = {},
                .created = now};
    Origin origin{.actor = {.party = m2m_sp(), .principal = "bootstrap", .on_behalf_of = {}},
                  .cause = Cause::command,
                  .operation = {},
                  .at = now};
    return {{std::move(party), std::move(fresh.key), std::move(origin)}, std::move(fresh.token)};
}

std::vector<Name> names(const Bootstrap& command) {
    return {name_of(command.party)};
}

Decision decide(const View& view, const Bootstrap& command) {
    if (view.record(name_of(command.party))) return refused(RefusalCode::party_exists);
    Decision decision;
    decision.answer.changed = true;
    decision.answer.text = command.key.id;
    decision.records = {{name_of(command.party), encode(command.party)},
                        {{Name::Kind::key, {}, command.key.id}, encode(command.key)}};
    return decision;
}

// Every record of a kind, page by page.
template <class Value>
static Result<std::vector<Value>, Failure> load(
    Archive& archive, Name::Kind kind, Result<Value, Failure> (*decode)(std::string_view)) {
    constexpr std::size_t page_size = 1'000;
    std::vector<Value> out;
    std::string after;
    for (;;) {
        const std::vector<Record> page = archive.records(kind, {}, after, page_size);
        for (const Record& record : page) {
            auto value = decode(record.body.value());
            if (!value) return value.reason();
            out.push_back(std::move(value).value());
        }
        if (page.size() < page_size) return out;
        after = page.back().name.value;
    }
}

Result<KnownAccess, Failure> load_access(Archive& archive) {
    auto parties = load(archive, Name::Kind::party, &decode_party);
    if (!parties) return parties.reason();
    auto keys = load(archive, Name::Kind::key, &decode_key);
    if (!keys) return keys.reason();
    return KnownAccess{std::move(parties).value(), std::move(keys).value()};
}

void learn(const KnownAccess& known, Parties& parties, Keys& keys) {
    for (const Party& party : known.parties) parties.learn(party);
    for (const Key& key : known.keys) keys.learn(key);
}

}  // namespace msp
