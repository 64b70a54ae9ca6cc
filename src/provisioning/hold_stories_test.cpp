// Scenarios 5 and 6: the M2M SP holds and lifts; the operator suspends, resumes and terminates.
#include "provisioning/scene_test.hpp"

#include <doctest/doctest.h>

#include <string>

namespace msp {

using Answers = ScriptedOperator::Answers;

TEST_CASE("5: a hold of the M2M SP takes everything above it down, and the provider is told") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.heard(digger);
    CHECK(scene.hold(m2m_sp(), "mk-1", "unpaid") == "changed");
    CHECK(scene.service("EX-1") == "de-active");
    CHECK(scene.status("mk-1") == "de-active");
    CHECK(scene.heard(digger) == "device.status-changed equipment.status-changed");
    scene.pass();
    CHECK(scene.at_operator(1).state == NetworkState::de_active);
    CHECK(scene.with("EX-1").equipment->wish == Wish::active);

    CHECK(scene.hold(m2m_sp(), "mk-1", "unpaid") == "unchanged");
    CHECK(scene.lift(m2m_sp(), "mk-1", "unpaid") == "changed");
    CHECK(scene.lift(m2m_sp(), "mk-1", "unpaid") == "unchanged");
    scene.pass();
    CHECK(scene.service("EX-1") == "active");
}

TEST_CASE("5: lifting one reason lifts no other") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.hold(m2m_sp(), "mk-1", "unpaid");
    const std::uint64_t generation = scene.on("mk-1").exchange.generation;
    CHECK(scene.hold(m2m_sp(), "mk-1", "fraud") == "changed");
    CHECK(scene.on("mk-1").exchange.generation == generation);
    CHECK(scene.lift(m2m_sp(), "mk-1", "unpaid") == "changed");
    CHECK(scene.service("EX-1") == "de-active");
    CHECK(scene.on("mk-1").exchange.generation == generation);
    scene.lift(m2m_sp(), "mk-1", "fraud");
    scene.pass();
    CHECK(scene.service("EX-1") == "active");
}

TEST_CASE("5: only the M2M SP moves its hold, for a reason of the catalogue that people put") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    CHECK(scene.hold(digger, "mk-1", "unpaid") == "m2m-sp-only");
    CHECK(scene.lift(digger, "mk-1", "unpaid") == "m2m-sp-only");
    CHECK(scene.hold(maker, "mk-1", "unpaid") == "no-such-device");
    CHECK(scene.hold(m2m_sp(), "mk-9", "unpaid") == "no-such-device");
    for (const char* code : {"", "whim", "binding-conflict", "clearance-missing", "requested"})
        CHECK(scene.hold(m2m_sp(), "mk-1", code) == "unknown-reason");
    CHECK(scene.lift(m2m_sp(), "mk-1", "binding-conflict") == "unchanged");
    CHECK(scene.lift(m2m_sp(), "mk-1", "whim") == "unknown-reason");
}

TEST_CASE("5: holds have a revision of their own") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    MoveHold move{.name = Name::of(iccid(1)),
                  .code = "law",
                  .text = "file 3",
                  .if_match = {},
                  .origin = scene.by(m2m_sp())};
    move.if_match = scene.card(1).revisions.m2m_sp_hold + 1;
    CHECK(scene.play(move) == "revision-stale");
    move.if_match = scene.card(1).revisions.m2m_sp_hold;
    CHECK(scene.play(move) == "changed");
    const Revisions after = scene.card(1).revisions;
    scene.pass();
    scene.switch_device(maker, "mk-1", ServiceWish::de_active);
    CHECK(scene.card(1).revisions.m2m_sp_hold == after.m2m_sp_hold);
    CHECK(scene.card(1).revisions.customer_hold == after.customer_hold + 1);
}

TEST_CASE("5: a reason keeps its beginning when its words change") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    scene.hold(m2m_sp(), "mk-1", "law");
    const Time since = scene.now;
    scene.pass(Duration(60'000));
    CHECK(scene.hold(m2m_sp(), "mk-1", "law", true) == "changed");
    const Reason* reason = scene.on("mk-1").holds.find(Holder::m2m_sp, "law");
    CHECK(reason->since == since);
    CHECK(reason->follows_equipment);
}

TEST_CASE(
    "5: the customer cannot lift the M2M SP's hold, nor the M2M SP the customer's by its own") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.hold(m2m_sp(), "mk-1", "unpaid");
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::de_active) == "changed");
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::active) == "changed");
    scene.pass();
    CHECK(scene.service("EX-1") == "de-active");
    scene.switch_equipment(digger, "EX-1", Wish::de_active);
    scene.lift(m2m_sp(), "mk-1", "unpaid");
    scene.pass();
    CHECK(scene.status("mk-1") == "de-active");
    CHECK(scene.at_operator(1).state == NetworkState::de_active);
}

TEST_CASE("6: an operator that suspends and resumes moves its own hold, and nothing is ordered") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.heard(digger);
    const std::uint64_t generation = scene.card(1).exchange.generation;
    scene.at_operator(1).suspended = true;
    CHECK(scene.operator_says(1) == "heard");
    CHECK(scene.card(1).holds.find(Holder::network_operator, "operator-suspended"));
    CHECK(scene.service("EX-1") == "de-active");
    CHECK(scene.heard(digger) == "device.status-changed equipment.status-changed");
    scene.at_operator(1).suspended = false;
    scene.operator_says(1);
    CHECK(scene.service("EX-1") == "active");
    CHECK(scene.heard(digger) == "device.status-changed equipment.status-changed");
    CHECK(scene.card(1).exchange.generation == generation);
    CHECK(scene.history.back().cause == Cause::network_operator);
    CHECK(scene.history.back().actor.party == party_of(op_north));
}

TEST_CASE("6: an operator that resumes does not switch on what its equipment provider suspended") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.at_operator(1).suspended = true;
    scene.operator_says(1);
    scene.switch_equipment(digger, "EX-1", Wish::de_active);
    scene.pass();
    scene.at_operator(1).suspended = false;
    scene.operator_says(1);
    CHECK_FALSE(scene.card(1).holds.holds(Holder::network_operator));
    CHECK(scene.service("EX-1") == "de-active");
    CHECK(scene.at_operator(1).state == NetworkState::de_active);
}

TEST_CASE("6: the same report twice is heard once; one about nobody's is stored all the same") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    HearOperator heard{.from = op_north,
                       .event_id = "e-1",
                       .reference = scene.card(1).subscription.reference,
                       .imsi = {},
                       .body = "{}",
                       .origin = scene.by(party_of(op_north), Cause::network_operator)};
    scene.play(heard);
    CHECK(scene.answer().text == "heard");
    scene.pass();
    const Chain before = scene.card(1);
    scene.play(heard);
    CHECK(scene.answer().text == "heard before");
    CHECK(scene.card(1) == before);

    heard.event_id = "e-2";
    heard.reference = "89nobody";
    scene.play(heard);
    CHECK(scene.answer().text == "unknown subscription");
    CHECK(scene.record({Name::Kind::operator_event, "op-north", "e-2"}));

    heard.event_id = "e-3";
    heard.reference = scene.card(1).subscription.reference;
    heard.from = OperatorId::parse("op-south").value();
    scene.play(heard);
    CHECK(scene.answer().text == "unknown subscription");
}

TEST_CASE("6: a report that names only the IMSI makes it be read, and moves no hold by itself") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    scene.at_operator(1).suspended = true;
    scene.play(HearOperator{.from = op_north,
                            .event_id = "e-1",
                            .reference = {},
                            .imsi = imsi(1),
                            .body = "{}",
                            .origin = scene.by(party_of(op_north), Cause::network_operator)});
    CHECK_FALSE(scene.card(1).holds.holds(Holder::network_operator));
    CHECK(scene.card(1).exchange.read_due);
    scene.pass();
    CHECK(scene.card(1).holds.holds(Holder::network_operator));
}

TEST_CASE("6: a subscription that the operator terminated is lost: only stop and replace remain") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.at_operator(1).state = NetworkState::reclaimed;
    scene.operator_says(1);
    CHECK(scene.card(1).lost);
    CHECK(scene.card(1).holds.find(Holder::network_operator, "lost"));
    CHECK(scene.service("EX-1") == "de-active");
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::de_active) == "changed");
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::active) == "subscription-lost");
    CHECK(scene.switch_device(digger, "mk-1", ServiceWish::active) == "subscription-lost");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::replaced, device("mk-1"),
                              scene.with("EX-1").revisions.wish) == "changed");
    CHECK(reclaimed(scene.card(1)));
    CHECK_FALSE(scene.card(1).exchange.due);
    CHECK(scene.operator_says(1) == "reclaimed subscription");
    CHECK(scene.told[EventType::reclaimed_subscription_reported] == 1);
}

TEST_CASE("6: a lost subscription without equipment is stopped by the M2M SP, and its IMSI free") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    scene.at_operator(1).state = NetworkState::reclaimed;
    scene.operator_says(1);
    CHECK(scene.switch_card(maker, 1, ServiceWish::de_active) == "changed");
    CHECK(scene.switch_card(maker, 1, ServiceWish::active) == "subscription-lost");
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::stopped,
                            scene.card(1).revisions.customer_hold) == "changed");
    CHECK(reclaimed(scene.card(1)));
    CHECK(scene.register_card(1) == "changed");
}

TEST_CASE("6: a lost subscription joins no device and no equipment, not by a claim either") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    scene.at_operator(1).state = NetworkState::reclaimed;
    scene.operator_says(1);
    REQUIRE(scene.card(1).lost);
    CHECK(scene.report_card("mk-1", 1) == "subscription-lost");
    CHECK(scene.decide_claim(maker, scene.newest_claim(), true) == "subscription-lost");

    scene.device_at_digger("mk-2", 2);
    scene.at_operator(2).state = NetworkState::reclaimed;
    scene.operator_says(2);
    CHECK(scene.report_equipment("mk-2", "EX-2") == "subscription-lost");
    CHECK(scene.decide_claim(digger, scene.newest_claim(), true) == "subscription-lost");
    CHECK(scene.report_card("mk-2", 2) == "unchanged");
}

TEST_CASE("6: an operator that switches off by itself is drift: ours is sent again, and told") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.at_operator(1).state = NetworkState::de_active;
    scene.operator_says(1);
    scene.pass();
    CHECK(scene.told[EventType::drift_found] == 1);
    CHECK(scene.at_operator(1).state == NetworkState::active);
    CHECK(scene.service("EX-1") == "active");
}

TEST_CASE("an order that is refused is parked and told; staff retry it, or a newer wish goes") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.network.answers = Answers::refuses;
    scene.switch_equipment(digger, "EX-1", Wish::de_active);
    scene.heard(digger);
    scene.pass();
    REQUIRE(scene.card(1).exchange.parked);
    CHECK(scene.card(1).exchange.parked->reason == "not today");
    CHECK(scene.heard(digger) == "order.refused");
    CHECK(settled(scene.card(1)));

    const Name name = Name::of(digger, equipment("EX-1"));
    CHECK(scene.play(AskOperator{name, true, scene.by(digger)}) == "m2m-sp-only");
    scene.network.answers = Answers::at_once;
    CHECK(scene.play(AskOperator{name, true, scene.by(m2m_sp())}) == "changed");
    scene.pass();
    CHECK(scene.at_operator(1).state == NetworkState::de_active);
    CHECK(scene.play(AskOperator{name, true, scene.by(m2m_sp())}) == "nothing-to-retry");
}

TEST_CASE("an answer that is lost is asked for, whatever became of the order") {
    for (const Answers answers : {Answers::is_silent, Answers::is_deaf, Answers::unreachable,
                                  Answers::busy, Answers::later}) {
        for (const bool fences : {true, false}) {
            CAPTURE(int(answers));
            CAPTURE(fences);
            OperatorProfile profile;
            profile.can.fences_by_generation = fences;
            Scene scene(profile);
            scene.register_card(1);
            scene.issue(1, maker);
            scene.network.answers = answers;
            scene.switch_card(maker, 1, ServiceWish::active);
            scene.pass(Duration(100));
            CHECK(m2m_status(scene.card(1)) == Status::de_active);
            scene.network.answers = Answers::at_once;
            scene.finish();
            scene.pass(Duration(200'000));
            CHECK(m2m_status(scene.card(1)) == Status::active);
            CHECK(settled(scene.card(1)));
        }
    }
}

TEST_CASE("an order that was accepted is answered by the operator's report, once") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    scene.network.answers = Answers::later;
    scene.switch_card(maker, 1, ServiceWish::active);
    scene.pass();
    REQUIRE(scene.card(1).exchange.in_flight);
    HearAnswer answer{.heard = {.from = op_north,
                                .event_id = "e-1",
                                .reference = scene.card(1).subscription.reference,
                                .imsi = {},
                                .body = "{}",
                                .origin = scene.by(party_of(op_north), Cause::network_operator)},
                      .reference = scene.card(1).exchange.in_flight->reference,
                      .outcome = {.kind = Outcome::Kind::done, .reason = {}, .retry_after = {}},
                      .talk = scene.talk(scene.card(1))};
    scene.finish();
    scene.play(answer);
    CHECK(scene.answer().text == "heard");
    CHECK(scene.card(1).exchange.confirmed == 1);
    scene.pass(Duration(60'000));
    CHECK(m2m_status(scene.card(1)) == Status::active);

    const Chain before = scene.card(1);
    scene.play(answer);
    CHECK(scene.answer().text == "heard before");
    answer.heard.event_id = "e-2";
    scene.play(answer);
    CHECK(scene.answer().text == "answered before");
    CHECK(scene.card(1) == before);
    answer.heard.event_id = "e-3";
    answer.heard.reference = "89nobody";
    scene.play(answer);
    CHECK(scene.answer().text == "unknown subscription");
    CHECK(scene.record({Name::Kind::operator_event, "op-north", "e-3"}));
}

TEST_CASE("6: a report that names an order by the operator's own name answers that order alone") {
    for (const bool names_card : {true, false}) {
        CAPTURE(names_card);
        Scene scene;
        scene.register_card(1);
        scene.network.answers = Answers::holds_back;
        scene.switch_card(m2m_sp(), 1, ServiceWish::active);
        scene.pass();
        const OrderReference ours = scene.card(1).exchange.in_flight->reference;
        const Outcome accepted{Outcome::Kind::accepted, {}, {}, "request-7"};
        scene.play(TakeOutcome{scene.talk(scene.card(1)), ours, accepted});
        HearAnswer answer{
            .heard = {.from = op_north,
                      .event_id = "e-1",
                      .reference = names_card ? scene.card(1).subscription.reference
                                              : SubscriptionReference(),
                      .imsi = {},
                      .body = "{}",
                      .origin = scene.by(party_of(op_north), Cause::network_operator)},
            .reference = {},
            .outcome = {.kind = Outcome::Kind::refused, .reason = "no", .retry_after = {}},
            .talk = scene.talk(scene.card(1)),
            .operator_reference = "request-8"};
        const Chain before = scene.card(1);
        scene.play(answer);
        CHECK(scene.answer().text == (names_card ? "heard" : "answered before"));
        CHECK(scene.card(1).exchange.read_due == names_card);
        CHECK(scene.card(1).exchange.in_flight == before.exchange.in_flight);

        answer.heard.event_id = "e-2";
        answer.operator_reference = "request-7";
        answer.heard.from = OperatorId::parse("op-south").value();
        scene.play(answer);
        CHECK(scene.answer().text == "unknown subscription");
        CHECK_FALSE(scene.card(1).exchange.parked);

        answer.heard.from = op_north;
        answer.heard.event_id = "e-3";
        scene.play(answer);
        CHECK(scene.answer().text == "heard");
        REQUIRE(scene.card(1).exchange.parked);
        CHECK(scene.card(1).exchange.parked->reason == "no");
        answer.heard.event_id = "e-4";
        scene.play(answer);
        CHECK(scene.answer().text == (names_card ? "heard" : "answered before"));
        CHECK(scene.card(1).exchange.parked);
        scene.pass();
        CHECK(scene.card(1).exchange.parked);
    }
}

TEST_CASE("a party asks the operator about what is its own, and nothing is ordered by that") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    const auto ask = [&scene](const Name& name, const PartyId& who) {
        return scene.play(AskOperator{name, false, scene.by(who)});
    };
    const std::uint64_t reads = scene.card(1).exchange.read_number;
    CHECK(ask(Name::of(digger, equipment("EX-1")), digger) == "changed");
    scene.pass();
    CHECK(scene.card(1).exchange.read_number == reads + 1);
    CHECK(ask(Name::of(iccid(1)), m2m_sp()) == "changed");
    CHECK(ask(Name::of(digger, equipment("EX-1")), maker) == "no-such-equipment");
    CHECK(ask(Name::of(device("mk-1")), rival) == "no-such-device");
    CHECK(ask(Name::of(iccid(9)), m2m_sp()) == "no-such-card");
}

}  // namespace msp
