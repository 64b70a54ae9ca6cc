#include "notices/feed.hpp"

#include "notices/stage_test.hpp"

using namespace msp;
using namespace msp::stage;

TEST_CASE("words of types are read and written back, one for many with a star") {
    const auto filter = [](std::vector<std::string> words) { return TypeFilter::parse(words); };
    CHECK(filter({})->all());
    CHECK(filter({})->words().empty());
    CHECK(filter({"m2m.device.bound"})->words() == std::vector<std::string>{"m2m.device.bound"});
    CHECK(filter({"m2m.*"})->words().size() == event_type_count);
    const auto of_equipment = filter({"m2m.equipment.*", "m2m.equipment.bound"});
    CHECK(of_equipment->words().size() == 3);
    for (std::size_t each = 0; each < event_type_count; ++each) {
        const auto type = static_cast<EventType>(each);
        CHECK(filter({})->takes(type));
        CHECK(of_equipment->takes(type) == word(type).starts_with("m2m.equipment."));
        CHECK(event_type(word(type)) == type);
    }
    for (const char* none : {"", "*", ".*", "m2m.equipment", "m2m.equipment.bound ", "x.*"}) {
        CAPTURE(none);
        const auto refused = filter({"m2m.device.bound", none});
        REQUIRE_FALSE(refused);
        CHECK(refused.reason().pointer == "/types/1");
    }
}

TEST_CASE("a feed is read page by page, and a filter skips without losing the place") {
    Stage stage;
    stage.add_chains(2);
    stage.touch_all(2, 30);
    const std::uint64_t head = stage.events();
    for (const std::vector<std::string>& types :
         {std::vector<std::string>{}, {"m2m.device.holds-changed"}, {"m2m.card.issued"}})
        for (const unsigned limit : {1u, 7u, 1'000u}) {
            FeedQuery query{.reader = party("digger"),
                            .limit = limit,
                            .types = TypeFilter::parse(types).value(),
                            .look_at_most = 10};
            std::vector<std::uint64_t> numbers;
            for (bool more = true; more;) {
                const FeedPage page =
                    stage.look([&](Archive& archive) { return read_feed(archive, query); });
                CHECK(page.notices.size() <= limit);
                for (const Notice& notice : page.notices) {
                    CHECK(query.types.takes(notice.type));
                    numbers.push_back(notice.number);
                }
                CHECK(page.next >= query.after);
                query.after = page.next;
                more = page.more;
            }
            CHECK(query.after == head);
            CHECK(std::is_sorted(numbers.begin(), numbers.end()));
            if (types.empty())
                CHECK(numbers.size() == head);
            else if (types[0] == "m2m.card.issued")
                CHECK(numbers.empty());
            else
                CHECK(numbers.size() == 60);
        }
}

TEST_CASE("a follower is woken by what is new in its feed, and by nothing once it is gone") {
    Stage stage;
    stage.add_chains(1);
    int of_digger = 0;
    int other = 0;
    auto following = stage.follower->follow(party("digger"), [&] { ++of_digger; });
    const auto aside = stage.follower->follow(party("other"), [&] { ++other; });
    stage.touch(1);
    CHECK(of_digger == 1);
    CHECK(other == 0);
    following.reset();
    stage.touch(1);
    CHECK(of_digger == 1);
}

TEST_CASE("what another node commits is found by looking at the heads") {
    ManualLoop loop;
    auto engine = std::make_shared<MemoryEngine>();
    MemoryStore here = make_memory_store(loop, engine, {.number = 0, .of = 2});
    MemoryStore there = make_memory_store(loop, engine, {.number = 1, .of = 2});
    FeedFollower follower(loop, *here.store, *here.reader, Duration(5'000));
    int woken = 0;
    const auto following = follower.follow(party("digger"), [&] { ++woken; });
    loop.run_for(std::chrono::minutes(1));
    const int idle = woken;
    CHECK(idle <= 1);
    there.store->submit(
        {.urgency = Urgency::urgent,
         .key = {},
         .hints = {},
         .decide =
             [](const View&) {
                 Decision decision;
                 Chain after = chain(1);
                 Chain before = after;
                 after.customer = party("digger");
                 after.holds.put({.holder = Holder::m2m_sp,
                                  .code = "other",
                                  .text = {},
                                  .by = {.party = m2m_sp(), .principal = {}, .on_behalf_of = {}},
                                  .since = {}});
                 decision.events =
                     tell(before, after,
                          {.actor = {.party = m2m_sp(), .principal = {}, .on_behalf_of = {}},
                           .operation = "op"},
                          {});
                 decision.after.push_back(after);
                 return decision;
             }},
        [](const auto&) {});
    loop.run_for(std::chrono::seconds(6));
    CHECK(woken == idle + 1);
}

TEST_CASE("a follower may end itself and others when it is woken") {
    Stage stage;
    stage.add_chains(1);
    int woken = 0;
    std::vector<FeedFollower::Following> following(3);
    for (auto& each : following)
        each = stage.follower->follow(party("digger"), [&] {
            ++woken;
            for (auto& all : following) all.reset();
        });
    stage.touch(1);
    CHECK(woken == 1);
}
