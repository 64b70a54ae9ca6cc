#include "notices/stage_test.hpp"

#include "notices/retry_schedule.hpp"

using namespace msp;
using namespace msp::stage;
using namespace std::chrono_literals;

TEST_CASE("what happens is delivered at once, signed, in order, and saved soon") {
    Stage stage;
    stage.add_chains(3);
    const Endpoint endpoint = stage.create();
    stage.touch_all(3, 4);
    stage.loop.run_ready();
    stage.check_complete();
    CHECK(stage.receiver.tally().requests == stage.events());
    CHECK(stage.progress(endpoint).position == 0);
    stage.loop.run_for(200ms);
    CHECK(stage.progress(endpoint).position == stage.events());
    CHECK(stage.progress(endpoint).delivered == stage.events());
    CHECK(stage.stuck(endpoint).empty());
}

TEST_CASE("a chain's notices go one after the other, those of eight chains side by side") {
    Stage stage;
    stage.add_chains(16);
    stage.create();
    stage.receiver.knobs().takes = 1s;
    std::map<std::string, std::vector<Time>> began;
    stage.on_request = [&](const HttpRequest& request) {
        const std::size_t at = request.body.find("\"chain\":\"");
        began[request.body.substr(at, 12)].push_back(stage.loop.now());
    };
    const Time begin = stage.loop.now();
    stage.touch_all(16);
    const std::uint64_t each = stage.events() / 16;
    stage.loop.run_for(Duration(2'000 * each));
    stage.check_complete();
    CHECK(stage.receiver.tally().requests == stage.events());
    REQUIRE(began.size() == 16);
    std::map<Time, std::size_t> at_once;
    for (const auto& [chain, times] : began) {
        CHECK(times.size() == each);
        for (const Time time : times) ++at_once[time];
        for (std::size_t i = 1; i < times.size(); ++i) CHECK(times[i] - times[i - 1] >= 1s);
    }
    CHECK(at_once.size() == 2 * each);
    for (const auto& [time, count] : at_once) CHECK(count == 8);
    CHECK(at_once.begin()->first == begin);
}

TEST_CASE("a notice is tried ten times over 75 h 35 min and 5 s, then it is a dead letter") {
    Stage stage;
    stage.add_chains(1);
    const Endpoint endpoint = stage.create({"m2m.device.holds-changed"});
    stage.random.flat = true;
    stage.receiver.knobs().fails = 1;
    std::vector<Time> attempts;
    stage.on_request = [&](const HttpRequest&) { attempts.push_back(stage.loop.now()); };
    stage.touch(1);
    const std::uint64_t number = stage.events();
    stage.loop.run_for(1s);
    REQUIRE(stage.stuck(endpoint).size() == 1);
    CHECK(stage.stuck(endpoint)[0].head == number);
    CHECK(stage.delivery(endpoint, number)->state == DeliveryState::retrying);

    stage.loop.run_for(100h);
    REQUIRE(attempts.size() == retry_waits.size());
    for (std::size_t i = 1; i < attempts.size(); ++i)
        CHECK(attempts[i] - attempts[i - 1] == retry_waits[i]);
    CHECK(attempts.back() - attempts.front() == 75h + 35min + 5s);

    const auto delivery = stage.delivery(endpoint, number);
    REQUIRE(delivery);
    CHECK(delivery->state == DeliveryState::dead);
    CHECK(delivery->attempts_made == 10);
    CHECK(delivery->attempts.back().status == 500);
    CHECK(delivery->attempts.back().error == "The receiver answered 500.");
    CHECK(stage.progress(endpoint).dead == 1);
    CHECK(stage.stuck(endpoint).empty());
    CHECK(stage
              .look([&](Archive& archive) {
                  return read_deliveries(archive,
                                         {.endpoint = endpoint.id, .state = DeliveryState::dead});
              })
              .deliveries == std::vector<Delivery>{*delivery});

    stage.receiver.knobs().fails = 0;
    stage.touch(1);
    stage.loop.run_for(1s);
    CHECK(stage.receiver.tally().accepted == 1);  // the next event of the chain carries all of it
}

TEST_CASE("jitter lengthens each wait by less than a tenth and never shortens it") {
    Stage stage(7);
    stage.add_chains(1);
    stage.create({"m2m.device.holds-changed"});
    stage.receiver.knobs().fails = 1;
    std::vector<Time> attempts;
    stage.on_request = [&](const HttpRequest&) { attempts.push_back(stage.loop.now()); };
    stage.touch(1);
    stage.loop.run_for(100h);
    REQUIRE(attempts.size() == retry_waits.size());
    for (std::size_t i = 1; i < attempts.size(); ++i) {
        CHECK(attempts[i] - attempts[i - 1] >= retry_waits[i]);
        CHECK(attempts[i] - attempts[i - 1] <= retry_waits[i] + retry_waits[i] / 10);
    }
}

TEST_CASE("a replay brings back all that became dead letters") {
    Stage stage;
    stage.add_chains(4);
    const Endpoint endpoint = stage.create();
    stage.receiver.knobs().refused_chain = "3";
    stage.touch_all(4, 2);
    const std::uint64_t each = stage.events() / 4;
    for (int day = 0; day < 20; ++day) {
        stage.touch(1);  // a word of life, so that the endpoint is not disabled
        stage.loop.run_for(24h);
    }
    CHECK(stage.progress(endpoint).dead == each);
    CHECK_FALSE(stage.receiver.arrivals().contains("3"));
    const auto dead = [&] {
        return stage
            .look([&](Archive& archive) {
                return read_deliveries(archive,
                                       {.endpoint = endpoint.id, .state = DeliveryState::dead});
            })
            .deliveries.size();
    };
    CHECK(dead() == each);

    stage.receiver.knobs() = {};
    std::optional<Result<Done, Refusal>> replayed;
    stage.endpoints->replay(party("digger"), endpoint.id, 1,
                            [&](const auto& answer) { replayed = answer; });
    stage.loop.run_for(1min);
    REQUIRE(replayed);
    CHECK(*replayed);
    stage.check_complete();
    CHECK(stage.receiver.arrivals().at("3").size() == each);
    CHECK(dead() == 0);
}

TEST_CASE(
    "without faults nothing is repeated, and a crash repeats at most what was not yet saved") {
    Stage stage;
    stage.add_chains(40);
    stage.create();
    stage.touch_all(40, 5);
    stage.loop.run_for(1s);
    CHECK(stage.receiver.tally().repeated == 0);

    stage.receiver.knobs().takes = 1ms;
    stage.touch_all(40, 5);
    stage.loop.run_for(25ms);
    stage.crash();
    stage.receiver.knobs().takes = Duration(0);
    stage.loop.run_for(10s);
    stage.check_complete();
    CHECK(stage.receiver.tally().repeated > 0);
    CHECK(stage.receiver.tally().repeated <= stage.settings.save_most + 8);
}

TEST_CASE("answers other than 2xx are failures, also redirects") {
    for (const int status : {100, 199, 301, 302, 307, 400, 404, 500, 503}) {
        CAPTURE(status);
        Stage stage;
        stage.add_chains(1);
        const Endpoint endpoint = stage.create();
        stage.receiver.knobs().fails = 1;
        stage.receiver.knobs().failure = status;
        stage.touch(1);
        stage.loop.run_for(1s);
        const auto delivery = stage.delivery(endpoint, 1);
        REQUIRE(delivery);
        CHECK(delivery->state == DeliveryState::retrying);
        CHECK(delivery->attempts[0].status == status);
        CHECK(delivery->attempts[0].error.find(std::to_string(status)) != std::string::npos);
    }
}

TEST_CASE("an attempt without an answer ends after 15 s") {
    Stage stage;
    stage.add_chains(1);
    const Endpoint endpoint = stage.create({"m2m.device.holds-changed"});
    stage.receiver.knobs().hangs = 1;
    stage.touch(1);
    stage.loop.run_for(14s);
    const std::uint64_t number = stage.events();
    CHECK_FALSE(stage.delivery(endpoint, number));
    stage.loop.run_for(2s);
    const auto delivery = stage.delivery(endpoint, number);
    REQUIRE(delivery);
    CHECK(delivery->attempts[0].status == 0);
    CHECK(delivery->attempts[0].took == 15s);
    CHECK_FALSE(delivery->attempts[0].error.empty());
}

TEST_CASE("a receiver that says when to come again is left alone until then") {
    for (const int status : {429, 503}) {
        CAPTURE(status);
        Stage stage;
        stage.add_chains(4);
        stage.create({"m2m.device.holds-changed"});
        stage.receiver.knobs().fails = 1;
        stage.receiver.knobs().failure = status;
        stage.receiver.knobs().retry_after_s = 600;
        stage.touch(1);
        stage.loop.run_ready();
        stage.touch_all(4);
        stage.loop.run_for(599s);
        CHECK(stage.receiver.tally().requests == 1);
        stage.receiver.knobs() = {};
        stage.loop.run_for(2s);
        CHECK(stage.receiver.tally().requests == 6);
    }
}

TEST_CASE("410 disables, with the reason in sight, and enabling goes on where it stopped") {
    Stage stage;
    stage.add_chains(6);
    const Endpoint endpoint = stage.create();
    stage.receiver.knobs().fails = 1;
    stage.receiver.knobs().failure = 410;
    stage.touch(1);
    stage.loop.run_for(1s);
    CHECK(stage.stored(endpoint).state == Endpoint::State::disabled);
    CHECK(stage.stored(endpoint).reason.find("410") != std::string::npos);
    const std::uint64_t requests = stage.receiver.tally().requests;
    stage.receiver.knobs().fails = 0;
    stage.touch_all(6);
    stage.loop.run_for(24h);
    CHECK(stage.receiver.tally().requests == requests);
    std::optional<Refusal> refusal;
    stage.endpoints->resend(party("digger"), endpoint.id, 1,
                            [&](const auto& answer) { refusal = answer.reason(); });
    CHECK(refusal->code == RefusalCode::webhook_disabled);

    stage.enable(endpoint);
    stage.loop.run_for(1s);
    stage.check_complete();
}

TEST_CASE("five days of nothing but failure disable; one success in between begins anew") {
    Stage stage;
    stage.add_chains(300);
    const Endpoint endpoint = stage.create({"m2m.device.holds-changed"});
    stage.receiver.knobs().fails = 1;
    const auto hours = [&](int count) {
        for (int hour = 0; hour < count; ++hour) {
            stage.touch(1 + static_cast<std::uint64_t>(hour));
            stage.loop.run_for(1h);
        }
    };
    hours(119);
    CHECK(stage.stored(endpoint).state == Endpoint::State::enabled);
    stage.receiver.knobs().fails = 0;
    stage.touch(300);
    stage.loop.run_for(1s);
    stage.receiver.knobs().fails = 1;
    hours(119);
    CHECK(stage.stored(endpoint).state == Endpoint::State::enabled);
    hours(3);
    CHECK(stage.stored(endpoint).state == Endpoint::State::disabled);
    CHECK(stage.stored(endpoint).reason.find("five days") != std::string::npos);
}

TEST_CASE("after a rotation both secrets are good for 24 h, then the fresh one alone") {
    Stage stage;
    stage.add_chains(3);
    const Endpoint before = stage.create();
    const WebhookSecret fresh = WebhookSecret::fresh(stage.random);
    const Answer answer = stage.run(flow_command(RotateSecret{
        .id = before.id, .by = party("digger"), .fresh = fresh, .at = stage.loop.now()}));
    CHECK(decode_endpoint(answer.text)->secret == fresh);

    stage.touch(1);
    stage.loop.run_for(1s);  // the receiver knows the old one only
    CHECK(stage.receiver.tally().bad_signature == 0);
    stage.receiver.trust({fresh.text()});
    stage.touch(2);
    stage.loop.run_for(1s);
    CHECK(stage.receiver.tally().bad_signature == 0);
    stage.check_complete();

    stage.loop.run_for(24h);
    stage.receiver.trust({before.secret.text()});
    stage.touch(3);
    stage.loop.run_for(1s);
    CHECK(stage.receiver.tally().bad_signature > 0);
}

TEST_CASE("a filter leaves out the other types, and its gaps in sequence are those") {
    Stage stage;
    stage.add_chains(2);
    const Endpoint endpoint = stage.create({"m2m.network.*"});
    stage.touch_all(2, 3);
    stage.loop.run_for(1min);
    const FeedPage asked_for = stage.look([&](Archive& archive) {
        return read_feed(archive, {.reader = party("digger"), .types = endpoint.types});
    });
    CHECK(asked_for.notices.size() > 1);
    CHECK(asked_for.notices.size() < stage.events());
    CHECK(stage.receiver.numbers().size() == asked_for.notices.size());
    CHECK(stage.receiver.tally().gaps > 0);
    CHECK(stage.receiver.tally().backwards == 0);
    CHECK(stage.progress(endpoint).position == stage.events());
    for (const std::string& body : stage.receiver.bodies())
        CHECK(body.find("\"type\":\"m2m.network.status-changed\"") != std::string::npos);
}

TEST_CASE("a person sends one event again, whatever became of it") {
    Stage stage;
    stage.add_chains(2);
    const Endpoint endpoint = stage.create({"m2m.device.holds-changed"});
    stage.touch(1);
    stage.loop.run_for(1s);
    const std::uint64_t number = stage.events();
    std::optional<Result<Attempt, Refusal>> answer;
    const auto resend = [&](std::uint64_t which) {
        stage.endpoints->resend(party("digger"), endpoint.id, which,
                                [&](const auto& given) { answer = given; });
        stage.loop.run_for(1s);
    };
    resend(number);
    REQUIRE(*answer);
    CHECK((*answer)->status == 204);
    CHECK(stage.receiver.tally().repeated == 1);
    CHECK(stage.delivery(endpoint, number)->attempts_made == 2);
    CHECK(stage.delivery(endpoint, number)->attempts.back().by_hand);

    for (const std::uint64_t none : {number - 1, number + 1, std::uint64_t{99}}) {
        resend(none);  // of another type, or not there
        REQUIRE_FALSE(*answer);
        CHECK(answer->reason().code == RefusalCode::no_such_delivery);
    }

    stage.receiver.knobs().fails = 1;
    stage.touch(2);
    stage.loop.run_for(1min);
    const std::uint64_t stuck = stage.events();
    REQUIRE(stage.stuck(endpoint).size() == 1);
    resend(stuck);
    CHECK((*answer)->status == 500);
    CHECK(stage.delivery(endpoint, stuck)->state == DeliveryState::retrying);
    stage.receiver.knobs().fails = 0;
    resend(stuck);
    CHECK(stage.delivery(endpoint, stuck)->state == DeliveryState::delivered);
    CHECK(stage.stuck(endpoint).empty());
}

TEST_CASE("a number that the endpoint has not come to cannot be replayed") {
    Stage stage;
    stage.add_chains(1);
    const Endpoint endpoint = stage.create();
    stage.touch(1);
    stage.loop.run_for(1s);
    std::optional<Result<Done, Refusal>> answer;
    for (const std::uint64_t from : {std::uint64_t{0}, stage.events() + 2}) {
        stage.endpoints->replay(party("digger"), endpoint.id, from,
                                [&](const auto& given) { answer = given; });
        stage.loop.run_for(1s);
        REQUIRE_FALSE(*answer);
        CHECK(answer->reason().pointer == "/from");
    }
}
