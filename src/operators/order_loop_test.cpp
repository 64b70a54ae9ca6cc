#include "domain/laws.hpp"
#include "domain/status.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

const OperatorId west = operator_id("west");

std::uint64_t count_of(Stage& stage, const OperatorId& at, const std::string& what) {
    const auto& counts = stage.simulators.at(at)->counts();
    const auto found = counts.find(what);
    return found == counts.end() ? 0 : found->second;
}

std::size_t settled_chains(Stage& stage, const OperatorId& at) {
    const auto chains = stage.chains();
    return static_cast<std::size_t>(
        std::count_if(chains.begin(), chains.end(), [&](const Chain& c) {
            return c.subscription.at == at && settled(c) && network_confirmed(c);
        }));
}

std::size_t effects(Stage& stage, const OperatorId& at) {
    return stage.simulators.at(at)->played().book().journal().size();
}

}  // namespace

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
        CHECK(effects(stage, east) == 3);
    }
}

TEST_CASE("the read after done starts in the commit that takes done in") {
    Stage stage;
    stage.add(settings_of(east, "fenced"), knobs_of("fenced"), 1);
    stage.start();
    bool together = false;
    stage.watch = [&together](const Commit& commit) {
        for (const Chain& chain : commit.after)
            together |= chain.exchange.confirmed == 1 &&
                        chain.exchange.awaiting == Awaiting::read &&
                        chain.exchange.read_number == 1;
    };
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(2s);
    CHECK(together);
}

TEST_CASE("an accepted order is polled for, and a callback tells it sooner") {
    for (const bool calls_back : {false, true}) {
        CAPTURE(calls_back);
        Stage stage;
        OperatorKnobs knobs = knobs_of("serial");
        knobs.asynchronous = 1;
        knobs.completion_median = knobs.completion_p99 = 500ms;
        knobs.calls_back = calls_back;
        stage.add(settings_of(east, "serial"), knobs, 1);
        stage.start();
        stage.switch_card(east, 1, ServiceWish::active);
        stage.run_for(1'500ms);
        CHECK((stage.chain(east, 1).exchange.confirmed == 1) == calls_back);
        stage.run_for(2s);
        CHECK(m2m_status(stage.chain(east, 1)) == Status::active);
        CHECK(effects(stage, east) == 1);
        CHECK(stage.health(east).heard.contains("heard") == calls_back);
    }
}

TEST_CASE("a paused operator is told nothing, and everything once it is resumed") {
    Stage stage;
    OperatorSettings settings = settings_of(east, "fenced");
    settings.paused = true;
    stage.add(settings, knobs_of("fenced"), 5);
    stage.start();
    for (unsigned i = 1; i <= 5; ++i) stage.switch_card(east, i, ServiceWish::active);
    stage.run_for(1min);
    CHECK(count_of(stage, east, "order") + count_of(stage, east, "read") == 0);
    CHECK(stage.health(east).paused);
    CHECK(stage.health(east).due == 5);
    CHECK(stage.health(east).oldest >= 59s);
    settings.paused = false;
    stage.change(settings);
    stage.run_for(2s);
    CHECK(settled_chains(stage, east) == 5);
    CHECK(stage.health(east).due == 0);
    CHECK_FALSE(stage.health(east).oldest);
}

TEST_CASE("what is on its way when an operator is paused is taken in, and nothing follows") {
    Stage stage;
    OperatorKnobs knobs = knobs_of("fenced");
    knobs.latency_median = knobs.latency_p99 = 1s;
    OperatorSettings settings = settings_of(east, "fenced");
    stage.add(settings, knobs, 1);
    stage.start();
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(500ms);
    settings.paused = true;
    stage.change(settings);
    stage.run_for(10s);
    CHECK(stage.chain(east, 1).exchange.confirmed == 1);
    CHECK(count_of(stage, east, "read") == 0);
    CHECK(stage.health(east).conversations == 0);
}

TEST_CASE(
    "the end of a test waits neither for a paused operator nor for one that does not answer") {
    for (const bool paused : {false, true}) {
        CAPTURE(paused);
        Stage stage;
        OperatorSettings settings = settings_of(east, "fenced");
        stage.add(settings, knobs_of("fenced"), 1);
        stage.start();
        const Time until = stage.loop.now() + 1min;
        stage.switch_card(east, 1, ServiceWish::active, until);
        stage.run_for(10s);
        CHECK(m2m_status(stage.chain(east, 1)) == Status::active);
        settings.paused = paused;
        stage.change(settings);
        if (!paused) stage.simulators.at(east)->played().knobs().lost_before = 1;
        SUBCASE("it goes on") {}
        SUBCASE("it begins anew meanwhile") {
            stage.stop();
            stage.start();
        }
        stage.run_for(52s);
        CHECK(stage.chain(east, 1).holds.holds(Holder::customer));
        CHECK_FALSE(admission_open(stage.chain(east, 1)));
    }
}

TEST_CASE("no more is said to an operator than its rate allows, and not less while work waits") {
    Stage stage;
    OperatorSettings settings = settings_of(east, "fenced");
    settings.limits = {.per_second = 20, .burst = 5, .concurrency = 50};
    OperatorKnobs knobs = knobs_of("fenced");
    knobs.latency_median = 300ms;
    knobs.latency_p99 = 900ms;
    stage.add(settings, knobs, 300);
    stage.start();
    for (unsigned i = 1; i <= 300; ++i) stage.switch_card(east, i, ServiceWish::active);
    const Time begun = stage.loop.now();
    std::vector<Time> arrived;
    const auto said = [&] {
        return count_of(stage, east, "order") + count_of(stage, east, "read");
    };
    while (stage.loop.now() < begun + 40s) {
        stage.run_for(1ms);
        while (arrived.size() < said()) arrived.push_back(stage.loop.now());
    }
    CHECK(settled_chains(stage, east) == 300);
    CHECK(arrived.size() == 600);
    // 5 at once and then one every 50 ms; the message takes no time, looking takes up to 1 ms.
    bool kept = true;
    for (std::size_t first = 0; first < arrived.size(); ++first)
        for (std::size_t last = first + 5; last < arrived.size(); ++last)
            kept &= arrived[last] - arrived[first] >= (last - first - 4) * 50ms - 1ms;
    CHECK(kept);
    CHECK(arrived.back() - begun <= 595 * 50ms + 1500ms);
}

TEST_CASE("no more conversations are held at once than the limit says") {
    Stage stage;
    OperatorSettings settings = settings_of(east, "fenced");
    settings.limits = {.per_second = 1'000, .burst = 1'000, .concurrency = 3};
    OperatorKnobs knobs = knobs_of("fenced");
    knobs.latency_median = knobs.latency_p99 = 100ms;
    stage.add(settings, knobs, 30);
    stage.start();
    for (unsigned i = 1; i <= 30; ++i) stage.switch_card(east, i, ServiceWish::active);
    unsigned most = 0;
    for (int i = 0; i < 4'000; ++i) {
        stage.run_for(1ms);
        most = std::max(most, stage.health(east).conversations);
    }
    CHECK(most == 3);
    CHECK(settled_chains(stage, east) == 30);
}

TEST_CASE("an operator that hangs does not slow another") {
    const auto time_for_west = [](bool east_hangs) {
        Stage stage;
        OperatorKnobs hanging = knobs_of("serial");
        hanging.hang = east_hangs ? 1 : 0;
        stage.add(settings_of(east, "serial"), hanging, 200);
        stage.add(settings_of(west, "serial"), knobs_of("serial"), 200);
        stage.start();
        for (unsigned i = 1; i <= 200; ++i) {
            stage.switch_card(east, i, ServiceWish::active);
            stage.switch_card(west, i, ServiceWish::active);
        }
        Duration passed{};
        for (; passed < 60s && settled_chains(stage, west) < 200; passed += 10ms)
            stage.run_for(10ms);
        CHECK(settled_chains(stage, west) == 200);
        if (east_hangs) CHECK(settled_chains(stage, east) == 0);
        return passed;
    };
    CHECK(time_for_west(true) == time_for_west(false));
}

TEST_CASE(
    "an operator that is down is left in peace but for a probe, and found again when it is up") {
    Stage stage;
    OperatorSettings settings = settings_of(east, "fenced");
    settings.breaker = {.failures = 5, .open_least = 1s, .open_most = 8s};
    settings.limits.concurrency = 10;
    stage.add(settings, knobs_of("fenced"), 100);
    stage.start();
    const auto down = [&stage](bool is) {
        stage.simulators.at(east)->played().knobs().error_before = is ? 1 : 0;
    };
    down(true);
    for (unsigned i = 1; i <= 100; ++i) stage.switch_card(east, i, ServiceWish::active);
    stage.run_for(60s);
    // Ten at first and four more before five have failed; a probe after 1, 2, 4, 8, 8 … seconds.
    CHECK(count_of(stage, east, "order") >= 10 + 8);
    CHECK(count_of(stage, east, "order") <= 14 + 9);
    CHECK(stage.health(east).breaker != "closed");
    CHECK(stage.metrics->exposition().find(
              "msp_operator_breaker_opened_total{operator=\"east\"} 1") != std::string::npos);
    down(false);
    stage.run_for(25s);
    CHECK(stage.health(east).breaker == "closed");
    CHECK(settled_chains(stage, east) == 100);
}

TEST_CASE("an operator that is dead for an hour is given the newest wish of each, and settles") {
    for (const char* kind : {"fenced", "serial"}) {
        CAPTURE(kind);
        Stage stage;
        stage.add(settings_of(east, kind), knobs_of(kind), 100);
        stage.start();
        SeededRandom dice(5);
        const auto flip = [&](unsigned i) {
            stage.switch_card(east, i,
                              dice.below(2) == 0 ? ServiceWish::active : ServiceWish::de_active);
        };
        const auto dead = [&stage](bool is) {
            stage.simulators.at(east)->played().knobs().lost_before = is ? 1 : 0;
        };
        dead(true);
        for (int minute = 0; minute < 60; ++minute) {
            for (unsigned i = 1; i <= 100; ++i)
                if (dice.below(4) == 0) flip(i);
            stage.run_for(1min);
            if (minute % 20 != 10) continue;
            stage.stop();
            stage.start();
        }
        stage.switch_card(east, 1, ServiceWish::stopped);
        CHECK(effects(stage, east) == 0);
        CHECK(stage.health(east).breaker != "closed");
        dead(false);
        stage.run_for(65s);
        CHECK(settled_chains(stage, east) == 100);
        CHECK(effects(stage, east) <= 100);
        CHECK(stage.subscription(east, 1).state == SimulatedSubscription::State::terminated);
        for (unsigned i = 2; i <= 100; ++i)
            CHECK(stage.subscription(east, i).in_service() ==
                  (wanted(stage.chain(east, i)) == Order::activate));
        CHECK(broken_laws(stage.chains()).empty());
        MESSAGE(std::string(kind) << ": " << effects(stage, east) << " orders, 100 settled");
    }
}

TEST_CASE("a process that stood still between commit and sending does not send any more") {
    Stage stage;
    stage.add(settings_of(east, "serial"), knobs_of("serial"), 1);
    stage.start();
    bool stalled = false;
    stage.watch = [&](const Commit& commit) {
        for (const Chain& chain : commit.after)
            if (!stalled && chain.exchange.awaiting == Awaiting::order) {
                stage.loop.stall(1'001ms);
                stalled = true;
            }
    };
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(100ms);
    CHECK(stalled);
    CHECK(count_of(stage, east, "order") == 0);
    CHECK_FALSE(stage.chain(east, 1).exchange.in_flight);
    stage.run_for(5s);
    CHECK(m2m_status(stage.chain(east, 1)) == Status::active);
    CHECK(effects(stage, east) == 1);
}

TEST_CASE("an operator that asks for a rest gets it") {
    Stage stage;
    stage.add(settings_of(east, "fenced"), knobs_of("fenced"), 20);
    stage.start();
    stage.simulators.at(east)->played().knobs().too_many = 1;
    stage.switch_card(east, 1, ServiceWish::active);
    stage.run_for(100ms);
    CHECK(count_of(stage, east, "order") == 1);
    stage.simulators.at(east)->played().knobs().too_many = 0;
    for (unsigned i = 2; i <= 20; ++i) stage.switch_card(east, i, ServiceWish::active);
    stage.run_for(800ms);
    CHECK(count_of(stage, east, "order") == 1);
    stage.run_for(5s);
    CHECK(settled_chains(stage, east) == 20);
    CHECK(stage.health(east).outcomes.at("busy http-429") == 1);
}

TEST_CASE("a restart at any moment loses nothing that was due") {
    for (int moment = 0; moment < 40; ++moment) {
        CAPTURE(moment);
        Stage stage;
        OperatorKnobs knobs = knobs_of("serial");
        knobs.asynchronous = 0.5;
        stage.add(settings_of(east, "serial"), knobs, 20);
        stage.start();
        for (unsigned i = 1; i <= 20; ++i) stage.switch_card(east, i, ServiceWish::active);
        stage.run_for(Duration(moment * 5));
        stage.stop();
        stage.run_for(1s);
        stage.start();
        stage.run_for(60s);
        CHECK(settled_chains(stage, east) == 20);
        for (unsigned i = 1; i <= 20; ++i) CHECK(stage.subscription(east, i).in_service());
        CHECK(broken_laws(stage.chains()).empty());
    }
}

TEST_CASE("an operator may come to be after its chains, and what was due is due then") {
    Stage stage;
    stage.add(settings_of(east, "fenced"), knobs_of("fenced"), 3);
    stage.switch_card(east, 1, ServiceWish::active);
    // Its record is gone while the platform starts.
    stage.keep({settings_name(east), std::nullopt});
    stage.stop();
    stage.run_for(1s);
    stage.start();
    stage.switch_card(east, 2, ServiceWish::active);
    stage.run_for(10s);
    CHECK(stage.operators->health().empty());
    CHECK(effects(stage, east) == 0);
    stage.change(settings_of(east, "fenced"));
    stage.run_for(10s);
    CHECK(effects(stage, east) == 2);
    CHECK(settled_chains(stage, east) == 3);
}

TEST_CASE("the last exchanges are shown by chain and word, and nothing that names a subscriber") {
    Stage stage;
    stage.add(settings_of(east, "fenced"), knobs_of("fenced"), 40);
    stage.start();
    for (unsigned i = 1; i <= 40; ++i) stage.switch_card(east, i, ServiceWish::active);
    stage.run_for(10s);
    const OperatorHealth health = stage.health(east);
    REQUIRE(health.last.size() == 50);
    CHECK(health.last.front().what == "read");
    CHECK(health.last.front().outcome == "active");
    CHECK(health.last.front().at >= health.last.back().at);
    CHECK(health.outcomes.at("done") == 40);
    CHECK(health.outcomes.at("active") == 40);
    REQUIRE(health.p50);
    CHECK(*health.p50 >= 10ms);
    CHECK(*health.p50 <= 40ms);
    CHECK(*health.p99 <= 300ms);
    const std::string metrics = stage.metrics->exposition();
    CHECK(metrics.find("msp_operator_exchanges_total{operator=\"east\",outcome=\"done\","
                       "what=\"activate\"} 40") != std::string::npos);
    CHECK(metrics.find(iccid_of(east, 1).text()) == std::string::npos);
}
