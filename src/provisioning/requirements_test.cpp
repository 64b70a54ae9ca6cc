// The seven things that the use case asks of the platform, one test each.
#include "provisioning/scene_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace msp {

static std::vector<Order> orders_of(const Scene& scene, const Imsi& subscriber) {
    std::vector<Order> out;
    for (const Errand& errand : scene.network.orders)
        if (errand.subscription.imsi == subscriber) out.push_back(errand.order);
    return out;
}

TEST_CASE("requirement 1: identify and manage the M2M service status of devices") {
    Scene scene;
    scene.device_at_digger("mk-1", 1);
    scene.device_at_digger("mk-2", 2);
    CHECK(scene.status("mk-1") == "de-active");
    CHECK(scene.switch_device(digger, "mk-1", ServiceWish::active) == "changed");
    scene.pass();
    CHECK(scene.status("mk-1") == "active");
    CHECK(scene.status("mk-2") == "de-active");
    CHECK(scene.hold(m2m_sp(), "mk-1", "maintenance") == "changed");
    CHECK(scene.status("mk-1") == "de-active");
    CHECK(scene.lift(m2m_sp(), "mk-1", "maintenance") == "changed");
    scene.pass();
    CHECK(scene.status("mk-1") == "active");
    CHECK(scene.switch_device(m2m_sp(), "mk-1", ServiceWish::stopped,
                              scene.on("mk-1").revisions.customer_hold) == "changed");
    CHECK(scene.status("mk-1") == "stopped");
}

TEST_CASE(
    "requirement 2: identify the network service status of device-related network users by IMSI") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    const auto by_imsi = [&scene](int number) {
        const Chain* chain = scene.find(Name::of(op_north, imsi(number)));
        REQUIRE(chain);
        return statuses(*chain).network;
    };
    CHECK(by_imsi(1) == NetworkState::active);
    scene.switch_device(maker, "mk-1", ServiceWish::de_active);
    CHECK(statuses(*scene.find(Name::of(op_north, imsi(1)))).pending);
    scene.pass();
    CHECK(by_imsi(1) == NetworkState::de_active);
    CHECK(scene.find(Name::of(op_north, imsi(2))) == nullptr);
    CHECK(scene.find(Name::of(OperatorId::parse("op-south").value(), imsi(1))) == nullptr);
}

TEST_CASE("requirement 3: correlate device identifiers with IMSI") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    const Chain* chain = scene.find(Name::of(op_north, imsi(1)));
    REQUIRE(chain);
    CHECK(chain->device->id == device("mk-1"));
    CHECK(chain->equipment->id == equipment("EX-1"));
    CHECK(scene.on("mk-1").subscription.imsi == imsi(1));
    CHECK(scene.with("EX-1").subscription.imsi == imsi(1));
    CHECK(scene.card(1).subscription.imsi == imsi(1));

    scene.end_equipment(digger, "EX-1", Wish::replaced, device("mk-1"),
                        scene.with("EX-1").revisions.wish);
    scene.device_in_equipment("mk-2", 2, "EX-1");
    CHECK(scene.with("EX-1").subscription.imsi == imsi(2));
    CHECK(scene.find(Name::of(op_north, imsi(2)))->device->id == device("mk-2"));
}

TEST_CASE("requirement 4: get the network service status of the network user from the operator") {
    Scene scene;
    scene.device_in_test("mk-1", 1);
    scene.at_operator(1).suspended = true;
    CHECK(scene.status("mk-1") == "active");
    CHECK(scene.play(AskOperator{Name::of(device("mk-1")), false, scene.by(maker)}) == "changed");
    scene.pass(Duration(1'000));
    CHECK(scene.card(1).observed.state == NetworkState::active);
    CHECK(scene.card(1).observed.by == ObservedBy::read);
    CHECK(scene.card(1).holds.holds(Holder::network_operator));
    CHECK(scene.status("mk-1") == "de-active");
}

TEST_CASE(
    "requirement 5: notify the operator which network user is to be activated or de-activated when "
    "the M2M service of the device is resumed or suspended") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.installed("mk-2", 2, "EX-2");
    scene.network.orders.clear();
    const auto told = [&scene] {
        scene.pass();
        CHECK(orders_of(scene, imsi(2)).empty());
        auto out = orders_of(scene, imsi(1));
        scene.network.orders.clear();
        return out;
    };
    using Orders = std::vector<Order>;
    scene.hold(m2m_sp(), "mk-1", "unpaid");
    CHECK(told() == Orders{Order::de_activate});
    scene.lift(m2m_sp(), "mk-1", "unpaid");
    CHECK(told() == Orders{Order::activate});
    scene.switch_equipment(digger, "EX-1", Wish::de_active);
    CHECK(told() == Orders{Order::de_activate});
    scene.hold(m2m_sp(), "mk-1", "unpaid");
    CHECK(told().empty());
    scene.switch_equipment(digger, "EX-1", Wish::active);
    CHECK(told().empty());
    scene.lift(m2m_sp(), "mk-1", "unpaid");
    CHECK(told() == Orders{Order::activate});
    scene.end_equipment(digger, "EX-1", Wish::stopped, device("mk-1"),
                        scene.with("EX-1").revisions.wish);
    CHECK(told() == Orders{Order::reclaim});
}

TEST_CASE("requirement 6: notify the M2M application when a device's M2M service status changes") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    const std::size_t before = scene.history.size();
    scene.hold(m2m_sp(), "mk-1", "unpaid");
    scene.pass();
    scene.lift(m2m_sp(), "mk-1", "unpaid");
    scene.pass();
    scene.at_operator(1).suspended = true;
    scene.operator_says(1);

    std::vector<std::string> changes;
    for (std::size_t i = before; i < scene.history.size(); ++i) {
        const Event& event = scene.history[i];
        if (event.type != EventType::device_status_changed) continue;
        CHECK(std::count(event.audience.begin(), event.audience.end(), digger) == 1);
        changes.push_back(std::string(word(event.before.m2m)) + " to " +
                          std::string(word(m2m_status(*event.after))) + " by " +
                          std::string(event.actor.party.text()));
    }
    CHECK(changes == std::vector<std::string>{"active to de-active by m2m-sp",
                                              "de-active to active by op-north",
                                              "active to de-active by op-north"});
}

TEST_CASE(
    "requirement 7: change the M2M service status of the device when the operator notifies a "
    "change of the IMSI") {
    Scene scene;
    scene.installed("mk-1", 1, "EX-1");
    scene.at_operator(1).suspended = true;
    CHECK(scene.status("mk-1") == "active");
    CHECK(scene.operator_says(1) == "heard");
    CHECK(scene.status("mk-1") == "de-active");
    CHECK(scene.service("EX-1") == "de-active");
    scene.at_operator(1).suspended = false;
    CHECK(scene.operator_says(1) == "heard");
    CHECK(scene.status("mk-1") == "active");
    CHECK(scene.service("EX-1") == "active");
    scene.at_operator(1).state = NetworkState::reclaimed;
    scene.operator_says(1);
    CHECK(scene.status("mk-1") == "de-active");
    CHECK(scene.card(1).lost);
}

}  // namespace msp
