#include "notices/stage_test.hpp"

using namespace msp;
using namespace msp::stage;
using namespace std::chrono_literals;

TEST_CASE("one chain that always fails holds up no other") {
    Stage stage;
    stage.add_chains(5);
    const Endpoint endpoint = stage.create();
    stage.receiver.knobs().refused_chain = "3";
    stage.touch_all(5, 20);
    stage.loop.run_for(1s);
    const std::uint64_t each = stage.events() / 5;
    CHECK(stage.receiver.numbers().size() == 4 * each);
    CHECK(stage.progress(endpoint).position == stage.events());
    CHECK(stage.stuck(endpoint).size() == 1);
    stage.crash();
    stage.receiver.knobs().refused_chain.clear();
    stage.loop.run_for(1h);
    stage.check_complete();
    CHECK(stage.receiver.arrivals().at("3").size() == each);
    CHECK(stage.stuck(endpoint).empty());
    CHECK(stage.receiver.tally().repeated == 0);
}

TEST_CASE("through failing, hanging and forgetful receivers and ends of the process all arrives") {
    ReceiverTally all;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        Stage stage(seed);
        stage.add_chains(12);
        const Endpoint endpoint = stage.create();
        stage.receiver.knobs() = {
            .hangs = 0.02, .fails = 0.2, .drops_answer = 0.1, .takes = Duration(30)};
        SeededRandom dice(seed);
        for (int step = 0; step < 150; ++step) {
            stage.touch(1 + dice.below(12));
            stage.loop.run_for(Duration(dice.below(400)));
            if (dice.below(25) == 0) stage.crash();
        }
        stage.receiver.knobs() = {};
        stage.loop.run_for(72h);
        stage.check_complete();
        CHECK(stage.stuck(endpoint).empty());
        CHECK(stage.progress(endpoint).position == stage.events());
        CHECK(stage.progress(endpoint).dead == 0);
        all.failed += stage.receiver.tally().failed;
        all.hung += stage.receiver.tally().hung;
        all.dropped += stage.receiver.tally().dropped;
        all.repeated += stage.receiver.tally().repeated;
    }
    CHECK(all.failed > 500);
    CHECK(all.hung > 20);
    CHECK(all.dropped > 200);
    CHECK(all.repeated > all.dropped);
}

TEST_CASE("a receiver that is dead for a day gets everything once it is back, in order, once") {
    Stage stage;
    stage.add_chains(12);
    const Endpoint endpoint = stage.create();
    stage.touch_all(12);
    stage.loop.run_for(1s);
    stage.receiver_dies();
    for (int hour = 0; hour < 24; ++hour) {
        stage.touch_all(12, 5);
        stage.loop.run_for(1h);
        if (hour % 8 == 3) stage.crash();
    }
    const std::uint64_t first = stage.receiver.numbers().size();
    CHECK(first < stage.events());
    CHECK(stage.stuck(endpoint).size() == 12);
    stage.receiver_lives();
    stage.loop.run_for(24h);
    stage.check_complete();
    CHECK(stage.receiver.tally().repeated == 0);
    CHECK(stage.stuck(endpoint).empty());
    CHECK(stage.progress(endpoint).position == stage.events());
    CHECK(stage.progress(endpoint).dead == 0);
    MESSAGE(first << " before, " << stage.events() << " in all, missing 0, repeated 0");
}

TEST_CASE("progress is saved once for many attempts, and not at all where nothing happens") {
    Stage stage;
    stage.add_chains(50);
    stage.create();
    stage.touch_all(50, 20);
    stage.loop.run_for(1s);
    const std::uint64_t last = stage.events();
    CHECK(stage.store.submitted <= 2 + last / stage.settings.save_most + 5);
    const std::uint64_t before = stage.store.submitted;
    stage.loop.run_for(1h);
    CHECK(stage.store.submitted == before);
}

TEST_CASE("what the store has no room for is saved later, and sending waits for it") {
    Stage stage;
    stage.add_chains(50);
    const Endpoint endpoint = stage.create();
    stage.store.refuses = 5;
    stage.touch_all(50, 20);
    stage.loop.run_for(3s);
    CHECK(stage.receiver.tally().requests <= 2 * stage.settings.save_most + 100 + 8);
    CHECK(stage.progress(endpoint).position == 0);
    stage.loop.run_for(10s);
    stage.check_complete();
    CHECK(stage.receiver.tally().repeated == 0);
    CHECK(stage.progress(endpoint).position == stage.events());
}

TEST_CASE("an attempt that hangs does not widen what a crash repeats") {
    Stage stage;
    stage.add_chains(10);
    const Endpoint endpoint = stage.create();
    stage.receiver.knobs().hangs = 1;
    stage.touch(1);
    stage.loop.run_for(10ms);
    stage.receiver.knobs().hangs = 0;
    for (int i = 0; i < 5; ++i) {
        for (std::uint64_t each = 2; each <= 10; ++each) stage.touch(each);
        stage.loop.run_for(2s);
    }
    CHECK(stage.progress(endpoint).position == stage.events());
    stage.crash();
    stage.loop.run_for(20s);
    stage.check_complete();
    CHECK(stage.receiver.tally().repeated == 0);
}

TEST_CASE("a replay while all sorts of things are under way misses nothing") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CAPTURE(seed);
        Stage stage(seed);
        stage.add_chains(8);
        const Endpoint endpoint = stage.create();
        stage.receiver.knobs() = {
            .hangs = 0.05, .fails = 0.3, .drops_answer = 0.1, .takes = Duration(100)};
        SeededRandom dice(seed);
        for (int step = 0; step < 60; ++step) {
            stage.touch(1 + dice.below(8));
            stage.loop.run_for(Duration(dice.below(300)));
            if (dice.below(6) == 0)
                stage.endpoints->replay(party("digger"), endpoint.id, 1 + dice.below(20),
                                        [](const auto&) {});
        }
        stage.receiver.knobs() = {};
        stage.loop.run_for(72h);
        stage.check_complete();
        CHECK(stage.stuck(endpoint).empty());
    }
}

TEST_CASE("two processes that deliver the same endpoint repeat much and break nothing") {
    Stage stage;
    stage.add_chains(6);
    const Endpoint endpoint = stage.create();
    WebhookEndpoints second(DeliveryWorld{stage.loop, stage.store, *stage.memory.reader, stage.http,
                                          stage.random, stage.log, *stage.metrics, *stage.follower,
                                          std::make_shared<const AddressGuard>(AddressRules{})},
                            stage.settings);
    second.start();
    stage.receiver.knobs() = {.fails = 0.2, .takes = Duration(20)};
    for (int round = 0; round < 20; ++round) {
        stage.touch_all(6);
        stage.loop.run_for(333ms);
    }
    stage.receiver.knobs() = {};
    stage.loop.run_for(1h);
    stage.check_complete();
    CHECK(stage.progress(endpoint).position == stage.events());
    CHECK(stage.stuck(endpoint).empty());
}
