#include "domain/status.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

static const OperatorId east = operator_id("east");

TEST_CASE("an order is carried to the operator and active counts from the read that shows it") {
    for (const char* kind :
         {"fenced", "serial", "combined", "overwritten", "overwritten-combined"}) {
        CAPTURE(kind);
        Stage stage;
        stage.add(settings_of(east, kind), knobs_of(kind), 3);
        stage.start();
        stage.switch_card(east, 2, ServiceWish::active);
        stage.run_for(5s);
        CHECK(stage.subscription(east, 2).in_service());
        CHECK_FALSE(stage.subscription(east, 1).in_service());
        CHECK(m2m_status(stage.chain(east, 2)) == Status::active);
        CHECK(network_confirmed(stage.chain(east, 2)));

        stage.switch_card(east, 2, ServiceWish::de_active);
        stage.run_for(30s);
        CHECK_FALSE(stage.subscription(east, 2).in_service());
        CHECK(network_confirmed(stage.chain(east, 2)));

        stage.switch_card(east, 2, ServiceWish::stopped);
        stage.run_for(30s);
        CHECK(reclaimed(stage.chain(east, 2)));
        CHECK(stage.subscription(east, 2).state == SimulatedSubscription::State::terminated);
        CHECK(stage.simulators.at(east)->played().book().journal().size() == 3);
    }
}
