#include "operators/audit.hpp"

#include "domain/status.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

using Deed = OperatorBook::Deed;

OperatorSettings audited(std::string_view kind, bool lists) {
    OperatorSettings out = settings_of(east, kind);
    out.profile.can.lists_in_bulk = lists;
    out.audit = {.on = true,
                 .page_size = 20,
                 .page_every = 100ms,
                 .sweep_every = 60s,
                 .drift_share = 0.2,
                 .drift_least = 3};
    return out;
}

// A hundred cards of which half are active; nobody calls back.
OperatorSimulator& set(Stage& stage, const OperatorSettings& settings, std::string_view kind) {
    OperatorKnobs knobs = knobs_of(kind);
    knobs.calls_back = false;
    OperatorSimulator& out = stage.add(settings, knobs, 100);
    stage.start();
    for (unsigned i = 1; i <= 50; ++i) stage.switch_card(east, i, ServiceWish::active);
    stage.run_for(30s);
    return out;
}

void act(Stage& stage, unsigned card, Deed deed) {
    REQUIRE(stage.simulators.at(east)->played().act(iccid_of(east, card).text(), deed, "why"));
}

// Runs until the sweep that begins next is whole.
AuditHealth sweep(Stage& stage) {
    REQUIRE(stage.operators->audit(east, Audit::Begin::check));
    const Time begun = stage.loop.now();
    for (int i = 0; i < 600; ++i) {
        stage.run_for(100ms);
        const AuditHealth health = stage.health(east).audit;
        if (health.state == AuditHealth::State::stopped) return health;
        if (health.last_swept && *health.last_swept >= begun) return health;
    }
    FAIL("the sweep did not end");
    return {};
}

std::uint64_t said(const OperatorSimulator& simulator) {
    return simulator.counts().at("read") + simulator.counts().at("order");
}

}  // namespace

TEST_CASE("a sweep over an operator that agrees asks nothing and writes no chain") {
    for (const bool lists : {true, false}) {
        CAPTURE(lists);
        Stage stage;
        OperatorSimulator& simulator = set(stage, audited("serial", lists), "serial");
        sweep(stage);
        std::size_t written = 0;
        stage.watch = [&written](const Commit& commit) { written += commit.after.size(); };
        const auto before = said(simulator);
        const AuditHealth health = sweep(stage);
        CHECK(health.last.compared == 100);
        CHECK(health.last.differed == 0);
        CHECK(health.trouble.empty());
        CHECK(written == 0);
        CHECK(said(simulator) - before == (lists ? 5 : 100));
    }
}

TEST_CASE("a sweep finds each difference, and the protocol repairs or books it") {
    for (const char* kind : {"fenced", "serial", "combined", "overwritten"})
        for (const bool lists : {true, false}) {
            CAPTURE(kind);
            CAPTURE(lists);
            Stage stage;
            set(stage, audited(kind, lists), kind);
            act(stage, 3, Deed::suspend);
            act(stage, 30, Deed::change);  // active, and now not
            act(stage, 70, Deed::change);  // de-active, and now active
            act(stage, 25, Deed::terminate);
            const AuditHealth health = sweep(stage);
            CHECK(health.last.differed == 4);
            CHECK(health.last.compared == 100);
            stage.run_for(20s);
            CHECK(stage.chain(east, 3).holds.holds(Holder::network_operator));
            CHECK(stage.chain(east, 25).lost);
            CHECK_FALSE(stage.subscription(east, 70).in_service());
            const bool two_words = std::string_view(kind) == "combined";
            CHECK(stage.subscription(east, 30).in_service() == !two_words);
            if (two_words) CHECK(stage.chain(east, 30).holds.holds(Holder::network_operator));
            const AuditHealth again = sweep(stage);
            CHECK(again.last.differed == 0);
        }
}

TEST_CASE("where many differ the audit stops before it asks, and a person decides") {
    Stage stage;
    OperatorSettings settings = audited("serial", true);
    settings.audit.sweep_every = 1h;
    OperatorSimulator& simulator = set(stage, settings, "serial");
    simulator.played().snapshot();
    for (unsigned i = 51; i <= 100; ++i) stage.switch_card(east, i, ServiceWish::active);
    stage.run_for(20s);
    REQUIRE(simulator.played().restore());
    const auto before = said(simulator);
    const AuditHealth stopped = sweep(stage);
    CHECK(stopped.state == AuditHealth::State::stopped);
    CHECK(stopped.since);
    CHECK(stopped.trouble == "10 of 20 subscriptions in one page are not as they were confirmed");
    stage.run_for(5min);
    CHECK(said(simulator) - before <= 4);  // pages of the list, nothing else
    CHECK(stage.subscription(east, 60).state == SimulatedSubscription::State::de_active);

    SUBCASE("it stays stopped over a restart") {
        stage.stop();
        stage.start();
        stage.run_for(5min);
        CHECK(stage.health(east).audit.state == AuditHealth::State::stopped);
        CHECK(stage.health(east).audit.trouble == stopped.trouble);
    }
    SUBCASE("checked again, it stops again") {
        CHECK(sweep(stage).state == AuditHealth::State::stopped);
    }
    SUBCASE("gone through with, it repairs all") {
        REQUIRE(stage.operators->audit(east, Audit::Begin::go_through));
        stage.run_for(30s);
        CHECK(stage.health(east).audit.state == AuditHealth::State::waiting);
        CHECK(stage.health(east).audit.last.differed == 50);
        for (unsigned i = 1; i <= 100; ++i) CHECK(stage.subscription(east, i).in_service());
        CHECK(sweep(stage).last.differed == 0);
    }
}

TEST_CASE("an audit that is off sweeps when it is asked to, once, and not by itself") {
    OperatorSettings settings = audited("fenced", true);
    settings.audit.on = false;
    Stage stage;
    set(stage, settings, "fenced");
    stage.run_for(300s);
    CHECK_FALSE(stage.health(east).audit.last_swept);
    CHECK(stage.health(east).audit.state == AuditHealth::State::off);

    act(stage, 1, Deed::change);
    const AuditHealth swept = sweep(stage);
    CHECK(swept.last.compared == 100);
    CHECK(swept.last.differed == 1);
    stage.run_for(300s);
    CHECK(stage.health(east).audit.last_swept == swept.last_swept);
    CHECK(stage.health(east).audit.state == AuditHealth::State::off);
}

TEST_CASE("what is listed and unknown, and what is ours and not listed, is counted and shown") {
    Stage stage;
    OperatorSimulator& simulator = set(stage, audited("serial", true), "serial");
    const Chain orphan = stage.chain(east, 100);
    simulator.played().book().add("8944999999999999999", "262079999999999");
    OperatorBook& book = simulator.played().book();
    book.forget(iccid_of(east, 100).text());
    const AuditHealth health = sweep(stage);
    CHECK(health.last.unknown == 1);
    REQUIRE(health.unknown.size() == 1);
    CHECK(health.unknown[0].find("8944999999999999999") == std::string::npos);
    CHECK(health.last.unlisted == 1);
    REQUIRE(health.unlisted.size() == 1);
    CHECK(health.unlisted[0] == orphan.id);
    CHECK(health.last.compared == 99);
    CHECK(health.last.unread == 1);  // asked about, and not known there
    CHECK(stage.chain(east, 100) == orphan);
}

TEST_CASE("where something is under way nothing is compared and nothing asked") {
    Stage stage;
    OperatorSettings settings = audited("serial", true);
    set(stage, settings, "serial");
    stage.simulators.at(east)->played().knobs().lost_before = 1;
    stage.switch_card(east, 60, ServiceWish::active);
    stage.run_for(1s);
    stage.simulators.at(east)->played().knobs().lost_before = 0;
    const std::uint64_t reads = stage.chain(east, 60).exchange.read_number;
    const AuditHealth health = sweep(stage);
    CHECK(health.last.pending == 1);
    CHECK(health.last.compared == 99);
    CHECK(stage.chain(east, 60).exchange.read_number <= reads + 1);
}

TEST_CASE(
    "the audit keeps its pace, rests while the operator is paused, and goes on after a restart") {
    Stage stage;
    OperatorSettings settings = audited("serial", true);
    settings.audit.page_every = 1s;
    settings.audit.sweep_every = 90s;
    OperatorSimulator& simulator = set(stage, settings, "serial");
    sweep(stage);
    const auto before = said(simulator);
    stage.run_for(85s);  // the next one begins by itself
    stage.run_for(1500ms);
    const auto some = said(simulator) - before;
    CHECK(some >= 1);
    CHECK(some < 5);
    stage.stop();
    stage.start();
    settings.paused = true;
    stage.change(settings);
    stage.run_for(1min);
    CHECK(said(simulator) - before == some);
    settings.paused = false;
    stage.change(settings);
    stage.run_for(10s);
    CHECK(said(simulator) - before == 5);
    CHECK(stage.health(east).audit.state == AuditHealth::State::waiting);
    CHECK(stage.health(east).audit.last.compared == 100);
}

TEST_CASE("a list that breaks, hangs or does not get on is seen and tried again") {
    Stage stage;
    OperatorSimulator& simulator = set(stage, audited("serial", true), "serial");
    simulator.played().knobs().malformed = 1;
    REQUIRE(stage.operators->audit(east, Audit::Begin::check));
    stage.run_for(15s);
    CHECK(stage.health(east).audit.trouble == "malformed-answer");
    CHECK(stage.health(east).audit.state == AuditHealth::State::sweeping);
    simulator.played().knobs().malformed = 0;
    stage.run_for(15s);
    CHECK(stage.health(east).audit.trouble.empty());
    CHECK(stage.health(east).audit.state == AuditHealth::State::waiting);
}

TEST_CASE("an audit's place is read back as it was written") {
    AuditPosition place{.sweeping = true,
                        .reading = true,
                        .after = "89…\"",
                        .began = Time(5ms),
                        .ended = Time(6s),
                        .stopped = Time(7s),
                        .why = "many",
                        .go_through = true,
                        .now = {1, 2, 3, 4, 5, 6},
                        .last = {7, 8, 9, 10, 11, 12}};
    CHECK(decode_audit_position(encode(place)) == place);
    CHECK(decode_audit_position(encode(AuditPosition())) == AuditPosition());
    for (const char* bad : {"", "[]", "{\"now\":7}", "{\"sweeping\":1,\"began\":\"noon\"}"})
        CHECK(decode_audit_position(bad) == AuditPosition());
}
