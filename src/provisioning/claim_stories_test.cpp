// Who decides about a claim, also when its device changed hands before.
#include "provisioning/scene_test.hpp"

#include <doctest/doctest.h>

namespace msp {

TEST_CASE("2h: an owner accepts a claim that needed nothing but the window") {
    Scene scene;
    scene.register_card(1);
    scene.issue(1, maker);
    CHECK(scene.report_card("mk-1", 1) == "not-admitted");
    const ClaimId claim = scene.newest_claim();
    CHECK(scene.decide_claim(rival, claim, true) == "no-such-claim");
    CHECK(scene.decide_claim(maker, "c-none", true) == "no-such-claim");
    CHECK(scene.decide_claim(maker, claim, true) == "changed");
    CHECK(scene.on("mk-1").id == scene.card(1).id);
    CHECK(scene.claim(claim).state == Claim::State::accepted);
    CHECK(scene.claim(claim).decided == scene.now);
    CHECK(scene.history.back().actor.party == maker);
    CHECK(scene.decide_claim(maker, claim, true) == "claim-closed");
    CHECK(scene.decide_claim(maker, claim, false) == "claim-closed");
}

TEST_CASE("2h: who gave the device away accepts no claim about it any more") {
    Scene scene;
    scene.device_at_digger("mk-1", 1);
    REQUIRE(scene.report_equipment("mk-1", "EX-1") == "not-admitted");
    const ClaimId claim = scene.newest_claim();
    REQUIRE(scene.hand_over(digger, "mk-1", rival) == "changed");

    CHECK(scene.decide_claim(digger, claim, true) == "not-the-customer");
    CHECK(scene.claim(claim).state == Claim::State::open);
    CHECK_FALSE(scene.on("mk-1").equipment);
    CHECK(scene.decide_claim(rival, claim, true) == "no-such-claim");
    CHECK(scene.decide_claim(digger, claim, false) == "changed");
}

TEST_CASE("2h: the M2M SP accepts a claim for whoever has the device today") {
    Scene scene;
    scene.device_at_digger("mk-1", 1);
    REQUIRE(scene.report_equipment("mk-1", "EX-1") == "not-admitted");
    REQUIRE(scene.hand_over(digger, "mk-1", rival) == "changed");
    CHECK(scene.decide_claim(m2m_sp(), scene.newest_claim(), true) == "changed");
    CHECK(scene.with("EX-1", rival).id == scene.card(1).id);
}

TEST_CASE("2h: a device that was returned takes another card by its provider's word alone") {
    Scene scene;
    scene.device_at_digger("mk-1", 1);
    scene.register_card(2);
    scene.issue(2, maker);
    REQUIRE(scene.report_card("mk-1", 2) == "device-bound-elsewhere");
    const ClaimId claim = scene.newest_claim();
    REQUIRE(scene.claim(claim).owner == digger);
    REQUIRE(scene.hand_over(digger, "mk-1", maker) == "changed");

    CHECK(scene.decide_claim(digger, claim, true) == "not-the-customer");
    CHECK(scene.on("mk-1").id == scene.card(1).id);
}

}  // namespace msp
