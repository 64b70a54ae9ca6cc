// Scenarios 2a and 2b: cards are issued and switched.
#include "provisioning/scene_test.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace msp {

TEST_CASE("2a: an issued card is its provider's, and held; the M2M SP takes it back or on") {
    Scene scene;
    scene.register_card(1);
    CHECK(scene.issue(1, maker) == "changed");
    CHECK(scene.card(1).customer == maker);
    CHECK(scene.card(1).holder == maker);
    CHECK(scene.card(1).holds.find(Holder::customer, "issued"));
    CHECK(scene.heard(maker) == "card.issued card.holds-changed");
    CHECK(scene.issue(1, maker) == "unchanged");

    scene.switch_card(maker, 1, ServiceWish::active);
    scene.pass();
    CHECK(scene.issue(1, rival) == "changed");
    CHECK(scene.card(1).holds.holds(Holder::customer));
    CHECK(scene.switch_card(maker, 1, ServiceWish::de_active) == "no-such-card");
    CHECK(scene.switch_card(rival, 1, ServiceWish::active) == "changed");
    CHECK(scene.issue(1, m2m_sp()) == "changed");
    CHECK(scene.card(1).customer == m2m_sp());
}

TEST_CASE("2a: a card that goes on to another provider is held anew, since then") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    scene.pass(Duration(60'000));
    scene.issue(1, rival);
    CHECK(scene.card(1).holds.find(Holder::customer, "issued")->since == scene.now);
}

TEST_CASE("2a: cards are issued by the M2M SP alone, to an open device provider that there is") {
    Scene scene;
    scene.register_card(1);
    const auto issue_by = [&scene](const PartyId& who, const PartyId& to) {
        return scene.play(IssueCards{{iccid(1)}, to, scene.parties, scene.by(who)});
    };
    CHECK(issue_by(maker, maker) == "m2m-sp-only");
    CHECK(issue_by(m2m_sp(), digger) == "not-a-device-provider");
    CHECK(issue_by(m2m_sp(), closed) == "party-closed");
    CHECK(issue_by(m2m_sp(), sample::party("nobody")) == "no-such-party");
    CHECK(scene.answer().refusal->pointer == "/to");
}

TEST_CASE("2a: many cards are answered one by one, and one that does not fit holds up no other") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    for (int number : {2, 3}) scene.register_card(number);
    scene.switch_card(m2m_sp(), 3, ServiceWish::stopped, 1);
    const IssueCards many{{iccid(1), iccid(2), iccid(2), iccid(3), iccid(4)},
                          rival,
                          scene.parties,
                          scene.by(m2m_sp())};
    CHECK(scene.play_each(many) == "device-bound changed already-stopped no-such-card");
}

TEST_CASE("2b: the customer switches its card; the order follows, and active waits to be seen") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    scene.heard(maker);
    CHECK(scene.switch_card(maker, 1, ServiceWish::active) == "changed");
    CHECK(admission_open(scene.card(1)));
    CHECK(m2m_status(scene.card(1)) == Status::de_active);
    CHECK(scene.heard(maker) == "card.holds-changed");
    scene.pass();
    CHECK(m2m_status(scene.card(1)) == Status::active);
    CHECK(scene.at_operator(1).state == NetworkState::active);
    CHECK(scene.heard(maker) == "network.status-changed card.status-changed");

    CHECK(scene.switch_card(maker, 1, ServiceWish::de_active) == "changed");
    CHECK(m2m_status(scene.card(1)) == Status::de_active);
    scene.pass();
    CHECK(scene.at_operator(1).state == NetworkState::de_active);
}

TEST_CASE("2b: switching twice changes nothing the second time") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    for (const ServiceWish wish : {ServiceWish::active, ServiceWish::de_active}) {
        CHECK(scene.switch_card(maker, 1, wish) == "changed");
        const std::uint64_t generation = scene.card(1).exchange.generation;
        CHECK(scene.switch_card(maker, 1, wish) == "unchanged");
        CHECK(scene.card(1).exchange.generation == generation);
    }
}

TEST_CASE("2b: another party's card cannot be told from none") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    for (const PartyId& other : {rival, digger}) {
        CHECK(scene.switch_card(other, 1, ServiceWish::active) == "no-such-card");
        const Answer theirs = scene.answer();
        CHECK(scene.switch_card(other, 99, ServiceWish::active) == "no-such-card");
        CHECK(scene.answer() == theirs);
    }
}

TEST_CASE("2b: the M2M SP switches on the customer's behalf, and the event names both") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::active) == "changed");
    const Actor& actor = scene.history.back().actor;
    CHECK(actor.party == m2m_sp());
    CHECK(actor.on_behalf_of == maker);
    scene.switch_card(maker, 1, ServiceWish::de_active);
    CHECK_FALSE(scene.history.back().actor.on_behalf_of);
}

TEST_CASE("2b: a test ends at the time named, by itself, and not before") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    const Time end = scene.now + Duration(3'600'000);
    CHECK(scene.switch_card(maker, 1, ServiceWish::active, {}, scene.now) == "until-past");
    CHECK(scene.answer().refusal->pointer == "/until");
    CHECK(scene.switch_card(maker, 1, ServiceWish::active, {}, end) == "changed");
    scene.pass(Duration(3'599'999));
    CHECK(m2m_status(scene.card(1)) == Status::active);
    scene.pass(Duration(1));
    CHECK(m2m_status(scene.card(1)) == Status::de_active);
    CHECK(scene.card(1).holds.find(Holder::customer, "test-over"));
    CHECK_FALSE(scene.card(1).until);
    CHECK(scene.at_operator(1).state == NetworkState::de_active);
    bool by_timer = false;
    for (const Event& event : scene.history) by_timer |= event.cause == Cause::timer;
    CHECK(by_timer);
}

TEST_CASE("2b: the end of a test may be moved and taken away, and belongs to active alone") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    const Time soon = scene.now + Duration(1'000);
    CHECK(scene.switch_card(maker, 1, ServiceWish::de_active, {}, soon) == "invalid");
    CHECK(scene.answer().refusal->pointer == "/until");
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::stopped, 2, soon) == "invalid");
    scene.switch_card(maker, 1, ServiceWish::active, {}, soon);
    const std::uint32_t revision = scene.card(1).revisions.customer_hold;
    CHECK(scene.switch_card(maker, 1, ServiceWish::active, {}, soon + Duration(9'000)) ==
          "changed");
    CHECK(scene.card(1).revisions.customer_hold == revision + 1);
    scene.pass(Duration(1'000));
    CHECK(m2m_status(scene.card(1)) == Status::active);
    CHECK(scene.switch_card(maker, 1, ServiceWish::active) == "changed");
    scene.pass(Duration(100'000));
    CHECK(m2m_status(scene.card(1)) == Status::active);
    CHECK(scene.switch_card(maker, 1, ServiceWish::active, {}, scene.now + Duration(1)) ==
          "changed");
    CHECK(scene.switch_card(maker, 1, ServiceWish::de_active) == "changed");
    CHECK_FALSE(scene.card(1).until);
}

TEST_CASE("2b: a test that ends while the operator is silent ends all the same") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    scene.network.answers = ScriptedOperator::Answers::holds_back;
    scene.switch_card(maker, 1, ServiceWish::active, {}, scene.now + Duration(5'000));
    scene.pass(Duration(5'000));
    CHECK(scene.card(1).exchange.in_flight);
    CHECK(scene.card(1).holds.find(Holder::customer, "test-over"));
    scene.network.answers = ScriptedOperator::Answers::at_once;
    scene.pass(Duration(300'000));
    CHECK(scene.at_operator(1).state == NetworkState::de_active);
    CHECK(settled(scene.card(1)));
}

TEST_CASE(
    "2b: what comes after the end of a test, before anybody looked, is not due later than it") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    scene.switch_card(maker, 1, ServiceWish::active, {}, scene.now + Duration(1'000));
    scene.pass();
    scene.report_card("mk-1", 1);
    scene.now += Duration(2'000);
    CHECK(scene.hold(m2m_sp(), "mk-1", "fraud") == "changed");
    CHECK(scene.card(1).exchange.due <= scene.card(1).until);
    scene.pass();
    CHECK(scene.card(1).holds.find(Holder::customer, "test-over"));
}

TEST_CASE("2b: of two switchings while an order is in flight, the newer wins") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    scene.network.answers = ScriptedOperator::Answers::holds_back;
    scene.switch_card(maker, 1, ServiceWish::active);
    scene.pass();
    REQUIRE(scene.card(1).exchange.in_flight);
    CHECK(scene.switch_card(maker, 1, ServiceWish::de_active) == "changed");
    CHECK(scene.switch_card(maker, 1, ServiceWish::active) == "changed");
    CHECK(scene.switch_card(maker, 1, ServiceWish::de_active) == "changed");
    scene.network.answers = ScriptedOperator::Answers::at_once;
    scene.release();
    scene.pass(Duration(300'000));
    CHECK(scene.at_operator(1).state == NetworkState::de_active);
    CHECK(settled(scene.card(1)));
}

TEST_CASE("2b: If-Match of an older revision changes nothing") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    const std::uint32_t seen = scene.card(1).revisions.customer_hold;
    scene.switch_card(maker, 1, ServiceWish::active);
    CHECK(scene.switch_card(maker, 1, ServiceWish::de_active, seen) == "revision-stale");
    CHECK(scene.switch_card(maker, 1, ServiceWish::de_active, seen + 1) == "changed");
}

TEST_CASE("2b: the operator's confirmation moves no revision") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    scene.switch_card(maker, 1, ServiceWish::active);
    const Revisions before = scene.card(1).revisions;
    scene.pass();
    CHECK(m2m_status(scene.card(1)) == Status::active);
    CHECK(scene.card(1).revisions == before);
}

TEST_CASE("2b: stopping ends a test with the rest, and moves the revision that it was made for") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    scene.switch_card(maker, 1, ServiceWish::active, {}, scene.now + Duration(60'000));
    const std::uint32_t revision = scene.card(1).revisions.customer_hold;
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::stopped, revision) == "changed");
    CHECK_FALSE(scene.card(1).until);
    CHECK(scene.card(1).revisions.customer_hold == revision + 1);
}

TEST_CASE("2b: a card is stopped by the M2M SP alone, with If-Match, once, and for ever") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    const std::uint32_t revision = scene.card(1).revisions.customer_hold;
    CHECK(scene.switch_card(maker, 1, ServiceWish::stopped, revision) == "m2m-sp-only");
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::stopped) == "revision-missing");
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::stopped, revision - 1) == "revision-stale");
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::stopped, revision) == "changed");
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::stopped, revision) == "unchanged");
    CHECK_FALSE(scene.history.back().actor.on_behalf_of);
    scene.pass();
    CHECK(scene.at_operator(1).state == NetworkState::reclaimed);
    for (const PartyId& party : {maker, m2m_sp()})
        for (const ServiceWish wish : {ServiceWish::active, ServiceWish::de_active})
            CHECK(scene.switch_card(party, 1, wish) == "already-stopped");
    CHECK(scene.switch_card(maker, 1, ServiceWish::stopped, revision) == "m2m-sp-only");
}

}  // namespace msp
