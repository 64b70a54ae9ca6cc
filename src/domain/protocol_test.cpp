// What the walk cannot see, because another rule makes good for it later: one rule, one case.
#include "domain/protocol.hpp"

#include "domain/sample_test.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string_view>
#include <utility>

namespace msp {

namespace {

using Kind = Outcome::Kind;

// A chain whose order is under way, and the time that moves when asked.
struct Conversation {
    OperatorProfile at;
    Moment moment{.now = sample::at("2026-03-02T12:00:00Z"), .started = {}, .chance = 0};
    Chain chain = sample::with_device(sample::chain());

    std::optional<Errand> step(std::string_view fresh = "r-2") {
        Advance advanced = advance(chain, at, moment, *OrderReference::of(fresh));
        chain = std::move(advanced.after);
        return advanced.errand;
    }
    std::optional<Errand> send() {
        chain.exchange.generation = 1;
        return step("r-1");
    }
    void answer(Kind kind, std::optional<Duration> retry_after = {}) {
        chain = absorb_outcome(chain, "r-1", {kind, "its reason", retry_after}, at, moment);
    }
    void read(const Reading& reading) {
        chain = absorb_reading(chain, chain.exchange.read_number, reading, at, moment);
    }
    void pass(Duration span) { moment.now += span; }
};

Reading shows(NetworkState state, bool suspended = false) {
    Reading out;
    out.state = state;
    out.suspended = suspended;
    return out;
}

}  // namespace

TEST_CASE("an answer that is lost is asked about, unless the operator fences: then sent again") {
    for (const bool fences : {false, true}) {
        CAPTURE(fences);
        Conversation one;
        one.at.can.fences_by_generation = fences;
        REQUIRE(one.send());
        one.pass(one.at.pace.answer_deadline);
        CHECK_FALSE(one.step());
        one.pass(one.at.pace.backoff_least);
        const auto next = one.step();
        REQUIRE(next);
        CHECK((next->kind == Errand::Kind::order) == fences);
    }
}

TEST_CASE("an outcome that is unknown is asked about in the same way") {
    Conversation one;
    REQUIRE(one.send());
    one.answer(Kind::unknown);
    one.pass(one.at.pace.backoff_least);
    const auto next = one.step();
    REQUIRE(next);
    CHECK(next->kind == Errand::Kind::read);
}

TEST_CASE("who insists sends once, not whenever something is sent from then on") {
    Conversation one;
    one.at.can.status_field = StatusField::overwritten;
    one.at.can.fences_by_generation = true;
    one.chain.exchange.generation = 1;
    one.chain.holds.put(sample::reason(Holder::network_operator, "operator-suspended", {}));
    one.chain = insist(one.chain, one.moment.now);
    REQUIRE(one.step("r-1"));
    CHECK_FALSE(one.chain.exchange.insisted);
    one.answer(Kind::unknown);
    one.pass(one.at.pace.backoff_most);
    const auto next = one.step();
    REQUIRE(next);
    CHECK(next->kind == Errand::Kind::read);
}

TEST_CASE("busy waits as long as the operator asks, but not beyond the longest backoff") {
    for (const auto& [asked, waits] :
         {std::pair{Duration(20'000), Duration(20'000)}, {Duration(3'600'000), Duration(60'000)}}) {
        Conversation one;
        one.at.can.fences_by_generation = true;
        REQUIRE(one.send());
        one.answer(Kind::busy, asked);
        CHECK_FALSE(one.step());
        CHECK(one.chain.exchange.due == one.moment.now + waits);
        one.pass(waits - Duration(1));
        CHECK_FALSE(one.step());
        one.pass(Duration(1));
        CHECK(one.step());
    }
}

TEST_CASE("a hint is followed at once, whatever is waited for") {
    Conversation one;
    one.at.can.fences_by_generation = true;
    REQUIRE(one.send());
    for (int i = 0; i < 9; ++i)
        one.answer(Kind::busy), one.chain.exchange.awaiting = Awaiting::order;
    one.answer(Kind::busy);
    REQUIRE(one.chain.exchange.not_before > one.moment.now);
    one.chain = absorb_hint(one.chain, one.moment.now);
    CHECK(one.chain.exchange.due == one.moment.now);
    CHECK(one.step());
}

TEST_CASE("a new wish does not wait for the backoff of the one before") {
    Conversation one;
    one.at.can.fences_by_generation = true;
    REQUIRE(one.send());
    one.answer(Kind::unknown);
    const Chain before = one.chain;
    one.chain.holds.put(sample::reason(Holder::customer, "requested", {}));
    follow_wanted(before, one.chain, one.moment.now, "op-2");
    const auto next = one.step();
    REQUIRE(next);
    CHECK(next->order == Order::de_activate);
}

TEST_CASE("a refusal of what is superseded parks nothing") {
    Conversation one;
    REQUIRE(one.send());
    const Chain before = one.chain;
    one.chain.holds.put(sample::reason(Holder::customer, "requested", {}));
    follow_wanted(before, one.chain, one.moment.now, "op-2");
    one.answer(Kind::refused);
    CHECK_FALSE(one.chain.exchange.parked);
}

TEST_CASE("what nothing else wakes is tried again after a while") {
    struct Case {
        StatusField field;
        bool notifies;
        bool wakes;
    };
    for (const Case& each : {Case{StatusField::separate, true, false},
                             {StatusField::separate, false, true},
                             {StatusField::combined, true, true},
                             {StatusField::overwritten_combined, true, true}}) {
        Conversation one;
        one.at.can.status_field = each.field;
        one.at.can.notifies = each.notifies;
        one.at.can.fences_by_generation = true;
        one.chain.exchange.clear_to_send = true;
        REQUIRE(one.send());
        one.answer(Kind::refused);
        REQUIRE(one.chain.exchange.parked);
        CHECK(one.chain.exchange.parked->reason == "its reason");
        CHECK(one.chain.exchange.parked->until.has_value() == each.wakes);
    }
}

TEST_CASE("drift is accepted where it is bearable, asked about, or answered with our order") {
    struct Case {
        DriftPolicy policy;
        bool wants_active;
        bool accepts;
        bool asks;
    };
    for (const Case& each : {Case{DriftPolicy::accept, true, true, false},
                             {DriftPolicy::accept, false, false, true},
                             {DriftPolicy::ask, true, false, true},
                             {DriftPolicy::ask, false, false, true},
                             {DriftPolicy::send_ours, true, false, false},
                             {DriftPolicy::send_ours, false, false, false}}) {
        Conversation one;
        one.at.drift = each.policy;
        if (!each.wants_active)
            one.chain.holds.put(sample::reason(Holder::customer, "requested", {}));
        one.chain = sample::confirmed(one.chain);
        one.chain = absorb_hint(one.chain, one.moment.now);
        REQUIRE(one.step());
        one.read(shows(each.wants_active ? NetworkState::de_active : NetworkState::active));
        CHECK((one.chain.holds.find(Holder::network_operator, "accepted-drift") != nullptr) ==
              each.accepts);
        CHECK(one.chain.exchange.drift == !each.accepts);
        CHECK((one.chain.exchange.parked && one.chain.exchange.parked->asks) == each.asks);
        one.chain = absorb_hint(one.chain, one.moment.now);
        CHECK(one.chain.exchange.parked.has_value() == each.asks);
    }
}

TEST_CASE("a read that was issued before the newest wish concludes nothing") {
    Conversation one;
    one.chain = sample::confirmed(one.chain);
    one.chain = absorb_hint(one.chain, one.moment.now);
    REQUIRE(one.step());
    const Chain before = one.chain;
    one.chain.holds.put(sample::reason(Holder::customer, "requested", {}));
    follow_wanted(before, one.chain, one.moment.now, "op-2");
    one.read(shows(NetworkState::de_active));
    CHECK(one.chain.observed == before.observed);
    CHECK(one.chain.exchange.confirmed == 0);
}

TEST_CASE("a read that is no answer to what is asked now concludes nothing") {
    Conversation one;
    one.chain = sample::confirmed(one.chain);
    one.chain = absorb_hint(one.chain, one.moment.now);
    REQUIRE(one.step());
    Reading changing = shows(NetworkState::de_active);
    changing.changing = true;
    const Chain asked = one.chain;
    for (const Reading& reading : {changing, shows(NetworkState::unknown)}) {
        one.chain = asked;
        one.read(reading);
        CHECK(one.chain.observed == asked.observed);
        CHECK(one.chain.exchange.read_due);
        CHECK_FALSE(one.chain.exchange.drift);
    }
    one.chain = absorb_reading(asked, asked.exchange.read_number - 1,
                               shows(NetworkState::de_active), one.at, one.moment);
    CHECK(one.chain.observed == asked.observed);
}

TEST_CASE("what the operator calls an accepted order is kept with it, and goes with every poll") {
    Conversation one;
    REQUIRE(one.send());
    const Outcome accepted{Kind::accepted, {}, {}, "request-7"};
    one.chain = absorb_outcome(one.chain, "r-1", accepted, one.at, one.moment);
    REQUIRE(one.chain.exchange.in_flight);
    CHECK(one.chain.exchange.in_flight->operator_reference == OperatorReference("request-7"));
    one.pass(one.at.pace.poll_every);
    auto poll = one.step();
    REQUIRE(poll);
    CHECK(poll->kind == Errand::Kind::poll);
    CHECK(poll->operator_reference == OperatorReference("request-7"));

    one.answer(Kind::accepted);  // still at it, and nothing is said of the name
    one.pass(one.at.pace.poll_every);
    poll = one.step();
    REQUIRE(poll);
    CHECK(poll->operator_reference == OperatorReference("request-7"));

    one.answer(Kind::done);
    CHECK(one.chain.exchange.confirmed == 1);
}

TEST_CASE("an order has the operator's last word for the subscription with it, and no old name") {
    Conversation one;
    one.chain.observed.native = "pre-active";
    const auto order = one.send();
    REQUIRE(order);
    CHECK(order->native == Text<32>("pre-active"));
    CHECK(order->operator_reference.empty());
}

}  // namespace msp
