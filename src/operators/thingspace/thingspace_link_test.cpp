#include "operators/thingspace/thingspace_link.hpp"

#include "cast/operator_tongue.hpp"
#include "domain/status.hpp"
#include "operators/link_trial_test.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

const std::string token = "key:secret:zbeeblebrox:IMgr8";

const LinkTrial trial{.connector = "thingspace",
                      .token = token,
                      .manners = {.names_suspension = false,
                                  .always_accepts_first = true,
                                  .looks_first = true,
                                  .signs_reports = false}};

OperatorSettings settings_here() {
    OperatorSettings out = settings_of(east, "overwritten-combined");
    out.connector = "thingspace";
    out.token = token;
    out.profile.can.tells_cause = false;
    out.profile.can.cuts_sessions = false;
    return out;
}

OperatorSimulator& set(Stage& stage, OperatorKnobs knobs = knobs_of("overwritten-combined")) {
    OperatorSimulator& simulator = stage.add(settings_here(), knobs, 2);
    stage.start();
    return simulator;
}

}  // namespace

TEST_CASE("the ThingSpace link keeps the contract, message by message") {
    check_operator_link(by_messages(trial), "overwritten-combined");
    check_operator_trouble(by_messages(trial), "overwritten-combined");
}

TEST_CASE("the ThingSpace link keeps the contract over sockets") {
    check_operator_link(over_sockets(trial), "overwritten-combined");
    check_operator_trouble(over_sockets(trial), "overwritten-combined");
}

namespace {

Heard hear(Stage& stage, const std::string& request, const std::string& more) {
    HttpRequest report;
    report.method = "POST";
    report.body = R"({"password":")" + settings_here().callback_secret + R"(","requestId":")" +
                  request + R"(")" + more + "}";
    std::optional<Heard> out;
    stage.operators->hear(east, report, [&out](Heard heard) { out = std::move(heard); });
    stage.loop.run_ready();
    REQUIRE(out);
    return *out;
}

std::string card(const Stage&, unsigned number) {
    return R"(,"deviceIds":[{"id":")" + std::string(iccid_of(east, number).text()) +
           R"(","kind":"iccid"}])";
}

// Orders that take a while, of which nobody calls back.
OperatorKnobs slow_knobs() {
    OperatorKnobs out = knobs_of("overwritten-combined");
    out.completion_median = out.completion_p99 = 9s;
    out.calls_back = false;
    return out;
}

std::string request_of(const Chain& chain) {
    REQUIRE(chain.exchange.in_flight);
    return std::string(chain.exchange.in_flight->operator_reference.view());
}

std::uint64_t count(const OperatorSimulator& simulator, const char* what) {
    const auto found = simulator.counts().find(what);
    return found == simulator.counts().end() ? 0 : found->second;
}

}  // namespace

TEST_CASE("a line is activated once and restored from then on") {
    Stage stage;
    OperatorSimulator& simulator = set(stage);
    for (const ServiceWish wish :
         {ServiceWish::active, ServiceWish::de_active, ServiceWish::active}) {
        stage.switch_card(east, 1, wish);
        stage.run_for(40s);
        const Chain chain = stage.chain(east, 1);
        CHECK(chain.exchange.confirmed == chain.exchange.generation);
        CHECK_FALSE(chain.exchange.parked);
    }
    CHECK(m2m_status(stage.chain(east, 1)) == Status::active);
    CHECK(stage.chain(east, 1).observed.native == Text<32>("active"));
    CHECK(simulator.played().book().journal().size() == 3);
    CHECK(count(simulator, "order refused") == 0);
}

TEST_CASE("a callback that carries nothing but the request id finds its order, once") {
    Stage stage;
    set(stage, slow_knobs());
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(2s);
    const Chain waiting = stage.chain(east, 1);
    REQUIRE(waiting.exchange.awaiting == Awaiting::order);
    const std::string request = request_of(waiting);
    REQUIRE_FALSE(request.empty());

    CHECK(hear(stage, "another", R"(,"status":"Failed")").what == "unknown subscription");
    CHECK(stage.chain(east, 1) == waiting);
    CHECK(hear(stage, request, R"(,"status":"Failed")").what == "heard");
    const Chain parked = stage.chain(east, 1);
    REQUIRE(parked.exchange.parked);
    CHECK(parked.exchange.parked->reason == "ts-failed");
    CHECK(hear(stage, request, R"(,"status":"Failed")").what == "heard before");
    CHECK(stage.chain(east, 1) == parked);
}

TEST_CASE("the outcome of somebody else's request about our card makes us read") {
    Stage stage;
    OperatorSimulator& simulator = set(stage);
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(40s);
    const auto reads = count(simulator, "read");
    const Chain before = stage.chain(east, 1);
    CHECK(hear(stage, "foreign-1", card(stage, 1) + R"(,"status":"Success")").what == "heard");
    stage.run_for(5s);
    CHECK(count(simulator, "read") == reads + 1);
    CHECK(m2m_status(stage.chain(east, 1)) == Status::active);
    CHECK(stage.chain(east, 1).holds == before.holds);
    CHECK(hear(stage, "foreign-1", card(stage, 1) + R"(,"status":"Success")").what ==
          "heard before");
    const std::string elsewhere = R"(,"deviceIds":[{"id":"89148000000800139708","kind":"iccid"}])";
    CHECK(hear(stage, "foreign-2", elsewhere + R"(,"status":"Success")").what ==
          "unknown subscription");
}

TEST_CASE("the request id outlives a restart: the order is asked about, and not sent again") {
    Stage stage;
    OperatorSimulator& simulator = set(stage, slow_knobs());
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(2s);
    const std::string request = request_of(stage.chain(east, 1));
    stage.stop();
    stage.run_for(1s);
    stage.start();
    CHECK(request_of(stage.chain(east, 1)) == request);
    stage.run_for(40s);
    CHECK(m2m_status(stage.chain(east, 1)) == Status::active);
    CHECK(count(simulator, "order") == 1);
}

TEST_CASE("after a restart a callback finds its order by the request id again") {
    Stage stage;
    set(stage, slow_knobs());
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(1s);
    const std::string request = request_of(stage.chain(east, 1));
    stage.stop();
    stage.start();
    stage.run_for(4s);  // the next poll
    CHECK(hear(stage, request, R"(,"status":"Success")").what == "heard");
}

TEST_CASE("a change that is under way locks the line: the next is sent when it may be") {
    Stage stage;
    OperatorKnobs knobs = knobs_of("overwritten-combined");
    knobs.locked_for = 20s;
    OperatorSimulator& simulator = set(stage, knobs);
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(5s);
    stage.switch_card(east, 1, ServiceWish::de_active);
    stage.run_for(14s);
    const Chain locked = stage.chain(east, 1);
    CHECK(locked.exchange.confirmed != locked.exchange.generation);
    CHECK_FALSE(locked.exchange.parked);
    CHECK(count(simulator, "order locked out") > 0);
    stage.run_for(60s);
    const Chain down = stage.chain(east, 1);
    CHECK(down.exchange.confirmed == down.exchange.generation);
    CHECK_FALSE(stage.subscription(east, 1).in_service());
    CHECK(simulator.played().book().journal().size() == 2);
}

// The contract lets a line be suspended for so long, and then it is active again.
TEST_CASE("a suspension of ours that the operator ends by itself is drift, and no hold is lifted") {
    for (const DriftPolicy policy : {DriftPolicy::ask, DriftPolicy::send_ours}) {
        Stage stage;
        OperatorSettings settings = settings_here();
        settings.profile.drift = policy;
        settings.audit.on = true;
        settings.audit.sweep_every = 30s;
        settings.audit.drift_share = 1;
        OperatorSimulator& simulator = stage.add(settings, knobs_of("overwritten-combined"), 2);
        stage.start();
        stage.switch_card(east, 1, ServiceWish::active);
        stage.run_for(40s);
        simulator.played().knobs().lifts_after = 90s;
        stage.switch_card(east, 1, ServiceWish::de_active);
        stage.run_for(60s);
        const Chain held = stage.chain(east, 1);
        REQUIRE(held.exchange.confirmed == held.exchange.generation);
        REQUIRE_FALSE(stage.subscription(east, 1).in_service());
        simulator.played().knobs().lifts_after = {};
        stage.run_for(75s);  // the line is active again, and the audit came by

        const Chain after = stage.chain(east, 1);
        CHECK(after.holds == held.holds);
        CHECK(after.exchange.generation == held.exchange.generation);
        CHECK(m2m_status(after) == Status::de_active);
        const bool asks = policy == DriftPolicy::ask;
        CHECK(after.exchange.drift == asks);
        CHECK(stage.subscription(east, 1).in_service() == asks);
        if (!asks) continue;
        CHECK(after.observed.native == Text<32>("active"));
        REQUIRE(after.exchange.parked);
        CHECK(after.exchange.parked->asks);
    }
}

TEST_CASE("a session that ended, idle or refused, is begun anew, and nothing is parked for it") {
    Stage stage;
    OperatorSimulator& simulator = set(stage);
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(25min);  // idle for longer than a session lives
    stage.switch_card(east, 1, ServiceWish::de_active);
    stage.run_for(40s);
    CHECK_FALSE(stage.subscription(east, 1).in_service());
    simulator.played().knobs().rejected = 1;
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(5s);
    CHECK_FALSE(stage.chain(east, 1).exchange.parked);
    simulator.played().knobs().rejected = 0;
    stage.run_for(60s);
    CHECK(stage.subscription(east, 1).in_service());
    CHECK(m2m_status(stage.chain(east, 1)) == Status::active);
}

TEST_CASE("settings for ThingSpace name the account, and never claim more than its interface can") {
    const auto decode = [](const std::string& more) {
        return decode_operator_settings(
            east, R"({"connector":"thingspace","base_url":"https://x")" + more + "}");
    };
    const std::string token_field = R"(,"token":"key:secret:user:word")";
    const std::string account =
        R"(,"account":{"name":"0000123456-00001","service_plan":"m2m4G","zip_code":"98801"})";
    const auto plain = decode(token_field + account);
    REQUIRE(plain);
    CHECK(plain->profile.can.status_field == StatusField::overwritten_combined);
    CHECK(plain->profile.can.notifies);
    CHECK_FALSE(plain->account.etf_waiver);
    CHECK(decode_operator_settings(east, encode(*plain)).value() == *plain);
    CHECK(decode(account + R"(,"token":"key:secret")").reason().pointer == "/token");
    CHECK(decode(token_field).reason().pointer == "/account/name");
    CHECK(decode(token_field + R"(,"account":{"name":"1","service_plan":"p"})").reason().pointer ==
          "/account/zip_code");
    CHECK(decode(token_field + account + R"(,"can":{"tells_cause":true})").reason().pointer ==
          "/can");
    const auto rest = decode_operator_settings(
        east, R"({"connector":"rest","base_url":"https://x")" + account + "}");
    REQUIRE_FALSE(rest);
    CHECK(rest.reason().pointer == "/account");
}
