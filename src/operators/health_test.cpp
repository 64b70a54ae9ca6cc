#include "operators/health.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace std::chrono_literals;

TEST_CASE("percentiles are right to a fifth and never too small") {
    Latency latency;
    const Time now{1'000'000'000ms};
    CHECK_FALSE(latency.within(0.5));
    for (int i = 1; i <= 1'000; ++i) latency.note(Duration(i), now);
    for (const double part : {0.5, 0.9, 0.99, 1.0}) {
        CAPTURE(part);
        const auto within = static_cast<double>(latency.within(part)->count());
        CHECK(within >= 1'000 * part - 1);
        CHECK(within <= 1'000 * part * 1.2);
    }
    latency.note(100h, now);
    CHECK(*latency.within(1) >= 1h);
    CHECK(latency.count() == 1'001);
}

TEST_CASE("what is older than ten minutes is forgotten, what is younger than five is not") {
    Latency latency;
    Time now{1'000'000'000ms};
    latency.note(10s, now);
    latency.note(1ms, now + 299s);
    CHECK(latency.count() == 2);
    latency.note(1ms, now + 301s);
    CHECK(latency.count() == 3);
    latency.note(1ms, now + 602s);
    CHECK(latency.count() == 2);
    CHECK(*latency.within(1) < 10s);
    latency.note(1ms, now + 2h);
    CHECK(latency.count() == 1);
}

TEST_CASE("what is kept of outcomes and exchanges is bounded whatever the operator says") {
    Figures figures;
    for (int i = 0; i < 1'000; ++i)
        figures.note({Time(1ms), ChainId{1}, "read", "code-" + std::to_string(i), 1ms});
    OperatorHealth health{.id = OperatorId::parse("east").value(), .breaker = {}, .opens_in = {}};
    figures.show(health);
    CHECK(health.last.size() == 50);
    CHECK(health.last.front().outcome == "code-999");
    CHECK(health.outcomes.size() == 41);
    CHECK(health.outcomes.at("other") == 960);
}

TEST_CASE("an outcome's words are its kind and its code, without what the operator says besides") {
    CHECK(outcome_words({Outcome::Kind::done, {}, {}}) == "done");
    CHECK(outcome_words({Outcome::Kind::refused, "contract: not for Mr. Smith", {}}) ==
          "refused contract");
    CHECK(outcome_words({Outcome::Kind::unknown, std::string(100, 'x'), {}}) ==
          "unknown " + std::string(32, 'x'));
}
