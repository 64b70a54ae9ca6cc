#include "access/keys.hpp"
#include "access/record_body.hpp"
#include "domain/view.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace msp {

std::string_view word(Role role) {
    switch (role) {
        case Role::viewer: return "viewer";
        case Role::op: return "operator";
        case Role::admin: return "admin";
    }
    std::abort();
}

std::optional<Role> role(std::string_view text) {
    for (const Role role : {Role::viewer, Role::op, Role::admin})
        if (word(role) == text) return role;
    return std::nullopt;
}

std::string encode(const Key& key) {
    std::string out;
    JsonWriter(out)
        .open_object()
        .member("id", key.id)
        .member("party", key.party)
        .member("role", word(key.role))
        .member("name", key.name)
        .member("secret_digest", base64url(bytes_of(key.secret_digest)))
        .member("created", key.created)
        .member_if("expires", key.expires)
        .member_if("revoked", key.revoked)
        .close_object();
    return out;
}

static Digest read_digest(JsonObject& body) {
    Digest out{};
    const auto text = body.text("/secret_digest");
    const auto bytes = text ? from_base64url(*text) : std::nullopt;
    if (bytes && bytes->size() == out.size())
        std::copy(bytes->begin(), bytes->end(), out.begin());
    else
        body.refuse("/secret_digest", "not-a-digest", "32 bytes in base64url are expected here.");
    return out;
}

static Role read_role(JsonObject& body) {
    const auto text = body.text("/role");
    const auto known = text ? role(*text) : std::nullopt;
    if (!known) body.refuse("/role", "not-a-role", "viewer, operator or admin is expected here.");
    return known.value_or(Role::viewer);
}

Result<Key, Failure> decode_key(std::string_view text) {
    auto parsed = JsonObject::parse(text);
    if (!parsed) return unreadable("key", parsed.reason());
    JsonObject body = std::move(parsed).value();
    auto id = body.text("/id");
    const auto party = body.identifier<PartyId>("/party");
    const Role role = read_role(body);
    auto name = body.text("/name", Need::required, 64);
    const Digest digest = read_digest(body);
    const auto created = body.time("/created");
    const auto expires = body.time("/expires", Need::optional);
    const auto revoked = body.time("/revoked", Need::optional);
    if (const auto problem = body.problem()) return unreadable("key", *problem);
    return Key{.id = *std::move(id),
               .party = *party,
               .role = role,
               .name = *std::move(name),
               .secret_digest = digest,
               .created = *created,
               .expires = expires,
               .revoked = revoked};
}

// ------------------------------------------------------------------------------------- decisions

static Name name_of_key(const std::string& id) {
    return {Name::Kind::key, {}, id};
}
static Name name_of_party(const PartyId& id) {
    return {Name::Kind::party, {}, std::string(id.text())};
}

static Decision keep(const Key& key) {
    Decision decision;
    decision.answer.changed = true;
    decision.answer.text = key.id;
    decision.records.push_back({name_of_key(key.id), encode(key)});
    return decision;
}

static bool governs(const Origin& origin, const PartyId& party) {
    return origin.actor.party == m2m_sp() || origin.actor.party == party;
}

static std::optional<Refusal> unfit(const KeepKey& command) {
    const Key& key = command.key;
    if (key.name.empty() || !Principal::of(key.name))
        return Refusal{RefusalCode::invalid, "A key has a name, of at most 64 bytes.", "/name"};
    if (key.expires && *key.expires <= command.origin.at)
        return Refusal{RefusalCode::until_past, "The time in `expires` is over already.",
                       "/expires"};
    return std::nullopt;
}

std::vector<Name> names(const KeepKey& command) {
    return {name_of_key(command.key.id), name_of_party(command.key.party)};
}

Decision decide(const View& view, const KeepKey& command) {
    const Key& key = command.key;
    const std::string* party = view.record(name_of_party(key.party));
    if (!party || !governs(command.origin, key.party))
        return refused(RefusalCode::no_such_party, {}, "/party");
    if (!decode_party(*party).value().facts.open)
        return refused(RefusalCode::party_closed, {}, "/party");
    const std::string* before = view.record(name_of_key(key.id));
    if (before && decode_key(*before).value().party != key.party)
        return refused(RefusalCode::no_such_key);
    if (auto refusal = unfit(command))
        return refused(refusal->code, refusal->detail, refusal->pointer);
    return keep(key);
}

std::vector<Name> names(const RevokeKey& command) {
    return {name_of_key(command.id)};
}

Decision decide(const View& view, const RevokeKey& command) {
    const std::string* body = view.record(name_of_key(command.id));
    if (!body) return refused(RefusalCode::no_such_key);
    Key key = decode_key(*body).value();
    if (!governs(command.origin, key.party)) return refused(RefusalCode::no_such_key);
    if (!key.revoked) {
        key.revoked = command.origin.at;
        return keep(key);
    }
    Decision unchanged;
    unchanged.answer.text = key.id;
    return unchanged;
}

}  // namespace msp
