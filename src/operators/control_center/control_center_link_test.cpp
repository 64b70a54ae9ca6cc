#include "operators/control_center/control_center_link.hpp"
#include "operators/link_trial_test.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

const LinkTrial trial{.connector = "control-center",
                      .token = "m2m:0123-4567",
                      .manners = {.names_suspension = false, .accepted_first = std::nullopt}};

}  // namespace

TEST_CASE("the Control Center link keeps the contract, message by message") {
    check_operator_link(by_messages(trial), "overwritten-combined");
    check_operator_trouble(by_messages(trial), "overwritten-combined");
}

TEST_CASE("the Control Center link keeps the contract over sockets") {
    check_operator_link(over_sockets(trial), "overwritten-combined");
    check_operator_trouble(over_sockets(trial), "overwritten-combined");
}

TEST_CASE("settings for Control Center are its own where they say nothing, and never claim more") {
    const OperatorId id = operator_id("east");
    const auto decode = [&id](const std::string& more) {
        return decode_operator_settings(
            id, R"({"connector":"control-center","base_url":"https://x")" + more + "}");
    };
    const auto plain = decode(R"(,"token":"user:key")");
    REQUIRE(plain);
    CHECK(plain->profile.can.status_field == StatusField::overwritten_combined);
    CHECK_FALSE(plain->profile.can.notifies);
    CHECK(plain->limits.per_second == 1);
    CHECK(plain->limits.concurrency == 1);
    CHECK(decode_operator_settings(id, encode(*plain)).value() == *plain);
    CHECK(decode(R"(,"token":"user-without-key")").reason().pointer == "/token");
    CHECK(decode(R"(,"token":"u:k","can":"fenced")").reason().pointer == "/can");
    CHECK(decode(R"(,"token":"u:k","can":{"notifies":true})").reason().pointer == "/can");
    const auto bounded = decode(R"(,"token":"u:k","can":{"request_life_ms":30000})");
    REQUIRE(bounded);
    CHECK(bounded->profile.can.request_life == 30s);
}

TEST_CASE("a card that the operator says is activated already is activated") {
    Stage stage;
    OperatorSettings settings = settings_of(operator_id("east"), "overwritten-combined");
    settings.connector = "control-center";
    settings.token = "m2m:key";
    settings.profile.can.tells_cause = settings.profile.can.notifies = false;
    OperatorSimulator& simulator = stage.add(settings, knobs_of("overwritten-combined"), 1);
    stage.start();
    SimulatedSubscription& one = stage.subscription(settings.id, 1);
    REQUIRE(simulator.played().act(one.reference, OperatorBook::Deed::change, {}));
    stage.switch_card(settings.id, 1, ServiceWish::active);
    stage.run_for(30s);
    const Chain chain = stage.chain(settings.id, 1);
    CHECK(chain.exchange.confirmed == chain.exchange.generation);
    CHECK(chain.exchange.seen);
    CHECK(chain.observed.native == Text<32>("ACTIVATED"));
    CHECK(simulator.played().book().journal().size() == 1);
}
