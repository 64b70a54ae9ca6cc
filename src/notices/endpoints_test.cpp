#include "notices/endpoints.hpp"

#include "notices/stage_test.hpp"

using namespace msp;
using namespace msp::stage;
using namespace std::chrono_literals;

namespace {

std::size_t records_left(Stage& stage, const Endpoint& endpoint) {
    const std::string scope(endpoint.id.view());
    return stage.look([&](Archive& archive) {
        return archive.records(Name::Kind::endpoint_state, scope, "", 10'000).size() +
               archive.records(Name::Kind::delivery, scope, "", 10'000).size() +
               (archive.record(endpoint_name(endpoint.id)) ? 1 : 0);
    });
}

}  // namespace

TEST_CASE("an endpoint gets what happens from its creation on, or from any number on") {
    Stage stage;
    stage.add_chains(2);
    stage.touch_all(2, 3);
    const std::uint64_t before = stage.events();
    stage.create();
    stage.touch_all(2);
    stage.loop.run_for(1s);
    CHECK(*stage.receiver.numbers().begin() == before + 1);
    CHECK(stage.receiver.numbers().size() == stage.events() - before);

    Stage late;
    late.add_chains(2);
    late.touch_all(2, 3);
    late.create({}, 0);
    late.loop.run_for(10s);  // the receiver learns the secret after the first attempt
    CHECK(late.receiver.numbers().size() == late.events());
    CHECK(late.receiver.tally().gaps == 0);

    Stage beyond;
    beyond.create({}, 1'000'000);
    beyond.add_chains(1);
    beyond.touch(1);
    beyond.loop.run_for(1s);
    beyond.check_complete();
}

TEST_CASE("what an endpoint may not be is refused with the member at fault") {
    Stage stage;
    const auto refusal = [&](std::string url, std::vector<std::string> types = {}) {
        return stage.create_at(std::move(url), std::move(types)).refusal;
    };
    CHECK(refusal("http://hooks.example.com/")->pointer == "/url");
    CHECK(refusal("https://10.0.0.1/")->detail == "The address of the URL is not a public one.");
    CHECK(refusal("https://hooks.example.com/", {"m2m.none"})->pointer == "/types/0");
    CHECK(stage.endpoints->accept_url("https://HOOKS.example.com").value() ==
          "https://hooks.example.com/");
    CHECK(stage.endpoints->accept_url("https://localhost/").reason().pointer == "/url");
    CHECK(stage.endpoints->of(party("digger")).empty());

    for (std::size_t i = 0; i < stage.settings.endpoints_most; ++i)
        CHECK_FALSE(refusal("https://hooks.example.com/"));
    CHECK(refusal("https://hooks.example.com/")->code == RefusalCode::too_many_webhooks);

    std::optional<Result<Answer, Failure>> staff;
    stage.endpoints->create({.party = m2m_sp(),
                             .url = "https://hooks.example.com/",
                             .types = {},
                             .after = {},
                             .key = {}},
                            stage.store, [&](auto answer) { staff = answer; });
    stage.loop.run_ready();
    CHECK((*staff)->refusal->pointer == "/party");
}

TEST_CASE("the same idempotency key creates one endpoint") {
    Stage stage;
    std::vector<std::string> answers;
    for (int i = 0; i < 2; ++i) {
        stage.endpoints->create(
            {.party = party("digger"),
             .url = "https://hooks.example.com/",
             .types = {},
             .after = {},
             .key = IdempotencyKey{.party = party("digger"), .key = "k", .fingerprint = "f"}},
            stage.store, [&](auto answer) { answers.push_back(answer->text); });
        stage.loop.run_ready();
    }
    CHECK(answers.size() == 2);
    CHECK(answers[0] == answers[1]);
    CHECK(stage.endpoints->of(party("digger")).size() == 1);
}

TEST_CASE("a party has its own endpoints, and nobody else's are there for it") {
    Stage stage;
    stage.add_chains(1);
    const Endpoint endpoint = stage.create();
    stage.touch(1);
    stage.loop.run_for(1s);
    CHECK(stage.endpoints->of(party("digger")) == std::vector{endpoint});
    CHECK(stage.endpoints->of(party("maker")).empty());
    std::vector<Refusal> refusals;
    stage.endpoints->resend(party("maker"), endpoint.id, 1,
                            [&](const auto& answer) { refusals.push_back(answer.reason()); });
    stage.endpoints->test(party("maker"), endpoint.id,
                          [&](const auto& answer) { refusals.push_back(answer.reason()); });
    stage.endpoints->replay(party("maker"), endpoint.id, 1,
                            [&](const auto& answer) { refusals.push_back(answer.reason()); });
    stage.endpoints->test(party("digger"), "wh-none",
                          [&](const auto& answer) { refusals.push_back(answer.reason()); });
    stage.loop.run_for(1s);
    CHECK(refusals == std::vector<Refusal>(4, Refusal{RefusalCode::no_such_webhook, {}, {}}));
    CHECK(stage.receiver.tally().repeated == 0);
}

TEST_CASE("a test event shows whether the receiver works, and stands in no feed") {
    Stage stage;
    const Endpoint endpoint = stage.create();
    std::optional<Result<Attempt, Refusal>> answer;
    const auto test = [&] {
        stage.endpoints->test(party("digger"), endpoint.id,
                              [&](const auto& given) { answer = given; });
        stage.loop.run_for(20s);
    };
    test();
    CHECK((*answer)->status == 204);
    CHECK(stage.receiver.bodies().back().find("m2m.webhook.test") != std::string::npos);
    stage.receiver.trust({"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"});
    test();
    CHECK((*answer)->status == 401);
    stage.http.close(std::string(origin));
    test();
    CHECK((*answer)->status == 0);
    CHECK((*answer)->error == "refused");
    CHECK(stage.events() == 0);
    CHECK(stage.progress(endpoint).delivered == 0);
}

TEST_CASE("a deleted endpoint is gone at once, and soon nothing of it is left") {
    for (const bool crash : {false, true}) {
        CAPTURE(crash);
        Stage stage;
        stage.add_chains(40);
        const Endpoint endpoint = stage.create();
        const Endpoint other =
            *decode_endpoint(stage.create_at("https://hooks.example.com/b").text);
        stage.receiver.trust({endpoint.secret.text(), other.secret.text()});
        stage.receiver.knobs().fails = 0.5;
        stage.touch_all(40, 20);
        stage.loop.run_for(2s);
        CHECK(records_left(stage, endpoint) > 20);
        const std::size_t others = records_left(stage, other);
        CHECK(others > 20);
        std::optional<Result<Answer, Failure>> deleted;
        stage.memory.store->submit(
            flow_command(DeleteEndpoint{.id = endpoint.id, .by = party("digger")}),
            [&](auto answer) { deleted = answer; });
        if (crash) stage.crash();
        stage.loop.run_for(1min);
        REQUIRE(deleted);
        CHECK(records_left(stage, endpoint) == 0);
        CHECK(records_left(stage, other) > 20);
        CHECK(stage.endpoints->of(party("digger")).size() == 1);
        stage.loop.run_for(100h);
        CHECK(records_left(stage, endpoint) == 0);
    }
}

TEST_CASE("a changed URL holds for what is sent from then on") {
    Stage stage;
    stage.add_chains(1);
    const Endpoint endpoint = stage.create();
    WebhookReceiver moved(stage.loop, 1, {endpoint.secret.text()});
    stage.http.listen("https://moved.example.com",
                      [&](const HttpRequest& request, const HttpRespond& respond) {
                          moved.handle(request, respond);
                      });
    stage.receiver.knobs().fails = 1;
    stage.touch(1);
    stage.loop.run_for(1s);
    stage.run(flow_command(ChangeEndpoint{.id = endpoint.id,
                                          .by = party("digger"),
                                          .url = "https://moved.example.com/in",
                                          .types = {},
                                          .enabled = {},
                                          .at = stage.loop.now()}));
    stage.loop.run_for(1min);
    CHECK(moved.numbers().size() == stage.events());
    CHECK(stage.receiver.numbers().empty());
}

TEST_CASE("an endpoint that became forbidden is not sent to, and says why") {
    Stage stage;
    stage.add_chains(1);
    Endpoint endpoint = stage.create();
    endpoint.url = "https://169.254.169.254/latest";
    stage.run({.urgency = Urgency::urgent,
               .key = {},
               .hints = {endpoint_name(endpoint.id)},
               .decide = [endpoint](const View& view) {
                   Decision decision;
                   if (view.record(endpoint_name(endpoint.id)))
                       decision.records.push_back({endpoint_name(endpoint.id), encode(endpoint)});
                   return decision;
               }});
    stage.touch(1);
    stage.loop.run_for(1s);
    CHECK(stage.receiver.tally().requests == 0);
    CHECK(stage.delivery(endpoint, 1)->attempts[0].error ==
          "The address of the URL is not a public one.");
}

TEST_CASE("endpoints that another node created, changed or removed are found") {
    Stage stage;
    MemoryStore there = make_memory_store(stage.loop, stage.memory.engine, {.number = 1, .of = 2});
    FeedFollower follower(stage.loop, *there.store, *there.reader);
    WebhookEndpoints second(DeliveryWorld{stage.loop, *there.store, *there.reader, stage.http,
                                          stage.random, stage.log, *stage.metrics, follower,
                                          std::make_shared<const AddressGuard>(AddressRules{})},
                            stage.settings);
    second.start();
    stage.loop.run_ready();
    const Endpoint endpoint = stage.create();
    CHECK(second.of(party("digger")).empty());
    stage.loop.run_for(31s);
    CHECK(second.of(party("digger")) == std::vector{endpoint});
    stage.run(flow_command(DeleteEndpoint{.id = endpoint.id, .by = party("digger")}));
    CHECK(stage.endpoints->of(party("digger")).empty());
    stage.loop.run_for(31s);
    CHECK(second.of(party("digger")).empty());
}

TEST_CASE("attempts are counted on /metrics") {
    Stage stage;
    stage.add_chains(1);
    stage.create();
    stage.receiver.knobs().fails = 1;
    stage.touch(1);
    stage.loop.run_for(1s);
    stage.receiver.knobs().fails = 0;
    stage.loop.run_for(10s);
    const std::string shown = stage.metrics->exposition();
    CHECK(shown.find("msp_webhook_attempts_total{outcome=\"failed\"} 1") != std::string::npos);
    CHECK(shown.find("msp_webhook_attempts_total{outcome=\"delivered\"}") != std::string::npos);
    CHECK(shown.find("msp_webhook_seconds_count") != std::string::npos);
}
