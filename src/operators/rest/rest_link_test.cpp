#include "operators/rest/rest_link.hpp"
#include "operators/link_trial_test.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

TEST_CASE("the REST link keeps the contract, message by message") {
    check_operator_link(by_messages({.connector = "rest"}));
}

TEST_CASE("the REST link keeps the contract over sockets") {
    check_operator_link(over_sockets({.connector = "rest"}));
}

TEST_CASE("how long a request lives includes the time in which it may still be on its way out") {
    ManualLoop loop;
    DirectHttp http(loop);
    const OperatorSettings settings = settings_of(operator_id("east"), "serial");
    const RestLink link(settings, loop, http);
    CHECK(link.can().request_life == *settings.profile.can.request_life + 4s);
}
