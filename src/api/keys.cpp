// API keys: a party's admin for its own, the M2M SP's for any.

#include "access/keys.hpp"

#include "access/json.hpp"
#include "api/call.hpp"
#include "api/handlers.hpp"
#include "api/query_reader.hpp"
#include "store/flow_command.hpp"

#include <cassert>

namespace msp {

namespace {

// All but its ID, which a key that was not made has not.
void write_key(JsonWriter& json, const Key& key) {
    json.member("name", key.name)
        .member("party", key.party)
        .member("role", word(key.role))
        .member("created", key.created)
        .member("expires", key.expires)
        .member("revoked", key.revoked);
}

// Whose keys the call is about. Another party is as absent as one that never was.
Result<PartyId, Problem> keyholder(const Call& call) {
    QueryReader query(call.query());
    const auto named = query.identifier<PartyId>("party");
    if (auto problem = query.problem()) return *std::move(problem);
    const PartyId& own = call.caller().party;
    const PartyId party = named.value_or(own);
    if (party != own && (!call.caller().staff() || !call.parts().parties.find(party)))
        return problem_of(Refusal{RefusalCode::no_such_party, {}, {}});
    return party;
}

// A fresh key as the body asks for it.
Result<FreshKey, Problem> key_in(const Call& call) {
    auto given = read_json(call.request());
    if (!given) return given.reason();
    JsonObject body = std::move(given).value();
    const auto name = body.text("/name", Need::required, 64);
    const auto role_word = body.text("/role");
    const auto its_role = role_word ? role(*role_word) : std::nullopt;
    if (role_word && !its_role)
        body.refuse("/role", "unknown-word", "It takes one of: viewer, operator, admin.");
    const auto party = body.identifier<PartyId>("/party", Need::optional);
    const auto expires = body.time("/expires", Need::nullable);
    if (auto problem = body.problem()) return *std::move(problem);
    const PartyId& own = call.caller().party;
    if (party && *party != own && !call.caller().staff())
        return problem_of(Refusal{RefusalCode::no_such_party, {}, "/party"});
    return make_key(call.parts().random, party.value_or(own), *its_role, *name, call.now(),
                    expires);
}

}  // namespace

void show_me(const CallPtr& call) {
    const Caller& caller = call->caller();
    std::string body;
    JsonWriter json(body);
    json.open_object()
        .member("party", caller.party)
        .member("role", word(caller.role))
        .member("key", caller.key_id)
        .member("name", caller.principal)
        .member("staff", caller.staff())
        .close_object();
    call->answer(json_response(std::move(body)));
}

void list_keys(const CallPtr& call) {
    const auto party = keyholder(*call);
    if (!party) return call->refuse(party.reason());
    std::string body;
    JsonWriter json(body);
    json.open_object().name("items").open_array();
    for (const Key& key : call->parts().keys.of(*party)) {
        json.open_object().member("key", key.id);
        write_key(json, key);
        json.close_object();
    }
    json.close_array().name("next_cursor").null().close_object();
    call->answer(json_response(std::move(body)));
}

// The token is nowhere but here: an answer that is repeated shows the key without it.
static void answer_key(const CallPtr& call, const Answer& answer, const FreshKey& fresh) {
    if (answer.refusal) return call->refuse(*answer.refusal);
    const bool made = !answer.replayed && !call->previews();
    // Of a key that was made its listener ran before this.
    const Key* key = call->previews() ? &fresh.key : call->parts().keys.find(answer.text);
    assert(key);
    std::string body;
    JsonWriter json(body);
    json.open_object();
    if (!call->previews()) json.member("key", key->id);
    write_key(json, *key);
    json.member("token", made ? std::optional(fresh.token) : std::nullopt).close_object();
    HttpResponse out = json_response(std::move(body), 201);
    out.headers.add("Location", "/v1/keys/" + answer.text);
    call->answer(std::move(out));
}

void add_key(const CallPtr& call) {
    const auto fresh = key_in(*call);
    if (!fresh) return call->refuse(fresh.reason());
    call->submit(flow_command(KeepKey{fresh->key, call->origin()}, Urgency::urgent, call->key()),
                 [call, fresh = *fresh](const Answer& answer) { answer_key(call, answer, fresh); });
}

void remove_key(const CallPtr& call) {
    const auto party = keyholder(*call);
    if (!party) return call->refuse(party.reason());
    const Key* key = call->parts().keys.find(call->argument("id"));
    if (!key || key->party != *party) return call->refuse(RefusalCode::no_such_key);
    call->submit(flow_command(RevokeKey{key->id, call->origin()}, Urgency::urgent, call->key()),
                 [call](const Answer& answer) {
                     if (answer.refusal) return call->refuse(*answer.refusal);
                     HttpResponse out;
                     out.status = 204;
                     call->answer(std::move(out));
                 });
}

}  // namespace msp
