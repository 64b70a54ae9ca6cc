#include "access/keys.hpp"

#include "store/store.hpp"
#include "world/http.hpp"
#include "world/random.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace msp {

namespace {

constexpr std::string_view scheme = "Bearer ";
constexpr std::string_view mark = "msp_";
constexpr std::size_t id_characters = 10;
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t secret_characters = 43;  // of those bytes in base64url

struct Token {
    std::string_view id;
    std::string_view secret;
};

std::optional<Token> token_of(std::string_view authorization) {
    constexpr std::size_t secret_at = mark.size() + id_characters + 1;
    if (!equal_without_case(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
    const std::string_view token = authorization.substr(scheme.size());
    const bool shaped = token.size() == secret_at + secret_characters && token.starts_with(mark) &&
                        token[secret_at - 1] == '_';
    if (!shaped) return std::nullopt;
    return Token{token.substr(mark.size(), id_characters), token.substr(secret_at)};
}

bool good(const Key& key, const Parties& parties, Time now) {
    const Party* party = parties.find(key.party);
    return party && party->facts.open && !key.revoked && (!key.expires || now < *key.expires);
}

}  // namespace

std::string_view claimed_key_id(std::string_view authorization) {
    const auto token = token_of(authorization);
    return token ? token->id : std::string_view();
}

Keys::Keys(Store& store, const Parties& parties) : parties_(parties) {
    store.listen([this](const Commit& commit) {
        for (const Record& record : commit.records)
            if (record.name.kind == Name::Kind::key) learn(decode_key(record.body.value()).value());
    });
}

void Keys::learn(const Key& key) {
    keys_.insert_or_assign(key.id, key);
}

const Key* Keys::find(std::string_view id) const {
    const auto found = keys_.find(id);
    return found == keys_.end() ? nullptr : &found->second;
}

std::vector<Key> Keys::of(const PartyId& party) const {
    std::vector<Key> out;
    for (const auto& [id, key] : keys_)
        if (key.party == party) out.push_back(key);
    std::stable_sort(out.begin(), out.end(),
                     [](const Key& a, const Key& b) { return a.created < b.created; });
    return out;
}

// An unknown key is compared too, with a digest that no secret has.
std::optional<Caller> Keys::caller(std::string_view authorization, Time now) const {
    static constexpr Digest nobodys{};
    const auto token = token_of(authorization);
    if (!token) return std::nullopt;
    const Key* key = find(token->id);
    const Digest shown = sha256(token->secret);
    const bool same =
        equal_in_constant_time(bytes_of(shown), bytes_of(key ? key->secret_digest : nobodys));
    if (!key || !same || !good(*key, parties_, now)) return std::nullopt;
    return Caller{.party = key->party,
                  .role = key->role,
                  .principal = Principal::of(key->name).value(),
                  .key_id = key->id};
}

FreshKey make_key(Random& random, const PartyId& party, Role role, std::string name, Time created,
                  std::optional<Time> expires) {
    std::array<std::byte, secret_bytes> bytes{};
    random.fill(bytes);
    const std::string secret =
        base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    Key key{.id = random.token(id_characters),
            .party = party,
            .role = role,
            .name = std::move(name),
            .secret_digest = sha256(secret),
            .created = created,
            .expires = expires,
            .revoked = {}};
    std::string token = std::string(mark) + key.id + "_" + secret;
    return {std::move(key), std::move(token)};
}

}  // namespace msp
