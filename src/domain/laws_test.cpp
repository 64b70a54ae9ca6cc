#include "domain/laws.hpp"

#include "domain/party.hpp"
#include "domain/sample_test.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <set>
#include <string>

namespace msp {

namespace {

using Change = std::function<void(Chain&)>;

const Time noon = sample::at("2026-03-02T12:00:00Z");

void hold(Chain& chain, Holder holder, std::string_view code) {
    chain.holds.put(sample::reason(holder, code, noon));
}

// The numbers of the laws that are broken, each once, in order: "1 10".
std::string numbers(const std::vector<BrokenLaw>& broken) {
    std::set<int> laws;
    for (const BrokenLaw& one : broken) laws.insert(one.law);
    std::string out;
    for (const int law : laws) out += (out.empty() ? "" : " ") + std::to_string(law);
    return out;
}

std::string broken_by(Chain chain, const Change& change) {
    REQUIRE(numbers(broken_laws({&chain, 1})).empty());
    change(chain);
    return numbers(broken_laws({&chain, 1}));
}

std::string broken_between(const Chain& before, const Change& change, std::optional<Holder> mover) {
    Chain after = before;
    change(after);
    return numbers(broken_laws_between(before, after, mover));
}

Chain running() {
    return sample::confirmed(sample::with_equipment(sample::chain(), Wish::active));
}

Chain held() {
    Chain chain = sample::with_device(sample::chain());
    hold(chain, Holder::customer, "requested");
    return sample::confirmed(chain);
}

Chain gone() {
    Chain chain = sample::with_device(sample::chain());
    chain.stopped = true;
    chain.exchange.generation = 1;
    return sample::confirmed(chain);
}

InFlight sent(Order order, std::uint64_t generation) {
    return {.order = order,
            .generation = generation,
            .reference = "r-1",
            .since = noon,
            .next_poll = {}};
}

}  // namespace

TEST_CASE("law 1: a wish to be active stands on nothing that keeps it down for good") {
    CHECK(broken_by(running(), [](Chain& c) { c.until = noon, c.exchange.due = noon; }) == "1");
    CHECK(broken_by(running(), [](Chain& c) { hold(c, Holder::customer, "requested"); }) ==
          "1 2 4");
    CHECK(broken_by(gone(), [](Chain& c) {
              c.equipment = sample::with_equipment(c, Wish::active).equipment;
          }) == "1");
    CHECK(broken_by(running(), [](Chain& c) { c.equipment->wish = Wish::stopped; }) == "1");
    CHECK(broken_by(running(), [](Chain& c) { c.equipment->wish = Wish::replaced; }) == "1");
    CHECK(broken_by(held(), [](Chain& c) { c.until = noon, c.exchange.due = noon; }) == "1");
    CHECK(broken_by(gone(), [](Chain& c) { c.until = noon; }) == "1");
}

TEST_CASE("law 2: nothing is confirmed, read, sent or seen of a generation still to come") {
    CHECK(broken_by(held(), [](Chain& c) { c.exchange.confirmed = 1, c.exchange.due = noon; }) ==
          "2");
    CHECK(broken_by(held(), [](Chain& c) { c.exchange.read_generation = 1; }) == "2");
    CHECK(broken_by(running(),
                    [](Chain& c) { c.exchange.generation = 1, c.exchange.due = noon; }) == "2");
    const auto in_flight = [](InFlight order) {
        return broken_by(held(), [&order](Chain& c) {
            c.exchange.in_flight = std::move(order);
            c.exchange.due = noon;
        });
    };
    CHECK(in_flight(sent(Order::de_activate, 0)).empty());
    CHECK(in_flight(sent(Order::activate, 0)) == "2");
    CHECK(in_flight(sent(Order::activate, 1)) == "2");
    CHECK(broken_by(held(), [](Chain& c) {
              c.exchange.generation = 1, c.exchange.due = noon;
              c.exchange.in_flight = sent(Order::de_activate, 1);
              c.exchange.in_flight->done = true;
          }) == "2");
}

TEST_CASE("law 4: what is confirmed is observed, and a subscription that is gone is left alone") {
    CHECK(broken_by(held(), [](Chain& c) { c.observed.state = NetworkState::active; }) == "4");
    CHECK(broken_by(running(), [](Chain& c) { c.observed.state = NetworkState::de_active; }) ==
          "4");
    CHECK(broken_by(held(), [](Chain& c) { c.lost = true; }) == "4");
    CHECK(broken_by(held(), [](Chain& c) { hold(c, Holder::network_operator, "lost"); }) == "4");
    CHECK(broken_by(gone(), [](Chain& c) { c.exchange.read_due = true; }) == "4");
    CHECK(broken_by(gone(), [](Chain& c) {
              c.exchange.in_flight = sent(Order::activate, 0);
              c.exchange.due = noon;
          }) == "4");
    CHECK(broken_by(gone(), [](Chain& c) {
              c.exchange.in_flight = sent(Order::reclaim, 1);
              c.exchange.due = noon;
          }).empty());
}

TEST_CASE("law 5: two live chains share no name, and an equipment has its device") {
    const Chain one = sample::with_device(sample::chain(10));
    Chain other = sample::chain(20);
    Chain behind[] = {one, other};
    for (Chain& chain : behind)
        hold(chain, Holder::customer, "requested"), chain = sample::confirmed(chain);
    CHECK(numbers(broken_laws(behind)).empty());
    const auto shared = [&behind](const Change& change) {
        Chain fleet[] = {behind[0], behind[1]};
        change(fleet[1]);
        return numbers(broken_laws(fleet));
    };
    CHECK(shared([&](Chain& c) { c.device = one.device; }) == "5");
    CHECK(shared([&](Chain& c) { c.card.iccid = one.card.iccid; }) == "5");
    CHECK(shared([&](Chain& c) { c.subscription.imsi = one.subscription.imsi; }) == "5");
    CHECK(shared([&](Chain& c) { c.subscription.reference = one.subscription.reference; }) == "5");
    CHECK(shared([&](Chain& c) { c.id = one.id; }) == "5");

    CHECK(broken_by(running(), [](Chain& c) { c.device.reset(); }) == "5");
    CHECK(broken_by(running(), [](Chain& c) { c.customer = m2m_sp(); }) == "5");
    CHECK(broken_by(running(), [](Chain& c) { c.equipment->ended = noon; }) == "5");
}

TEST_CASE("law 10: something is due exactly while there is something to do") {
    CHECK(broken_by(held(), [](Chain& c) { c.exchange.due = noon; }) == "10");
    CHECK(broken_by(held(), [](Chain& c) { c.exchange.read_due = true; }) == "10");
    CHECK(broken_by(held(), [](Chain& c) { c.exchange.drift = true; }) == "10");
    CHECK(broken_by(held(), [](Chain& c) { c.exchange.generation = 1; }) == "10");
    CHECK(broken_by(held(), [](Chain& c) {
              c.exchange.awaiting = Awaiting::order, c.exchange.due = noon;
          }) == "10");
    CHECK(broken_by(held(), [](Chain& c) {
              c.exchange.in_flight = sent(Order::de_activate, 0);
              c.exchange.in_flight->next_poll = c.exchange.due = noon;
          }) == "10");
    Chain tested = sample::confirmed(sample::with_device(sample::chain()));
    CHECK(broken_by(tested,
                    [](Chain& c) { c.until = noon, c.exchange.due = noon + Duration(1); }) == "10");
}

TEST_CASE("law 2 between two states: the generation follows wanted by one, and nothing falls") {
    const auto between = [](const Change& change) {
        return broken_between(held(), change, Holder::customer);
    };
    CHECK(between([](Chain&) {}).empty());
    CHECK(between([](Chain& c) { c.exchange.generation += 1; }) == "2");
    CHECK(between([](Chain& c) { c.holds.lift_all(Holder::customer); }) == "2");
    CHECK(between([](Chain& c) {
              c.holds.lift_all(Holder::customer), c.exchange.generation += 1;
          }).empty());
    CHECK(between([](Chain& c) {
              c.holds.lift_all(Holder::customer), c.exchange.generation += 2;
          }) == "2");
    Chain later = held();
    later.exchange.generation = later.exchange.confirmed = later.exchange.read_number = 3;
    CHECK(broken_between(later, [](Chain& c) { c.exchange.confirmed = 2; }, {}) == "2");
    CHECK(broken_between(later, [](Chain& c) { c.exchange.read_number = 2; }, {}) == "2");
}

TEST_CASE("law 3 between two states: who moves one hold leaves the others, whatever they are") {
    Chain before = held();
    for (const Holder holder : every_holder) hold(before, holder, "other");
    for (const Holder mover : every_holder)
        for (const Holder moved : every_holder) {
            const std::string expected = mover == moved ? "" : "3";
            const auto lift = [moved](Chain& c) { c.holds.lift(moved, "other"); };
            const auto put = [moved](Chain& c) { hold(c, moved, "more"); };
            CHECK(broken_between(before, lift, mover) == expected);
            CHECK(broken_between(before, put, mover) == expected);
        }
    hold(before, Holder::m2m_sp, "binding-conflict");
    CHECK(broken_between(before, [](Chain& c) { c.holds.lift(Holder::m2m_sp, "other"); }, {}) ==
          "3");
    CHECK(broken_between(before, [](Chain& c) { c.holds.lift(Holder::m2m_sp, "binding-conflict"); },
                         {})
              .empty());
}

TEST_CASE("laws 4 and 8 between two states: what is gone stays gone, and events stay told") {
    CHECK(broken_between(gone(), [](Chain& c) { c.exchange.in_flight = sent(Order::reclaim, 1); },
                         {}) == "4");
    CHECK(broken_between(gone(), [](Chain& c) { c.observed.state = NetworkState::active; }, {}) ==
          "4");
    CHECK(broken_between(gone(), [](Chain& c) { c.stopped = false, c.exchange.generation += 1; },
                         {}) == "4");
    Chain lost = held();
    lost.lost = true;
    CHECK(broken_between(lost, [](Chain& c) { c.lost = false; }, {}) == "4");
    lost.sequence = 4;
    CHECK(broken_between(lost, [](Chain& c) { c.sequence = 3; }, {}) == "8");
}

}  // namespace msp
