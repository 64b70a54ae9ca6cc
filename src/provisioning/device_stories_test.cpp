// Scenarios 2c, 2d, 2e, 2h and 2i: devices report their cards, change hands, are switched; claims.
#include "provisioning/scene_test.hpp"

#include <doctest/doctest.h>

#include <string>

namespace msp {

// Card `number` is issued to `provider` and in its test.
static void card_in_test(Scene& scene, int number, const PartyId& provider = maker) {
    scene.register_card(number);
    scene.issue(number, provider);
    REQUIRE(scene.switch_card(provider, number, ServiceWish::active) == "changed");
    scene.pass();
}

static ReportCard report(const Scene& scene, std::string_view id, int number) {
    return {.device = device(id),
            .provider = maker,
            .iccid = iccid(number),
            .imsi = imsi(number),
            .imei = {},
            .eid = {},
            .claim = "c-own",
            .origin = scene.by(maker, Cause::device)};
}

TEST_CASE(
    "2c: a device is bound to the card it reports in its test, and the same again is nothing") {
    Scene scene;
    card_in_test(scene, 1);
    scene.heard(maker);
    ReportCard said = report(scene, "mk-1", 1);
    said.imei = Imei::parse("490154203237518", CheckDigit::strict).value();
    CHECK(scene.play(said) == "changed");
    CHECK(scene.on("mk-1").device->imei == said.imei);
    CHECK(scene.on("mk-1").id == scene.card(1).id);
    CHECK(scene.heard(maker) == "device.bound");
    CHECK(scene.history.back().cause == Cause::device);
    CHECK(scene.status("mk-1") == "active");

    CHECK(scene.play(said) == "unchanged");
    scene.switch_card(maker, 1, ServiceWish::de_active);
    CHECK(scene.play(said) == "unchanged");
}

TEST_CASE("2c: without a test there is no window for a claim; the test need not be confirmed") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    CHECK(scene.report_card("mk-1", 1) == "not-admitted");
    scene.network.answers = ScriptedOperator::Answers::holds_back;
    scene.switch_card(maker, 1, ServiceWish::active);
    scene.pass();
    CHECK(scene.card(1).exchange.in_flight);
    CHECK(scene.report_card("mk-1", 1) == "changed");
    CHECK(scene.status("mk-1") == "de-active");
}

TEST_CASE("2c: a hold of the M2M SP or of the operator closes the window, too") {
    Scene scene;
    card_in_test(scene, 1);
    scene.play(MoveHold{.name = Name::of(iccid(1)),
                        .code = "fraud",
                        .text = {},
                        .if_match = {},
                        .origin = scene.by(m2m_sp())});
    CHECK(scene.report_card("mk-1", 1) == "not-admitted");
    card_in_test(scene, 2);
    scene.at_operator(2).suspended = true;
    scene.operator_says(2);
    CHECK(scene.report_card("mk-2", 2) == "not-admitted");
}

TEST_CASE(
    "2c: what contradicts the record is refused, kept as received, and told to who it concerns") {
    Scene scene;
    card_in_test(scene, 1);
    card_in_test(scene, 2);
    REQUIRE(scene.report_card("mk-1", 1) == "changed");
    scene.heard(maker);

    CHECK(scene.report_card("mk-2", 1) == "card-bound-elsewhere");
    CHECK(scene.on("mk-1").id == scene.card(1).id);
    CHECK(scene.status("mk-1") == "active");
    CHECK(scene.heard(maker) == "binding.refused");
    const Claim claim = scene.claim(scene.newest_claim());
    CHECK(claim.kind == Claim::Kind::card);
    CHECK(claim.state == Claim::State::open);
    CHECK(claim.device == device("mk-2"));
    CHECK(claim.iccid == iccid(1).text());
    CHECK(claim.imsi == imsi(1).text());
    CHECK(claim.refused == RefusalCode::card_bound_elsewhere);
    CHECK(claim.owner == maker);
    CHECK(scene.answer().text == claim.id.view());

    ReportCard other_imsi = report(scene, "mk-2", 2);
    other_imsi.imsi = imsi(1);
    CHECK(scene.play(other_imsi) == "imsi-differs");
    CHECK(scene.report_card("mk-2", 99) == "no-such-card");
    scene.register_card(3);
    CHECK(scene.report_card("mk-2", 3) == "not-issued-to-provider");
}

TEST_CASE("2c: nobody learns of another party's card by claiming it") {
    Scene scene;
    card_in_test(scene, 1);
    scene.heard(maker);
    CHECK(scene.report_card("rv-1", 1, rival) == scene.report_card("rv-1", 99, rival));
    CHECK(scene.report_card("rv-1", 1, rival) == "no-such-card");
    CHECK(scene.heard(maker).empty());
    CHECK(scene.heard(rival) == "binding.refused binding.refused binding.refused");
    CHECK(scene.claim(scene.newest_claim()).owner == rival);
    CHECK_FALSE(scene.history.back().after);
}

TEST_CASE("2c: another eUICC than the registered one is refused") {
    Scene scene;
    const Eid eid = Eid::parse("89049032123451234512345678901235", CheckDigit::strict).value();
    const Eid other = Eid::parse("89049032123451234512345678901299", CheckDigit::warn).value();
    CardRow row{.line = 1,
                .iccid = iccid(1),
                .imsi = imsi(1),
                .reference = {},
                .msisdn = {},
                .mdn = {},
                .eid = eid,
                .fresh = ChainId{77}};
    scene.play(RegisterCards{.at = op_north,
                             .batch = BatchId::parse("b1").value(),
                             .rows = {row},
                             .origin = scene.by(m2m_sp())});
    scene.issue(1, maker);
    scene.switch_card(maker, 1, ServiceWish::active);
    ReportCard said = report(scene, "mk-1", 1);
    said.eid = other;
    CHECK(scene.play(said) == "eid-differs");
    said.eid = eid;
    CHECK(scene.play(said) == "changed");
}

TEST_CASE(
    "2c: a stopped card takes no device, and a stopped device starts again with a fresh card") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    scene.network.answers = ScriptedOperator::Answers::holds_back;
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::stopped,
                            scene.card(1).revisions.customer_hold) == "changed");
    CHECK(scene.report_card("mk-2", 1) == "already-stopped");
    CHECK(scene.switch_device(maker, "mk-1", ServiceWish::active) == "already-stopped");
    scene.network.answers = ScriptedOperator::Answers::at_once;
    scene.pass(Duration(60'000));

    card_in_test(scene, 2);
    CHECK(scene.report_card("mk-1", 2) == "changed");
    CHECK(scene.on("mk-1").id == scene.card(2).id);
    CHECK(scene.status("mk-1") == "active");
}

TEST_CASE("2i: another card of the same provider takes the place of the one before") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    card_in_test(scene, 2);
    scene.heard(maker);
    CHECK(scene.report_card("mk-1", 2) == "changed");
    CHECK(scene.heard(maker) == "device.unbound card.status-changed device.bound");
    CHECK(scene.on("mk-1").id == scene.card(2).id);
    CHECK_FALSE(scene.card(1).device);
    CHECK(scene.card(1).holds.find(Holder::customer, "rebound"));
    CHECK(scene.answer().chains.size() == 1);
    CHECK(scene.answer().chains[0].id == scene.card(2).id);
    scene.pass();
    CHECK(scene.at_operator(1).state == NetworkState::de_active);

    scene.switch_card(maker, 1, ServiceWish::active);
    CHECK(scene.report_card("mk-2", 1) == "changed");
}

TEST_CASE("2i: the M2M SP's reasons go with the device, and stay with the card") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    card_in_test(scene, 2);
    CHECK(scene.hold(m2m_sp(), "mk-1", "unpaid") == "changed");
    CHECK(scene.report_card("mk-1", 2) == "changed");
    for (int number : {1, 2}) {
        const Reason* reason = scene.card(number).holds.find(Holder::m2m_sp, "unpaid");
        REQUIRE(reason);
        CHECK(reason->text == "invoice 7");
        CHECK(reason->by.party == m2m_sp());
    }
    CHECK(scene.status("mk-1") == "de-active");
}

TEST_CASE("2i: a device that is another party's, or in an equipment, keeps its card") {
    Scene scene;
    scene.device_at_digger("mk-1", 1);
    scene.device_in_equipment("mk-3", 3, "EX-3");
    card_in_test(scene, 2);
    scene.heard(digger);
    for (const char* id : {"mk-1", "mk-3"}) {
        CHECK(scene.report_card(id, 2) == "device-bound-elsewhere");
        CHECK(scene.claim(scene.newest_claim()).owner == digger);
    }
    CHECK(scene.heard(digger) == "binding.refused binding.refused");
    CHECK(scene.on("mk-1").id == scene.card(1).id);
    CHECK_FALSE(scene.card(2).device);
}

TEST_CASE("2d: a device handed over is its taker's, held, and the giver's calls are refused") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    scene.heard(maker);
    CHECK(scene.hand_over(maker, "mk-1", digger) == "changed");
    CHECK(scene.on("mk-1").customer == digger);
    CHECK(scene.on("mk-1").holder == maker);
    CHECK(scene.on("mk-1").holds.find(Holder::customer, "handed-over"));
    CHECK(scene.heard(maker) == "device.handed-over device.status-changed");
    CHECK(scene.heard(digger) == "device.handed-over device.status-changed");
    scene.pass();
    CHECK(scene.at_operator(1).state == NetworkState::de_active);

    CHECK(scene.hand_over(maker, "mk-1", digger) == "no-such-device");
    CHECK(scene.hand_over(m2m_sp(), "mk-1", digger) == "unchanged");
    CHECK(scene.switch_device(maker, "mk-1", ServiceWish::active) == "no-such-device");
    CHECK(scene.switch_card(maker, 1, ServiceWish::active) == "no-such-card");
    CHECK(scene.play(AskOperator{Name::of(device("mk-1")), false, scene.by(maker)}) ==
          "no-such-device");
    CHECK(scene.heard(maker).empty());
}

TEST_CASE("2d: a device is returned to its provider, or taken back by the M2M SP") {
    Scene scene;
    scene.device_at_digger("mk-1", 1);
    CHECK(scene.hand_over(digger, "mk-1", rival) == "changed");
    CHECK(scene.hand_over(rival, "mk-1", maker) == "changed");
    CHECK(scene.on("mk-1").customer == maker);
    CHECK(scene.hand_over(maker, "mk-1", digger) == "changed");
    CHECK(scene.hand_over(m2m_sp(), "mk-1", maker) == "changed");
    CHECK(scene.switch_device(maker, "mk-1", ServiceWish::active) == "changed");
}

TEST_CASE("2d: a device that goes on is held anew, by who gave it and since then") {
    Scene scene;
    scene.device_at_digger("mk-1", 1);
    scene.pass(Duration(60'000));
    CHECK(scene.hand_over(digger, "mk-1", crane) == "changed");
    const Reason* held = scene.on("mk-1").holds.find(Holder::customer, "handed-over");
    REQUIRE(held);
    CHECK(held->since == scene.now);
    CHECK(held->by.party == digger);
}

TEST_CASE("2d: devices go to an open equipment provider, and not out of an equipment") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    scene.device_in_equipment("mk-2", 2, "EX-2");
    scene.device_in_test("mk-3", 3);
    scene.switch_card(m2m_sp(), 3, ServiceWish::stopped, scene.card(3).revisions.customer_hold);
    CHECK(scene.hand_over(maker, "mk-1", closed) == "party-closed");
    CHECK(scene.hand_over(maker, "mk-1", sample::party("nobody")) == "no-such-party");
    CHECK(scene.answer().refusal->pointer == "/to");
    CHECK(scene.hand_over(maker, "mk-1", m2m_sp()) == "not-an-equipment-provider");
    CHECK(scene.hand_over(digger, "mk-2", rival) == "equipment-bound");
    CHECK(scene.hand_over(rival, "mk-1", rival) == "no-such-device");
    CHECK(scene.play_each(HandOver{
              {device("mk-1"), device("mk-2"), device("mk-9"), device("mk-3"), device("mk-1")},
              crane,
              scene.parties,
              scene.by(m2m_sp())}) == "changed equipment-bound no-such-device already-stopped");
}

TEST_CASE("2d: handing over ends a test and lifts no hold of the M2M SP or the operator") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    scene.switch_device(maker, "mk-1", ServiceWish::active, {}, scene.now + Duration(60'000));
    scene.hold(m2m_sp(), "mk-1", "contract");
    scene.at_operator(1).suspended = true;
    scene.operator_says(1);
    CHECK(scene.hand_over(maker, "mk-1", digger) == "changed");
    CHECK_FALSE(scene.on("mk-1").until);
    CHECK(scene.on("mk-1").holds.find(Holder::m2m_sp, "contract"));
    CHECK(scene.on("mk-1").holds.find(Holder::network_operator, "operator-suspended"));
}

TEST_CASE("2d: a device is handed over while an order is in flight") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    scene.switch_device(maker, "mk-1", ServiceWish::de_active);
    scene.pass();
    scene.network.answers = ScriptedOperator::Answers::holds_back;
    scene.switch_device(maker, "mk-1", ServiceWish::active);
    scene.pass();
    REQUIRE(scene.on("mk-1").exchange.in_flight);
    CHECK(scene.hand_over(maker, "mk-1", digger) == "changed");
    scene.heard(maker);
    scene.network.answers = ScriptedOperator::Answers::at_once;
    scene.release();
    scene.pass(Duration(60'000));
    CHECK(scene.at_operator(1).state == NetworkState::de_active);
    CHECK(scene.status("mk-1") == "de-active");
    CHECK(scene.heard(maker).empty());
}

TEST_CASE("2e: the equipment provider switches its device, and the M2M SP on its behalf") {
    Scene scene;
    scene.device_at_digger("mk-1", 1);
    CHECK(scene.switch_device(digger, "mk-1", ServiceWish::active) == "changed");
    scene.pass();
    CHECK(scene.status("mk-1") == "active");
    CHECK(scene.switch_device(m2m_sp(), "mk-1", ServiceWish::de_active) == "changed");
    CHECK(scene.history.back().actor.on_behalf_of == digger);
    CHECK(scene.status("mk-1") == "de-active");
    CHECK(scene.switch_device(crane, "mk-1", ServiceWish::active) == "no-such-device");
    CHECK(scene.switch_device(m2m_sp(), "mk-1", ServiceWish::active) == "changed");
    CHECK(scene.switch_device(digger, "mk-1", ServiceWish::active) == "unchanged");
}

TEST_CASE("2h: accepting asks for everything but the window, and leaves the claim open") {
    Scene scene;
    card_in_test(scene, 1);
    REQUIRE(scene.report_card("mk-1", 1) == "changed");
    CHECK(scene.report_card("mk-2", 1) == "card-bound-elsewhere");
    const ClaimId claim = scene.newest_claim();
    CHECK(scene.decide_claim(m2m_sp(), claim, true) == "card-bound-elsewhere");
    CHECK(scene.claim(claim).state == Claim::State::open);

    card_in_test(scene, 2);
    CHECK(scene.report_card("mk-1", 2) == "changed");
    CHECK(scene.decide_claim(m2m_sp(), claim, true) == "changed");
    CHECK(scene.on("mk-2").id == scene.card(1).id);
}

TEST_CASE("2h: a claim that is dismissed stays so, and the device may be refused again") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    ReportCard said = report(scene, "mk-1", 1);
    CHECK(scene.play(said) == "not-admitted");
    CHECK(scene.decide_claim(maker, said.claim, false) == "changed");
    const std::size_t told = scene.history.size();
    CHECK(scene.play(said) == "not-admitted");
    CHECK(scene.claim(said.claim).state == Claim::State::dismissed);
    CHECK(scene.history.size() == told);
    CHECK(scene.decide_claim(maker, said.claim, true) == "claim-closed");
}

TEST_CASE("2h: one report under one claim is told again only when its refusal is another") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    ReportCard said = report(scene, "mk-1", 1);
    CHECK(scene.play(said) == "not-admitted");
    scene.pass(Duration(60'000));
    said.origin.at = scene.now;
    CHECK(scene.play(said) == "not-admitted");
    CHECK(scene.told[EventType::binding_refused] == 1);
    scene.issue(1, m2m_sp());
    CHECK(scene.play(said) == "not-issued-to-provider");
    CHECK(scene.told[EventType::binding_refused] == 2);
    CHECK(scene.claim(said.claim).refused == RefusalCode::not_issued_to_provider);

    scene.issue(1, maker);
    CHECK(scene.play(said) == "not-admitted");
    CHECK(scene.decide_claim(maker, said.claim, true) == "changed");
    scene.switch_card(m2m_sp(), 1, ServiceWish::stopped, scene.card(1).revisions.customer_hold);
    CHECK(scene.play(said) == "already-stopped");
    CHECK(scene.claim(said.claim).state == Claim::State::open);
}

TEST_CASE("2h: what was accepted once and is refused again is open again") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    const ReportCard said = report(scene, "mk-1", 1);
    CHECK(scene.play(said) == "not-admitted");
    CHECK(scene.decide_claim(maker, said.claim, true) == "changed");
    card_in_test(scene, 2);
    CHECK(scene.report_card("mk-1", 2) == "changed");
    CHECK(scene.play(said) == "not-admitted");
    CHECK(scene.claim(said.claim).state == Claim::State::open);
}

}  // namespace msp
