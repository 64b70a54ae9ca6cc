#include "access/access_stage_test.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace msp {

TEST_CASE("a party's record gives the same party back, and misses nothing of a later version") {
    Party party = device_maker("acme", {"acme-", "am."});
    party.name = "Ac\"me\nß";
    party.facts = {.device_provider = true,
                   .equipment_provider = true,
                   .open = false,
                   .reports_create_equipment = false};
    party.certificate_authority = std::string(64, 'a');
    CHECK(decode_party(encode(party)).value() == party);

    std::string newer = encode(party);
    newer.insert(newer.size() - 1, R"(,"quota":5)");
    const auto refused = decode_party(newer);
    REQUIRE_FALSE(refused);
    CHECK(refused.reason().kind == Failure::Kind::malformed);
    CHECK(refused.reason().what.find("/quota unknown-member") != std::string::npos);
    CHECK(refused.reason().what.find("acme") == std::string::npos);

    const auto old =
        decode_party(R"({"party":"acme","name":"A","created":"2026-01-01T00:00:00Z"})");
    REQUIRE(old);
    CHECK(old->facts == PartyFacts{});
    CHECK_FALSE(decode_party(R"({"party":"acme"})"));
    CHECK_FALSE(decode_party("not JSON"));
    CHECK_FALSE(decode_party(R"({"party":"acme","name":"A","created":"2026-01-01T00:00:00Z",
                                 "enrolment_key":"c2hvcnQ"})"));
}

TEST_CASE("the registry follows what is committed") {
    AccessStage stage;
    CHECK(stage.add(device_maker("acme", {"acme-"})) == "changed");
    REQUIRE(stage.parties.find(party_id("acme")));
    CHECK(stage.parties.book()->at(party_id("acme")).device_provider);
    CHECK(stage.parties.all().size() == 1);

    const auto before = stage.parties.book();
    ChangeParty close{.id = party_id("acme"), .open = false, .origin = stage.staff()};
    CHECK(stage.outcome(close) == "changed");
    CHECK_FALSE(stage.parties.book()->at(party_id("acme")).open);
    CHECK(before->at(party_id("acme")).open);  // a book that was handed out stays as it was
    CHECK(stage.outcome(close) == "unchanged");
    close.open = true;
    CHECK(stage.outcome(close) == "changed");
    CHECK(stage.parties.find(party_id("acme"))->facts.open);
}

TEST_CASE("only staff register and change parties, each name once, and an operator's never") {
    AccessStage stage;
    CHECK(stage.outcome(RegisterParty{device_maker("acme", {}), stage.by(party_id("acme"))}) ==
          "m2m-sp-only");
    CHECK(stage.add(device_maker("acme", {})) == "changed");
    CHECK(stage.add(device_maker("acme", {})) == "party-exists");
    CHECK(stage.outcome(ChangeParty{.id = party_id("acme"),
                                    .origin = stage.by(party_id("acme"))}) == "m2m-sp-only");
    CHECK(stage.outcome(ChangeParty{.id = party_id("none"), .origin = stage.staff()}) ==
          "no-such-party");

    View view;
    const RegisterParty command{device_maker("op-east", {}), stage.staff()};
    for (const Name& name : names(command))
        view.learn(name, name.kind == Name::Kind::operator_settings
                             ? std::optional<std::string>("{}")
                             : std::nullopt);
    CHECK(decide(view, command).answer.refusal->code == RefusalCode::party_exists);
    CHECK(view.missing().empty());
}

TEST_CASE("a party has a role and a name, and prefixes only as device provider") {
    AccessStage stage;
    Party party = device_maker("acme", {"acme-"});
    party.facts.device_provider = false;
    CHECK(stage.add(party) == "invalid");
    party.facts.equipment_provider = true;
    CHECK(stage.add(party) == "not-a-device-provider");
    party.device_prefixes.clear();
    party.name = "";
    CHECK(stage.add(party) == "invalid");
    party.name = std::string(201, 'n');
    CHECK(stage.add(party) == "invalid");
    party.name = "Acme";
    party.certificate_authority = "no digest";
    CHECK(stage.add(party) == "invalid");
    party.certificate_authority = std::string(64, '0');
    CHECK(stage.add(party) == "changed");
    CHECK(stage.outcome(
              ChangeParty{.id = party.id, .add_prefixes = {"acme-"}, .origin = stage.staff()}) ==
          "not-a-device-provider");
}

TEST_CASE("no prefix begins another party's, nor is begun by one") {
    AccessStage stage;
    CHECK(stage.add(device_maker("acme", {"acme-", "acme-x"})) == "changed");
    for (const char* taken : {"acme-", "ac", "acme-xyz", "acme-y"})
        CHECK(stage.add(device_maker("other", {taken})) == "prefix-taken");
    const std::string too_long(65, 'x');
    for (const std::string& wrong : {std::string(), std::string("a"), std::string("a b"),
                                     std::string("ä-"), std::string(" ab"), too_long})
        CHECK(stage.add(device_maker("other", {wrong})) == "invalid");
    CHECK(stage.parties.find(party_id("other")) == nullptr);
    for (const char* own : {"acme-", "acme-1", "acme-x", "acme-x1", "acme-y1"})
        CHECK(stage.parties.provider_of(device_id(own))->id == party_id("acme"));
    for (const char* nobodys : {"acme", "acmf", "acme_", "a", "z"})
        CHECK(stage.parties.provider_of(device_id(nobodys)) == nullptr);
    CHECK(stage.add(device_maker("other", {"acne-", "zz"})) == "changed");

    ChangeParty more{
        .id = party_id("other"), .add_prefixes = {"new.", "acme"}, .origin = stage.staff()};
    CHECK(stage.outcome(more) == "prefix-taken");
    CHECK(stage.parties.provider_of(device_id("new.1")) == nullptr);
    more.add_prefixes = {"new.", "zz"};
    CHECK(stage.outcome(more) == "changed");
    CHECK(stage.outcome(more) == "unchanged");
    CHECK(stage.parties.provider_of(device_id("new.1"))->id == party_id("other"));
    CHECK(stage.parties.find(party_id("other"))->device_prefixes ==
          std::vector<std::string>{"acne-", "new.", "zz"});
}

TEST_CASE("two registrations at once cannot take overlapping prefixes") {
    AccessStage stage;
    int changed = 0;
    for (const auto& [id, prefix] : {std::pair{"one", "dev-"}, {"two", "dev-2"}, {"three", "dev-"}})
        stage.memory.store->submit(
            flow_command(RegisterParty{device_maker(id, {prefix}), stage.staff()}),
            [&changed](const Result<Answer, Failure>& answer) { changed += answer->changed; });
    stage.loop.run_ready();
    CHECK(changed == 1);
    CHECK(stage.parties.all().size() == 1);
}

TEST_CASE("a device belongs to the party of its prefix, however many there are") {
    constexpr std::uint64_t seed = 42;
    CAPTURE(seed);
    SeededRandom random(seed);
    AccessStage stage;
    const auto draw = [&random] {
        std::string out(2 + random.below(4), 'a');
        for (char& c : out) c = "abc"[random.below(3)];
        return out;
    };
    int registered = 0;
    for (int i = 0; i < 60; ++i)
        registered += stage.add(device_maker("p" + std::to_string(i), {draw()})) == "changed";
    CHECK(registered > 10);
    const auto parties = stage.parties.all();
    int found = 0;
    for (int i = 0; i < 2'000; ++i) {
        const std::string id = draw() + draw();
        CAPTURE(id);
        std::set<PartyId> owners;
        for (const Party& party : parties)
            for (const std::string& prefix : party.device_prefixes)
                if (id.starts_with(prefix)) owners.insert(party.id);
        REQUIRE(owners.size() <= 1);
        const Party* provider = stage.parties.provider_of(device_id(id));
        REQUIRE((provider != nullptr) == !owners.empty());
        if (provider) CHECK(provider->id == *owners.begin());
        found += provider != nullptr;
    }
    CHECK(found > 100);
    CHECK(found < 2'000);
}

TEST_CASE("the M2M service provider is made once and cannot be closed") {
    AccessStage stage;
    const std::string token = stage.begin();
    const auto caller = stage.caller(token);
    REQUIRE(caller);
    CHECK(caller->staff());
    CHECK(caller->role == Role::admin);
    CHECK(stage.outcome(first_staff(stage.random, stage.loop.now()).command) == "party-exists");
    CHECK(stage.outcome(ChangeParty{.id = m2m_sp(), .open = false, .origin = stage.staff()}) ==
          "invalid");
    CHECK(stage.caller(token));
    CHECK(stage.add(device_maker("m2m-sp", {})) == "party-exists");
}

TEST_CASE("at start the registries read what was committed before") {
    AccessStage stage;
    const std::string token = stage.begin();
    for (int i = 0; i < 1'203; ++i)
        REQUIRE(stage.add(device_maker("p" + std::to_string(i), {})) == "changed");

    MemoryStore again = make_memory_store(stage.loop, stage.memory.engine);
    Parties parties(*again.store);
    Keys keys(*again.store, parties);
    again.reader->read(
        [&](Archive& archive) {
            const auto known = load_access(archive);
            REQUIRE(known);
            learn(*known, parties, keys);
        },
        [](const Result<Done, Failure>& done) { CHECK(done); });
    stage.loop.run_ready();
    CHECK(parties.all() == stage.parties.all());
    CHECK(parties.all().size() == 1'204);
    CHECK(keys.caller("Bearer " + token, stage.loop.now()));
}

}  // namespace msp
