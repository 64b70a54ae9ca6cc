#include "store/engine_contract.hpp"

#include "store/fleet_contract.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace msp {

namespace {

constexpr std::size_t everything = 1'000'000;

bool operator==(const Entry& a, const Entry& b) {
    return a.place() == b.place() && a.number == b.number && a.event == b.event;
}

bool same(const std::vector<Entry>& a, const std::vector<Entry>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Entry& x, const Entry& y) { return x == y; });
}

// --------------------------------------------------------------------------------------- comparing

void loads_agree(Fleet& fleet, const Model& model, Engine& engine) {
    std::set<Name> asked;
    for (int i = 0; i < 12; ++i) asked.insert(fleet.name());
    const std::vector<Name> names(asked.begin(), asked.end());
    const auto loaded = engine.load(names);
    REQUIRE(loaded);
    REQUIRE(loaded->names.size() == names.size());
    std::set<ChainId> expected;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Found& found = loaded->names[i];
        if (names_a_chain(names[i].kind)) {
            const Model::Owner owner = model.owner(names[i]);
            REQUIRE(found.chain == owner.chain);
            REQUIRE(found.live == owner.live);
            if (owner.chain) expected.insert(*owner.chain);
        } else if (const auto kept = model.records().find(names[i]);
                   kept != model.records().end()) {
            REQUIRE(found.record == kept->second.body);
            REQUIRE(found.version == kept->second.version);
        } else {
            REQUIRE_FALSE(found.record);
            REQUIRE(found.version == 0);
        }
    }
    REQUIRE(loaded->chains.size() == expected.size());
    for (const StoredChain& stored : loaded->chains) {
        const StoredChain& other = model.chains().at(stored.chain->id);
        REQUIRE(*stored.chain == *other.chain);
        REQUIRE(stored.version == other.version);
        REQUIRE(stored.newest_entry == other.newest_entry);
    }
}

void standing_agrees(const Model& model, Engine& engine, std::uint64_t last_batch) {
    const auto standing = engine.standing(0);
    REQUIRE(standing);
    CHECK(standing->last_batch == last_batch);
    CHECK(standing->due == model.due());
    CHECK(standing->largest_chain ==
          (model.chains().empty() ? ChainId{} : model.chains().rbegin()->first));
}

void chains_agree(const Model& model, Archive& archive, std::size_t page) {
    auto expected = model.chains().begin();
    for (ChainQuery query{.limit = page, .look_at_most = page + 3, .matches = {}};;) {
        const ChainPage found = archive.chains(query);
        for (const Chain& chain : found.chains) {
            REQUIRE(expected != model.chains().end());
            REQUIRE(chain == *(expected++)->second.chain);
        }
        if (!found.next) break;
        query.after = *found.next;
    }
    REQUIRE(expected == model.chains().end());
}

void histories_agree(const Model& model, Archive& archive, std::size_t page) {
    std::vector<Entry> whole;
    for (HistoryQuery query{.limit = page, .look_at_most = page + 3, .matches = {}};;) {
        const HistoryPage found = archive.history(query);
        whole.insert(whole.end(), found.entries.begin(), found.entries.end());
        if (!found.next) break;
        query.after = *found.next;
    }
    REQUIRE(same(whole, model.history()));
    for (const auto& [id, stored] : model.chains()) {
        std::vector<Entry> backwards;
        for (std::uint64_t before = 0;;) {
            const auto found = archive.history_of(id, before, page);
            backwards.insert(backwards.end(), found.begin(), found.end());
            if (found.size() < page) break;
            before = found.back().place();
        }
        REQUIRE(same(backwards, model.history_of(id)));
    }
}

void feeds_agree(const Model& model, Archive& archive, std::size_t page) {
    for (int i = 0; i < 6; ++i) {
        const PartyId party = drawn::id<PartyId>("party-" + std::to_string(i));
        const auto expected = model.feed(party);
        std::vector<Entry> found;
        for (std::size_t before = 1; before != found.size();) {
            before = found.size();
            for (Entry& entry : archive.feed(party, found.size(), page))
                found.push_back(std::move(entry));
        }
        REQUIRE(same(found, expected));
        REQUIRE(archive.feed_head(party) == expected.size());
    }
}

void lists_agree(const Model& model, Archive& archive, std::size_t page) {
    std::vector<std::string> found;
    for (std::string after;;) {
        const auto more = archive.names(Name::Kind::device, "", after, page);
        found.insert(found.end(), more.begin(), more.end());
        if (more.size() < page) break;
        after = more.back();
    }
    REQUIRE(found == model.names(Name::Kind::device, ""));
    std::vector<Record> records;
    for (const auto& [name, kept] : model.records())
        if (name.kind == Name::Kind::claim && name.scope == "party-1")
            records.push_back({name, kept.body});
    REQUIRE(archive.records(Name::Kind::claim, "party-1", "", everything) == records);
    for (const auto& [name, kept] : model.records()) REQUIRE(archive.record(name) == kept.body);
}

void archive_agrees(Fleet& fleet, const Model& model, Archive& archive) {
    const std::size_t page = 1 + fleet.random.below(40);
    chains_agree(model, archive, page);
    histories_agree(model, archive, page);
    feeds_agree(model, archive, page);
    lists_agree(model, archive, page);
    for (int i = 0; i < 20; ++i) {
        const Name name = fleet.name();
        if (!names_a_chain(name.kind)) continue;
        const auto owner = model.owner(name);
        const auto chain = archive.chain(name);
        REQUIRE(chain.has_value() == owner.chain.has_value());
        if (chain) REQUIRE(*chain == *model.chains().at(*owner.chain).chain);
    }
}

// --------------------------------------------------------------------------------------- the suite

void agrees_with_the_model(EngineBed& bed, std::uint64_t seed) {
    CAPTURE(seed);
    Fleet fleet(seed);
    Model model;
    std::uint64_t committed = 0;
    std::uint64_t stale = 0;
    std::uint64_t last_batch = 0;
    for (int step = 0; step < 400; ++step) {
        CAPTURE(step);
        Changes changes = draw_changes(fleet, model);
        look_at_others(fleet, model, changes);
        if (fleet.random.below(8) == 0) outdate(fleet, model, changes);
        const bool fits = model.fits(changes);
        REQUIRE(bed.engine().write(changes) == (fits ? Written::committed : Written::stale));
        bed.engine().tidy(drawn::coin(fleet.random));
        (fits ? committed : stale) += 1;
        if (fits) {
            model.apply(changes);
            last_batch = changes.batch.batch;
        }
        loads_agree(fleet, model, bed.engine());
        if (step % 50 != 49) continue;
        bed.look([&](Archive& archive) { archive_agrees(fleet, model, archive); });
        if (bed.reopen()) standing_agrees(model, bed.engine(), last_batch);
    }
    standing_agrees(model, bed.engine(), last_batch);
    CHECK(committed > 50);
    CHECK(stale > 50);
}

Changes with_record(std::uint64_t batch, std::uint64_t expected, const Record& record) {
    Changes out;
    out.batch = {0, batch};
    out.at = Time(Duration(1'770'000'000'000));
    out.records.push_back({expected, record});
    return out;
}

void a_lane_goes_forward(Engine& engine) {
    const Record record{{Name::Kind::setting, "", "a"}, "1"};
    const Record other{{Name::Kind::setting, "", "b"}, "2"};
    CHECK(engine.write(with_record(5, 0, record)) == Written::committed);
    CHECK(engine.resolve({0, 5}) == Landed::in);
    CHECK(engine.write(with_record(5, 0, other)) == Written::stale);
    CHECK(engine.write(with_record(4, 0, other)) == Written::stale);
    CHECK(engine.resolve({0, 7}) == Landed::not_in);
    CHECK(engine.write(with_record(7, 0, other)) == Written::stale);
    CHECK(engine.write(with_record(8, 0, other)) == Written::committed);
    CHECK(engine.resolve({0, 8}) == Landed::in);
    CHECK(engine.resolve({1, 8}) == Landed::not_in);
}

void a_record_made_again_is_another(Engine& engine) {
    const Name name{Name::Kind::setting, "", "a"};
    const auto version = [&] { return engine.load(std::vector{name})->names[0].version; };
    CHECK(engine.write(with_record(1, 0, {name, "1"})) == Written::committed);
    const std::uint64_t first = version();
    CHECK(engine.write(with_record(2, first, {name, std::nullopt})) == Written::committed);
    CHECK(version() == 0);
    CHECK(engine.write(with_record(3, 0, {name, "2"})) == Written::committed);
    CHECK(version() != first);
    CHECK(engine.write(with_record(4, first, {name, "3"})) == Written::stale);
}

void old_answers_are_forgotten(Engine& engine) {
    const auto name = [](int i) {
        return Name{Name::Kind::answer, "party", "key-" + std::to_string(i)};
    };
    std::uint64_t batch = 0;
    Time now{Duration(1'770'000'000'000)};
    const auto give = [&](int i) {
        Changes changes = with_record(++batch, 0, {name(i), "answer"});
        changes.at = now;
        changes.forget_answers_before = now - Duration(100);
        return engine.write(changes);
    };
    for (int i = 0; i < 30; ++i, now += Duration(10)) REQUIRE(give(i) == Written::committed);
    const auto kept = [&](int i) {
        return engine.load(std::vector{name(i)})->names[0].record.has_value();
    };
    CHECK_FALSE(kept(5));
    CHECK(kept(25));
    CHECK(kept(29));
}

// A device goes from one chain to another, and one is known for the length of a batch only.
void names_move_within_a_commit(EngineBed& bed) {
    Fleet fleet(3);
    Model model;
    Chain one = fleet.newborn();
    Chain two = fleet.newborn();
    one.card.iccid = drawn::id<Iccid>("898110000000000001");
    two.card.iccid = drawn::id<Iccid>("898110000000000002");
    one.subscription.imsi = drawn::id<Imsi>("4401010000001");
    two.subscription.imsi = drawn::id<Imsi>("4401010000002");
    one.subscription.reference = two.subscription.reference = {};
    one.subscription.reference = "one";
    two.subscription.reference = "two";
    const Name device = Name::of(drawn::id<DeviceId>("dev-x"));
    const Name passing = Name::of(drawn::id<DeviceId>("dev-y"));
    Changes birth = model.changes({one, two}, {}, {});
    birth.names.push_back({device, one.id, true});
    REQUIRE(bed.engine().write(birth) == Written::committed);
    model.apply(birth);
    for (int i = 0; i < 3; ++i) {
        Changes move = model.changes({one, two}, {}, {});
        move.names = {{device, one.id, false},  {device, two.id, true},  {passing, one.id, true},
                      {passing, one.id, false}, {passing, two.id, true}, {passing, two.id, false},
                      {device, two.id, false},  {device, one.id, true}};
        REQUIRE(bed.engine().write(move) == Written::committed);
        model.apply(move);
        const auto loaded = bed.engine().load(std::vector{device, passing});
        REQUIRE(loaded);
        CHECK(loaded->names[0].chain == one.id);
        CHECK(loaded->names[0].live);
        CHECK(loaded->names[1].chain == two.id);
        CHECK_FALSE(loaded->names[1].live);
    }
}

}  // namespace

void engine_contract(const MakeBed& make) {
    SUBCASE("it agrees with a model over random batches, fitting and stale, and after reopening") {
        for (std::uint64_t seed = 1; seed <= 6; ++seed) agrees_with_the_model(*make(), seed);
    }
    SUBCASE("a lane goes forward, and says whether a batch is in") {
        a_lane_goes_forward(make()->engine());
    }
    SUBCASE("a record that is made again is not the one that was deleted") {
        a_record_made_again_is_another(make()->engine());
    }
    SUBCASE("answers are forgotten once they are old, and not before") {
        old_answers_are_forgotten(make()->engine());
    }
    SUBCASE("names move between chains within one commit") {
        names_move_within_a_commit(*make());
    }
}

}  // namespace msp
