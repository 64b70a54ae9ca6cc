#include "domain/simulated_operator_test.hpp"

#include "domain/status.hpp"

#include <doctest/doctest.h>

namespace msp::sample {

SimulatedOperator::SimulatedOperator(const Capabilities& can, Nature nature)
    : can_(can), nature_(nature) {}

bool SimulatedOperator::overwritten() const {
    return can_.status_field == StatusField::overwritten ||
           can_.status_field == StatusField::overwritten_combined;
}

bool SimulatedOperator::refuses(Order order) const {
    if (!suspended || order == Order::de_activate) return false;
    if (order == Order::reclaim) return true;
    return nature_.refuses_under_suspension && !overwritten();
}

Verdict SimulatedOperator::answer(const Request& request, Outcome::Kind kind, std::string reason) {
    const Verdict out{.outcome = {.kind = kind, .reason = std::move(reason), .retry_after = {}},
                      .version = version,
                      .suspended = suspended};
    answers_[request.reference] = out;
    return out;
}

Verdict SimulatedOperator::take(const Request& request, bool insisted) {
    using enum Outcome::Kind;
    if (can_.fences_by_generation && request.generation < newest_)
        return answer(request, refused, "older than what is known");
    newest_ = std::max(newest_, request.generation);
    if (can_.ignores_repeated_reference && executed.contains(request.reference))
        return answer(request, done, {});
    if (terminated) return answer(request, refused, "no such subscription");
    if (refuses(request.order)) return answer(request, refused_suspended, "SUSPENDED");
    if (moody) return answer(request, refused, "contract");
    carry_out(request, insisted);
    return answer(request, done, {});
}

void SimulatedOperator::carry_out(const Request& request, bool insisted) {
    if (reclaimed_by_us_ && request.order != Order::reclaim)
        offence = "an order took effect after the reclaim";
    if (overwritten()) overwrite(request.order, insisted);
    state = effect_of(request.order);
    own_change = false;
    executed.insert(request.reference);
    if (request.order != Order::reclaim) return;
    reclaimed_by_us_ = true;
    suspended = false;
}

// Whatever arrives takes the place of the suspension.
void SimulatedOperator::overwrite(Order order, bool insisted) {
    const bool excused = race_ || insisted;
    const bool promised = can_.status_field == StatusField::overwritten;
    if (suspension_stands_ && order == Order::activate && promised && !excused)
        offence = "an order undid a suspension that could have been read";
    if (suspension_stands_ && race_) undone_in_a_race = true;
    if (order != Order::de_activate || excused) suspension_stands_ = race_ = false;
    suspended = false;
}

Verdict SimulatedOperator::poll(const OrderReference& reference) const {
    const auto found = answers_.find(reference);
    if (found != answers_.end()) return found->second;
    return {.outcome = {.kind = Outcome::Kind::accepted, .reason = {}, .retry_after = {}},
            .version = version,
            .suspended = suspended};
}

Look SimulatedOperator::look() const {
    const bool one_status = can_.status_field == StatusField::combined ||
                            can_.status_field == StatusField::overwritten_combined;
    Look out{.reading = {},
             .version = version,
             .active = state == NetworkState::active && !suspended,
             .suspended = suspended,
             .own_change = own_change};
    out.reading.state = one_status && suspended ? NetworkState::de_active : state;
    out.reading.suspended = !one_status && suspended;
    return out;
}

void SimulatedOperator::suspend(bool race) {
    ++version;
    suspended = true;
    if (!overwritten()) return;
    state = NetworkState::de_active;
    own_change = suspension_stands_ = true;
    race_ = race;
}

void SimulatedOperator::resume() {
    ++version;
    suspended = false;
    if (!overwritten()) return;
    state = NetworkState::active;
    own_change = true;
    suspension_stands_ = race_ = false;
}

void SimulatedOperator::change_our_state() {
    ++version;
    state = state == NetworkState::active ? NetworkState::de_active : NetworkState::active;
    own_change = true;
    suspension_stands_ = race_ = false;
}

void SimulatedOperator::terminate() {
    ++version;
    terminated = own_change = true;
    state = NetworkState::reclaimed;
    suspended = false;
}

}  // namespace msp::sample

using namespace msp;
using namespace msp::sample;

static Request order(Order what, std::uint64_t generation) {
    return {.order = what,
            .generation = generation,
            .reference = *OrderReference::of("r" + std::to_string(generation)),
            .expires = {},
            .accepted = false};
}

TEST_CASE("a simulated operator that fences refuses an older order") {
    SimulatedOperator fenced({.fences_by_generation = true, .request_life = {}}, {});
    CHECK(fenced.take(order(Order::de_activate, 2), false).outcome.kind == Outcome::Kind::done);
    CHECK(fenced.take(order(Order::activate, 1), false).outcome.kind == Outcome::Kind::refused);
    CHECK(fenced.state == NetworkState::de_active);
}

TEST_CASE("a simulated operator shows its suspension as its status field does") {
    const struct {
        StatusField field;
        NetworkState shown;
        bool suspended;
    } rows[] = {{StatusField::separate, NetworkState::active, true},
                {StatusField::combined, NetworkState::de_active, false},
                {StatusField::overwritten, NetworkState::de_active, true},
                {StatusField::overwritten_combined, NetworkState::de_active, false}};
    for (const auto& row : rows) {
        SimulatedOperator op({.request_life = {}, .status_field = row.field}, {});
        op.take(order(Order::activate, 1), false);
        op.suspend(false);
        CHECK(op.look().reading.state == row.shown);
        CHECK(op.look().reading.suspended == row.suspended);
        CHECK_FALSE(op.look().active);
    }
}

TEST_CASE("a simulated operator notices what should never have reached it") {
    SimulatedOperator reclaimed({}, {});
    reclaimed.take(order(Order::reclaim, 1), false);
    reclaimed.take(order(Order::activate, 2), false);
    CHECK(reclaimed.offence == "an order took effect after the reclaim");

    SimulatedOperator overwritten({.request_life = {}, .status_field = StatusField::overwritten},
                                  {});
    overwritten.suspend(true);
    overwritten.take(order(Order::activate, 1), false);
    CHECK(overwritten.offence.empty());
    overwritten.suspend(false);
    overwritten.take(order(Order::de_activate, 2), false);
    CHECK_FALSE(overwritten.suspended);
    overwritten.take(order(Order::activate, 3), false);
    CHECK(overwritten.offence == "an order undid a suspension that could have been read");
}
