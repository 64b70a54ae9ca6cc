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
