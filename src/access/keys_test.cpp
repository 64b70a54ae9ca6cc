#include "access/access_stage_test.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace msp {

static FreshKey fresh(AccessStage& stage, std::string_view party, Role role = Role::op,
                      std::optional<Time> expires = std::nullopt) {
    return make_key(stage.random, party_id(party), role, "key of " + std::string(party),
                    stage.loop.now(), expires);
}

TEST_CASE("a key's record gives the same key back, and nothing of the secret") {
    AccessStage stage;
    FreshKey made = fresh(stage, "acme", Role::viewer, stage.loop.now() + Duration(1));
    CHECK(decode_key(encode(made.key)).value() == made.key);
    made.key.revoked = stage.loop.now();
    made.key.expires.reset();
    CHECK(decode_key(encode(made.key)).value() == made.key);
    const std::string secret = made.token.substr(made.token.size() - 43);
    CHECK(encode(made.key).find(secret) == std::string::npos);

    std::string newer = encode(made.key);
    newer.insert(newer.size() - 1, R"(,"scopes":[])");
    CHECK(decode_key(newer).reason().what.find("/scopes unknown-member") != std::string::npos);
    for (const char* wrong :
         {R"("role":"root")", R"("secret_digest":"AAAA")", R"("party":"A B")"}) {
        std::string record = encode(made.key);
        const std::string member = std::string(wrong).substr(0, std::string(wrong).find(':'));
        const std::size_t at = record.find(member);
        record.replace(at, record.find(',', at) - at, wrong);
        CHECK_FALSE(decode_key(record));
    }
}

TEST_CASE("tokens have their form, and no two are alike") {
    AccessStage stage;
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
        const FreshKey made = fresh(stage, "acme");
        CHECK(made.token.size() == 4 + 10 + 1 + 43);
        CHECK(made.token.starts_with("msp_" + made.key.id + "_"));
        CHECK(claimed_key_id("Bearer " + made.token) == made.key.id);
        CHECK(seen.insert(made.token).second);
    }
}

TEST_CASE("a key opens what its party may do, in its role") {
    AccessStage stage;
    stage.add(device_maker("acme", {}));
    for (const Role role : {Role::viewer, Role::op, Role::admin}) {
        const FreshKey made = fresh(stage, "acme", role);
        CHECK_FALSE(stage.caller(made.token));
        CHECK(stage.outcome(KeepKey{made.key, stage.staff()}) == "changed");
        const auto caller = stage.caller(made.token);
        REQUIRE(caller);
        CHECK(caller->party == party_id("acme"));
        CHECK(caller->role == role);
        CHECK(caller->principal.view() == "key of acme");
        CHECK(caller->key_id == made.key.id);
        CHECK_FALSE(caller->staff());
    }
    CHECK(stage.keys.of(party_id("acme")).size() == 3);
    CHECK(stage.keys.of(m2m_sp()).empty());
}

TEST_CASE("any change of one character closes a token, and so does any other form") {
    AccessStage stage;
    const std::string token = stage.begin();
    REQUIRE(stage.caller(token));
    for (std::size_t i = 0; i < token.size(); ++i) {
        CAPTURE(i);
        std::string other = token;
        other[i] = other[i] == 'x' ? 'y' : 'x';
        CHECK_FALSE(stage.caller(other));
    }
    const Time now = stage.loop.now();
    CHECK(stage.keys.caller("bearer " + token, now));
    const std::string forms[] = {"",
                                 token,
                                 "Bearer",
                                 "Bearer ",
                                 "Basic " + token,
                                 "Bearer  " + token,
                                 "Bearer " + token + " ",
                                 "Bearer " + token + "A",
                                 "Bearer msp_",
                                 "Bearer msp_aaaaaaaaaa_"};
    for (const std::string& form : forms) {
        CAPTURE(form);
        CHECK_FALSE(stage.keys.caller(form, now));
        CHECK(claimed_key_id(form).empty());
    }
}

TEST_CASE("an expired, a revoked and a closed party's key open nothing") {
    AccessStage stage;
    stage.add(device_maker("acme", {}));
    const FreshKey made = fresh(stage, "acme", Role::op, stage.loop.now() + Duration(1'000));
    const FreshKey lasting = fresh(stage, "acme");
    stage.submit(KeepKey{made.key, stage.staff()});
    stage.submit(KeepKey{lasting.key, stage.staff()});
    stage.loop.run_for(Duration(999));
    CHECK(stage.caller(made.token));
    stage.loop.run_for(Duration(1));
    CHECK_FALSE(stage.caller(made.token));

    CHECK(stage.caller(lasting.token));
    ChangeParty close{.id = party_id("acme"), .open = false, .origin = stage.staff()};
    stage.submit(close);
    CHECK_FALSE(stage.caller(lasting.token));
    close.open = true;
    stage.submit(close);
    CHECK(stage.caller(lasting.token));

    CHECK(stage.outcome(RevokeKey{lasting.key.id, stage.staff()}) == "changed");
    CHECK_FALSE(stage.caller(lasting.token));
    CHECK(stage.outcome(RevokeKey{lasting.key.id, stage.staff()}) == "unchanged");
    CHECK(stage.keys.find(lasting.key.id)->revoked == stage.loop.now());
}

TEST_CASE("a party keeps and revokes its own keys only, and another's cannot be told from none") {
    AccessStage stage;
    stage.add(device_maker("acme", {}));
    stage.add(device_maker("other", {}));
    const FreshKey made = fresh(stage, "acme");
    CHECK(stage.outcome(KeepKey{made.key, stage.by(party_id("other"))}) == "no-such-party");
    CHECK(stage.outcome(KeepKey{made.key, stage.by(party_id("acme"))}) == "changed");
    const Answer others = stage.submit(RevokeKey{made.key.id, stage.by(party_id("other"))});
    const Answer none = stage.submit(RevokeKey{"0000000000", stage.by(party_id("other"))});
    CHECK(others == none);
    CHECK(others.refusal->code == RefusalCode::no_such_key);

    Key taken_over = made.key;
    taken_over.party = party_id("other");
    CHECK(stage.outcome(KeepKey{taken_over, stage.by(party_id("other"))}) == "no-such-key");
    CHECK(stage.caller(made.token)->party == party_id("acme"));
    CHECK(stage.outcome(RevokeKey{made.key.id, stage.by(party_id("acme"))}) == "changed");
}

TEST_CASE("a key needs an open party, a name, and an end that is to come") {
    AccessStage stage;
    stage.add(device_maker("acme", {}));
    CHECK(stage.outcome(KeepKey{fresh(stage, "nobody").key, stage.staff()}) == "no-such-party");
    FreshKey made = fresh(stage, "acme", Role::op, stage.loop.now());
    CHECK(stage.outcome(KeepKey{made.key, stage.staff()}) == "until-past");
    made.key.expires.reset();
    made.key.name = "";
    CHECK(stage.outcome(KeepKey{made.key, stage.staff()}) == "invalid");
    made.key.name = std::string(65, 'n');
    CHECK(stage.outcome(KeepKey{made.key, stage.staff()}) == "invalid");
    made.key.name = std::string(64, 'n');
    CHECK(stage.outcome(KeepKey{made.key, stage.staff()}) == "changed");
    stage.submit(ChangeParty{.id = party_id("acme"), .open = false, .origin = stage.staff()});
    CHECK(stage.outcome(KeepKey{fresh(stage, "acme").key, stage.staff()}) == "party-closed");
}

TEST_CASE("a key's secret can be exchanged; the one before opens nothing from then on") {
    AccessStage stage;
    stage.add(device_maker("acme", {}));
    const FreshKey made = fresh(stage, "acme");
    FreshKey next = fresh(stage, "acme");
    next.key.id = made.key.id;
    next.token.replace(4, 10, made.key.id);
    stage.submit(KeepKey{made.key, stage.staff()});
    CHECK(stage.outcome(KeepKey{next.key, stage.staff()}) == "changed");
    CHECK_FALSE(stage.caller(made.token));
    CHECK(stage.caller(next.token));
}

TEST_CASE("roles have words") {
    for (const Role each : {Role::viewer, Role::op, Role::admin}) CHECK(role(word(each)) == each);
    CHECK(word(Role::op) == "operator");
    CHECK_FALSE(role("root"));
}

}  // namespace msp
