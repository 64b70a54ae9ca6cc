// Scenarios 2f, 2g, 3, 4 and 7: equipment is bound, installed, suspended, stopped and replaced.
#include "provisioning/scene_test.hpp"

#include <doctest/doctest.h>

#include <string>

namespace msp {

static IfMatch wish_of(const Scene& scene, std::string_view equipment_id) {
    return scene.with(equipment_id).revisions.wish;
}

TEST_CASE("2f: a device reports its equipment; it is made, bound, and its provider is told") {
    Scene scene;
    scene.device_at_digger("mk-1", 1);
    scene.switch_device(digger, "mk-1", ServiceWish::active);
    scene.pass();
    scene.heard(digger);
    scene.heard(maker);
    CHECK(scene.report_equipment("mk-1", "EX-1") == "changed");
    CHECK(scene.heard(digger) == "equipment.bound");
    CHECK(scene.heard(maker).empty());
    CHECK(scene.with("EX-1").id == scene.card(1).id);
    CHECK(scene.with("EX-1").equipment->provider == digger);
    CHECK(scene.service("EX-1") == "de-active");
    CHECK(scene.record({Name::Kind::equipment_card, "digger", "EX-1"}));
    CHECK(scene.report_equipment("mk-1", "EX-1") == "unchanged");
    scene.switch_device(digger, "mk-1", ServiceWish::de_active);
    CHECK(scene.report_equipment("mk-1", "EX-1") == "unchanged");
}

TEST_CASE("2f: the same equipment ID of two providers is two equipments") {
    Scene scene;
    scene.device_in_equipment("mk-1", 1, "EX-1");
    scene.device_in_test("mk-2", 2);
    scene.hand_over(maker, "mk-2", rival);
    scene.switch_device(rival, "mk-2", ServiceWish::active);
    CHECK(scene.report_equipment("mk-2", "EX-1") == "changed");
    CHECK(scene.with("EX-1", digger).id == scene.card(1).id);
    CHECK(scene.with("EX-1", rival).id == scene.card(2).id);
}

TEST_CASE("2f: the report needs a bound device, an equipment provider, and an open window") {
    Scene scene;
    CHECK(scene.report_equipment("mk-9", "EX-1") == "no-such-device");
    CHECK(scene.claim(scene.newest_claim()).owner == maker);
    CHECK_FALSE(scene.history.back().after);
    scene.device_in_test("mk-1", 1);
    CHECK(scene.report_equipment("mk-1", "EX-1") == "not-an-equipment-provider");
    scene.hand_over(maker, "mk-1", digger);
    scene.heard(digger);
    CHECK(scene.report_equipment("mk-1", "EX-1") == "not-admitted");
    CHECK(scene.heard(digger) == "binding.refused");
    const Claim claim = scene.claim(scene.newest_claim());
    CHECK(claim.kind == Claim::Kind::equipment);
    CHECK(claim.equipment == "EX-1");
    CHECK(claim.owner == digger);
}

TEST_CASE("2f: a device in an equipment, and an equipment with a device, keep each other") {
    Scene scene;
    scene.device_in_equipment("mk-1", 1, "EX-1");
    CHECK(scene.report_equipment("mk-1", "EX-2") == "device-bound-elsewhere");
    scene.device_at_digger("mk-2", 2);
    scene.switch_device(digger, "mk-2", ServiceWish::active);
    CHECK(scene.report_equipment("mk-2", "EX-1") == "equipment-has-device");
    CHECK(scene.with("EX-1").id == scene.card(1).id);
    CHECK_FALSE(scene.on("mk-2").equipment);
}

TEST_CASE("2f: where reports create no equipment, it has to be registered first") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    scene.hand_over(maker, "mk-1", crane);
    scene.switch_device(crane, "mk-1", ServiceWish::active);
    CHECK(scene.report_equipment("mk-1", "CR-1") == "equipment-unknown");
    scene.keep({{Name::Kind::equipment_card, "crane", "CR-1"}, ""});
    CHECK(scene.report_equipment("mk-1", "CR-1") == "changed");
}

TEST_CASE("2h: an equipment provider accepts a claim of its equipment without a window") {
    Scene scene;
    scene.device_at_digger("mk-1", 1);
    CHECK(scene.report_equipment("mk-1", "EX-1") == "not-admitted");
    const ClaimId claim = scene.newest_claim();
    CHECK(scene.decide_claim(maker, claim, true) == "no-such-claim");
    CHECK(scene.decide_claim(digger, claim, true) == "changed");
    CHECK(scene.with("EX-1").id == scene.card(1).id);
}

TEST_CASE("2g: a wrong equipment ID is taken off while the service was never active with it") {
    Scene scene;
    scene.device_in_equipment("mk-1", 1, "EX-1");
    CHECK(scene.unbind(maker, "EX-1") == "no-such-equipment");
    CHECK(scene.unbind(m2m_sp(), "EX-1") == "not-the-customer");
    CHECK(scene.unbind(digger, "EX-9") == "no-such-equipment");
    scene.heard(digger);
    CHECK(scene.unbind(digger, "EX-1") == "changed");
    CHECK(scene.heard(digger) == "equipment.unbound");
    CHECK_FALSE(scene.on("mk-1").equipment);
    CHECK(scene.unbind(digger, "EX-1") == "no-equipment-bound");
    CHECK(scene.report_equipment("mk-1", "EX-2") == "changed");
}

TEST_CASE("2g: an equipment that was active, is to be, or ended, is not unbound") {
    Scene scene;
    scene.device_in_equipment("mk-1", 1, "EX-1");
    scene.network.answers = ScriptedOperator::Answers::holds_back;
    scene.switch_device(digger, "mk-1", ServiceWish::de_active);
    scene.switch_equipment(digger, "EX-1", Wish::active);
    CHECK(scene.unbind(digger, "EX-1") == "use-equipment-service");
    scene.network.answers = ScriptedOperator::Answers::at_once;
    scene.pass(Duration(60'000));
    CHECK(scene.service("EX-1") == "active");
    CHECK(scene.unbind(digger, "EX-1") == "was-active");
    scene.switch_equipment(digger, "EX-1", Wish::de_active);
    CHECK(scene.unbind(digger, "EX-1") == "was-active");
    scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-1"), wish_of(scene, "EX-1"));
    CHECK(scene.unbind(digger, "EX-1") == "already-stopped");
}

TEST_CASE("2g: an equipment that was taken off waits for a device where it waited before") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.end_equipment(digger, "EX-1", Wish::replaced, device("mk-1"), wish_of(scene, "EX-1"));
    scene.device_in_equipment("mk-2", 2, "EX-1");
    CHECK(scene.unbind(digger, "EX-1") == "changed");
    CHECK(scene.with("EX-1").id == scene.card(1).id);
    CHECK(scene.service("EX-1") == "replaced");
    CHECK(scene.report_equipment("mk-2", "EX-1") == "changed");
}

TEST_CASE("3: installation lifts the customer hold, and the provider is told when it is active") {
    Scene scene;
    scene.device_in_equipment("mk-1", 1, "EX-1");
    scene.switch_device(digger, "mk-1", ServiceWish::de_active);
    scene.pass();
    scene.heard(digger);
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::active) == "changed");
    CHECK(scene.service("EX-1") == "de-active");
    CHECK(scene.heard(digger).find("equipment.status-changed") == std::string::npos);
    scene.pass();
    CHECK(scene.service("EX-1") == "active");
    CHECK(scene.heard(digger) ==
          "network.status-changed device.status-changed equipment.status-changed");
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::active) == "unchanged");
}

TEST_CASE("3: the device under an active equipment service is switched through it alone") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    for (const PartyId& party : {digger, m2m_sp()})
        for (const ServiceWish wish : {ServiceWish::active, ServiceWish::de_active}) {
            CHECK(scene.switch_device(party, "mk-1", wish) == "use-equipment-service");
            CHECK(scene.switch_card(party, 1, wish) == "use-equipment-service");
        }
    CHECK(scene.switch_device(m2m_sp(), "mk-1", ServiceWish::stopped, 1) == "equipment-bound");
    scene.switch_equipment(digger, "EX-1", Wish::de_active);
    CHECK(scene.switch_device(m2m_sp(), "mk-1", ServiceWish::active) == "past-installation");
    CHECK(scene.switch_device(digger, "mk-1", ServiceWish::active) == "changed");
}

TEST_CASE("3: the equipment is its provider's to switch: nobody else's, not the M2M SP's") {
    Scene scene;
    scene.device_in_equipment("mk-1", 1, "EX-1");
    CHECK(scene.switch_equipment(m2m_sp(), "EX-1", Wish::active) == "not-the-customer");
    for (const PartyId& other : {maker, rival, crane})
        CHECK(scene.switch_equipment(other, "EX-1", Wish::active) == "no-such-equipment");
    CHECK(scene.switch_equipment(rival, "EX-1", Wish::active, rival) == "no-such-equipment");
    CHECK(scene.switch_equipment(digger, "EX-2", Wish::active) == "no-such-equipment");
    scene.keep({{Name::Kind::equipment_card, "digger", "EX-2"}, ""});
    CHECK(scene.switch_equipment(digger, "EX-2", Wish::active) == "no-equipment-bound");
}

TEST_CASE("4: suspending and resuming the equipment cascades to the network, once each") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    for (int round = 0; round < 2; ++round) {
        CHECK(scene.switch_equipment(digger, "EX-1", Wish::de_active) == "changed");
        CHECK(scene.switch_equipment(digger, "EX-1", Wish::de_active) == "unchanged");
        CHECK(scene.service("EX-1") == "de-active");
        CHECK(scene.status("mk-1") == "de-active");
        scene.pass();
        CHECK(scene.at_operator(1).state == NetworkState::de_active);
        CHECK(scene.switch_equipment(digger, "EX-1", Wish::active) == "changed");
        scene.pass();
        CHECK(scene.service("EX-1") == "active");
        CHECK(scene.at_operator(1).state == NetworkState::active);
    }
}

TEST_CASE("4: resuming the equipment does not lift what the M2M SP or the operator holds") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.switch_equipment(digger, "EX-1", Wish::de_active);
    scene.hold(m2m_sp(), "mk-1", "unpaid");
    scene.at_operator(1).suspended = true;
    scene.operator_says(1);
    scene.switch_equipment(digger, "EX-1", Wish::active);
    scene.pass();
    CHECK(scene.service("EX-1") == "de-active");
    scene.lift(m2m_sp(), "mk-1", "unpaid");
    scene.pass();
    CHECK(scene.service("EX-1") == "de-active");
    scene.at_operator(1).suspended = false;
    scene.operator_says(1);
    CHECK(scene.service("EX-1") == "active");
}

TEST_CASE("4: stopping and replacing end the test of an equipment that was never installed") {
    for (const Wish end : {Wish::stopped, Wish::replaced}) {
        Scene scene;
        scene.device_in_equipment("mk-1", 1, "EX-1");
        scene.switch_device(digger, "mk-1", ServiceWish::active, {}, scene.now + Duration(60'000));
        REQUIRE(scene.card(1).until);
        CHECK(scene.end_equipment(digger, "EX-1", end, device("mk-1"), wish_of(scene, "EX-1")) ==
              "changed");
        CHECK_FALSE(scene.card(1).until);
    }
}

TEST_CASE("4: stopping names the device, needs If-Match, reclaims, and is for ever") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    const IfMatch seen = wish_of(scene, "EX-1");
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::stopped) == "device-differs");
    CHECK(scene.answer().refusal->pointer == "/device_id");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::stopped, {}, seen) == "device-differs");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-2"), seen) ==
          "device-differs");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-1"), {}) ==
          "revision-missing");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-1"), *seen - 1) ==
          "revision-stale");
    CHECK(scene.end_equipment(m2m_sp(), "EX-1", Wish::stopped, device("mk-1"), seen) ==
          "not-the-customer");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-1"), seen) == "changed");
    CHECK(scene.service("EX-1") == "stopped");
    CHECK(scene.status("mk-1") == "stopped");
    scene.pass();
    CHECK(scene.at_operator(1).state == NetworkState::reclaimed);
    CHECK(reclaimed(scene.card(1)));

    CHECK(scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-1"), seen) == "unchanged");
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::active) == "equipment-stopped");
    CHECK(scene.hold(m2m_sp(), "mk-1", "unpaid") == "already-stopped");
}

TEST_CASE("4: an equipment that was switched since it was read is not stopped") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    const IfMatch seen = wish_of(scene, "EX-1");
    scene.hold(m2m_sp(), "mk-1", "unpaid");
    scene.pass();
    CHECK(wish_of(scene, "EX-1") == seen);
    scene.switch_equipment(digger, "EX-1", Wish::de_active);
    CHECK(scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-1"), seen) ==
          "revision-stale");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-1"), *seen + 1) ==
          "changed");
}

TEST_CASE("4: a stopped equipment takes no device until its provider reopens it") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-1"), wish_of(scene, "EX-1"));
    scene.device_at_digger("mk-2", 2);
    scene.switch_device(digger, "mk-2", ServiceWish::active);
    CHECK(scene.report_equipment("mk-2", "EX-1") == "equipment-stopped");
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::de_active) == "changed");
    CHECK(scene.service("EX-1") == "de-active");
    CHECK(scene.status("mk-1") == "stopped");
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::active) == "no-equipment-bound");
    CHECK(scene.report_equipment("mk-2", "EX-1") == "changed");
    CHECK(scene.with("EX-1").id == scene.card(2).id);
}

TEST_CASE(
    "7: a replaced equipment waits, then its new device goes through the steps of the first") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::replaced, device("mk-1"),
                              wish_of(scene, "EX-1")) == "changed");
    CHECK(scene.service("EX-1") == "replaced");
    CHECK(scene.status("mk-1") == "stopped");
    scene.pass();
    CHECK(scene.at_operator(1).state == NetworkState::reclaimed);
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::active) == "no-equipment-bound");
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::de_active) == "unchanged");

    scene.device_at_digger("mk-2", 2);
    CHECK(scene.report_equipment("mk-2", "EX-1") == "not-admitted");
    scene.switch_device(digger, "mk-2", ServiceWish::active);
    scene.pass();
    scene.heard(digger);
    CHECK(scene.report_equipment("mk-2", "EX-1") == "changed");
    CHECK(scene.heard(digger) == "equipment.bound");
    CHECK(scene.service("EX-1") == "de-active");
    CHECK(scene.with("EX-1").equipment->before == scene.card(1).id);
    CHECK(scene.card(1).equipment->ended == scene.now);
    CHECK_FALSE(scene.with("EX-1").equipment->was_active);
    CHECK(scene.switch_equipment(digger, "EX-1", Wish::active) == "changed");
    scene.pass();
    CHECK(scene.service("EX-1") == "active");
}

TEST_CASE("7: a repeated `replaced` cannot end the successor") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    const IfMatch seen = wish_of(scene, "EX-1");
    const auto replace = [&] {
        return scene.end_equipment(digger, "EX-1", Wish::replaced, device("mk-1"), seen);
    };
    CHECK(replace() == "changed");
    CHECK(replace() == "unchanged");
    scene.device_in_equipment("mk-2", 2, "EX-1");
    CHECK(replace() == "device-differs");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::replaced, {}, seen) == "device-differs");
    CHECK(scene.status("mk-2") == "active");
}

TEST_CASE("7: reasons that follow the equipment hold the new device, the others stay behind") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.hold(m2m_sp(), "mk-1", "unpaid", true);
    scene.hold(m2m_sp(), "mk-1", "maintenance", false);
    scene.end_equipment(digger, "EX-1", Wish::replaced, device("mk-1"), wish_of(scene, "EX-1"));
    scene.device_in_equipment("mk-2", 2, "EX-1");
    CHECK(scene.on("mk-2").holds.find(Holder::m2m_sp, "unpaid"));
    CHECK_FALSE(scene.on("mk-2").holds.find(Holder::m2m_sp, "maintenance"));
    CHECK(scene.status("mk-2") == "de-active");
    scene.pass();
    CHECK(scene.at_operator(2).state == NetworkState::de_active);
}

TEST_CASE("7: a replacement is bound while the reclaim of the one before is still in flight") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.network.answers = ScriptedOperator::Answers::holds_back;
    scene.end_equipment(digger, "EX-1", Wish::replaced, device("mk-1"), wish_of(scene, "EX-1"));
    scene.pass();
    REQUIRE(scene.card(1).exchange.in_flight);
    scene.network.answers = ScriptedOperator::Answers::at_once;
    scene.device_in_equipment("mk-2", 2, "EX-1");
    scene.release();
    scene.pass();
    CHECK(reclaimed(scene.card(1)));
    CHECK(scene.with("EX-1").id == scene.card(2).id);
}

TEST_CASE(
    "4, 7: what was stopped may be marked replaced, and the other way round, without a device") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-1"), wish_of(scene, "EX-1"));
    CHECK(scene.end_equipment(digger, "EX-1", Wish::replaced, device("mk-1"),
                              wish_of(scene, "EX-1")) == "device-differs");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::replaced, {}, wish_of(scene, "EX-1")) ==
          "changed");
    CHECK(scene.service("EX-1") == "replaced");
    CHECK(scene.end_equipment(digger, "EX-1", Wish::stopped, {}, wish_of(scene, "EX-1")) ==
          "changed");
    CHECK(scene.service("EX-1") == "stopped");
}

}  // namespace msp
