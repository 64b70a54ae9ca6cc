#include "domain/protocol.hpp"

#include "domain/party.hpp"
#include "domain/protocol_rules.hpp"
#include "domain/status.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>

namespace msp {

using namespace protocol;

namespace {

void confirm(Exchange& exchange, std::uint64_t generation) {
    assert(exchange.confirmed <= generation);
    exchange.confirmed = generation;
    if (generation == exchange.generation) exchange.drift = false;
}

Reason operator_reason(const Chain& chain, const ReasonCode& code, const std::string& text,
                       Time now) {
    return {.holder = Holder::network_operator,
            .code = code,
            .text = text,
            .by = {.party = party_of(chain.subscription.at), .principal = {}, .on_behalf_of = {}},
            .since = now,
            .follows_equipment = false};
}

// The subscription is gone: there is nothing to ask and nobody to wait for.
void rest(Exchange& exchange) {
    exchange.seen = exchange.drift = exchange.read_due = false;
    exchange.parked.reset();
}

void lose_subscription(Chain& chain, const std::string& cause, Time now) {
    chain.lost = true;
    chain.holds.put(operator_reason(chain, "lost", cause, now));
    rest(chain.exchange);
}

// Goes on with what is parked, unless that is for a person to decide.
void wake(Exchange& exchange) {
    if (exchange.parked && !exchange.parked->asks) exchange.parked.reset();
}

void end_drift(Exchange& exchange) {
    exchange.drift = exchange.insisted = false;
    exchange.parked.reset();
}

void park(Exchange& exchange, std::string reason, const OperatorProfile& at, Time now) {
    const bool nothing_else_wakes_it = hides_suspension(at) || !at.can.notifies;
    exchange.parked = Parked{
        .reason = std::move(reason),
        .since = now,
        .until = nothing_else_wakes_it ? std::optional(now + at.pace.parked_retry) : std::nullopt,
        .asks = false};
}

void find_drift(Chain& chain, const OperatorProfile& at, NetworkState shown, Time now) {
    const bool bearable = wanted(chain) == Order::activate && shown == NetworkState::de_active;
    if (at.drift == DriftPolicy::accept && bearable) {
        chain.holds.put(operator_reason(chain, "accepted-drift", {}, now));
        return;
    }
    chain.exchange.drift = true;
    chain.exchange.behind_since = now;
    if (at.drift != DriftPolicy::send_ours)
        chain.exchange.parked =
            Parked{.reason = "the operator shows something else than was confirmed",
                   .since = now,
                   .until = {},
                   .asks = true};
}

// The operator's hold as this read shows it; a change wakes what is parked.
void judge_hold(Chain& chain, const Reading& reading, const OperatorProfile& at, bool confirmed,
                Time now) {
    bool changed = false;
    if (reading.state == NetworkState::active) {
        changed |= chain.holds.lift(Holder::network_operator, "operator-inactive");
        changed |= chain.holds.lift(Holder::network_operator, "accepted-drift");
    }
    if (!hides_suspension(at)) {
        if (reading.suspended) {
            changed |= !chain.holds.find(Holder::network_operator, "operator-suspended");
            chain.holds.put(operator_reason(chain, "operator-suspended", reading.cause, now));
        } else {
            changed |= chain.holds.lift(Holder::network_operator, "operator-suspended");
        }
    } else if (reading.state == NetworkState::active) {
        changed |= chain.holds.lift(Holder::network_operator, "operator-suspended");
    } else if (confirmed && wanted(chain) == Order::activate &&
               !chain.holds.holds(Holder::network_operator)) {
        chain.holds.put(operator_reason(chain, "operator-inactive", reading.cause, now));
        changed = true;
    }
    if (changed) wake(chain.exchange);
}

// The read shows what the order leads to, and it cannot be the operator's suspension that does.
bool shows(const Reading& reading, Order order, const OperatorProfile& at) {
    if (reading.state != effect_of(order)) return false;
    if (hides_suspension(at) && reading.state == NetworkState::de_active) return false;
    return at.can.status_field != StatusField::overwritten || !reading.suspended;
}

bool explained_by_ours(const Chain& chain, const Reading& reading, const OperatorProfile& at) {
    const auto& sent = chain.exchange.in_flight;
    if (!sent || sent->answered || at.can.fences_by_generation) return false;
    return shows(reading, sent->order, at);
}

// The operator came back to what was confirmed.
bool over_by_itself(const Chain& chain, const Reading& reading, const OperatorProfile& at) {
    return chain.exchange.drift && shows(reading, wanted(chain), at);
}

void judge_state(Chain& chain, const Reading& reading, const OperatorProfile& at, bool confirmed,
                 Time now) {
    Exchange& exchange = chain.exchange;
    const bool held = chain.holds.holds(Holder::network_operator);
    const bool as_wanted = reading.state == effect_of(wanted(chain));
    exchange.seen = confirmed && as_wanted && wanted(chain) == Order::activate && !held;
    if (confirmed && !as_wanted && (!held || reading.state == NetworkState::active))
        find_drift(chain, at, reading.state, now);
    if (explained_by_ours(chain, reading, at)) {
        confirm(exchange, exchange.in_flight->generation);
        exchange.in_flight->answered = true;
        if (wanted(chain) == Order::activate) exchange.read_due = true;
    }
}

void judge_clearance(Chain& chain, const OperatorProfile& at, const Reading& reading, Time now) {
    Exchange& exchange = chain.exchange;
    if (!overwrites(at) || !behind(exchange) || wanted(chain) == Order::reclaim) return;
    const bool held = suspension_stands(chain);
    exchange.clear_to_send = !held && !exchange.in_flight;
    if (held && !exchange.parked)
        park(exchange, reading.cause.empty() ? "suspended by the operator" : reading.cause, at,
             now);
}

void judge_gone(Chain& chain, const Reading& reading, Time now) {
    if (!chain.stopped) return lose_subscription(chain, reading.cause, now);
    confirm(chain.exchange, chain.exchange.generation);
    chain.exchange.in_flight.reset();
    rest(chain.exchange);
}

}  // namespace

static void absorb_done(Chain& chain, Time now) {
    Exchange& exchange = chain.exchange;
    InFlight& sent = *exchange.in_flight;
    confirm(exchange, sent.generation);
    sent.answered = sent.done = true;
    calm_down(exchange);
    if (sent.generation != exchange.generation) return;
    // Whether it is active, and what became of the operator's hold, only a read tells.
    exchange.read_due |= sent.order == Order::activate || suspension_stands(chain);
    if (sent.order == Order::activate) return;
    chain.observed = {.state = effect_of(sent.order),
                      .session = {},
                      .native = {},
                      .at = now,
                      .by = ObservedBy::confirmation};
    if (sent.order == Order::reclaim) rest(exchange);
}

static void absorb_refused(Chain& chain, const Outcome& outcome, const OperatorProfile& at,
                           Time now) {
    Exchange& exchange = chain.exchange;
    if (outcome.kind == Outcome::Kind::refused_suspended) {
        chain.holds.put(operator_reason(chain, "operator-suspended", outcome.reason, now));
        exchange.seen = false;
    }
    exchange.in_flight->answered = true;
    if (exchange.in_flight->generation == exchange.generation)
        park(exchange, outcome.reason, at, now);
}

static void absorb_accepted(Exchange& exchange, const Outcome& outcome, const OperatorProfile& at,
                            Time now) {
    InFlight& sent = *exchange.in_flight;
    if (sent.operator_reference.empty()) sent.operator_reference = outcome.operator_reference;
    if (!sent.next_poll) exchange.deadline = now + at.pace.completion_deadline;
    sent.next_poll = now + at.pace.poll_every;
    exchange.awaiting = Awaiting::order;
}

static void absorb_busy(Exchange& exchange, const Outcome& outcome, const OperatorProfile& at,
                        const Moment& moment) {
    exchange.in_flight->answered = true;
    back_off(exchange, at, moment);
    if (outcome.retry_after)
        exchange.not_before = std::max(
            exchange.not_before, moment.now + std::min(*outcome.retry_after, at.pace.backoff_most));
}

Chain absorb_outcome(Chain chain, const OrderReference& reference, const Outcome& outcome,
                     const OperatorProfile& at, const Moment& moment) {
    Exchange& exchange = chain.exchange;
    if (exchange.awaiting != Awaiting::order || exchange.in_flight->reference != reference)
        return absorb_hint(std::move(chain), moment.now);

    exchange.awaiting = Awaiting::nothing;
    if (outcome.kind != Outcome::Kind::accepted) exchange.in_flight->next_poll.reset();
    switch (outcome.kind) {
        case Outcome::Kind::accepted: absorb_accepted(exchange, outcome, at, moment.now); break;
        case Outcome::Kind::done: absorb_done(chain, moment.now); break;
        case Outcome::Kind::refused:
        case Outcome::Kind::refused_suspended:
            absorb_refused(chain, outcome, at, moment.now);
            break;
        case Outcome::Kind::busy: absorb_busy(exchange, outcome, at, moment); break;
        case Outcome::Kind::unknown:
            if (!at.can.fences_by_generation) exchange.read_due = true;
            back_off(exchange, at, moment);
            break;
        case Outcome::Kind::not_sent:
            exchange.in_flight.reset();
            back_off(exchange, at, moment);
            break;
    }
    plan(chain, at, moment);
    return chain;
}

Chain absorb_reading(Chain chain, std::uint64_t read_number, const Reading& reading,
                     const OperatorProfile& at, const Moment& moment) {
    Exchange& exchange = chain.exchange;
    if (exchange.awaiting != Awaiting::read || exchange.read_number != read_number)
        return absorb_hint(std::move(chain), moment.now);
    const bool moved = exchange.read_generation != exchange.generation;
    if (moved || reading.changing || reading.state == NetworkState::unknown)
        return absorb_lost_reading(std::move(chain), read_number, at, moment);

    exchange.awaiting = Awaiting::nothing;
    calm_down(exchange);
    const bool same = chain.observed.state == reading.state &&
                      chain.observed.native == reading.native &&
                      chain.observed.session == reading.session;
    if (!same || chain.observed.by != ObservedBy::read)
        chain.observed = {.state = reading.state,
                          .session = reading.session,
                          .native = reading.native,
                          .at = moment.now,
                          .by = ObservedBy::read};
    if (!same) wake(exchange);
    if (reading.state == NetworkState::reclaimed) {
        judge_gone(chain, reading, moment.now);
    } else {
        if (over_by_itself(chain, reading, at)) end_drift(exchange);
        const bool confirmed = !behind(exchange);
        judge_hold(chain, reading, at, confirmed, moment.now);
        judge_state(chain, reading, at, confirmed, moment.now);
        judge_clearance(chain, at, reading, moment.now);
    }
    plan(chain, at, moment);
    return chain;
}

Chain absorb_lost_reading(Chain chain, std::uint64_t read_number, const OperatorProfile& at,
                          const Moment& moment) {
    Exchange& exchange = chain.exchange;
    if (exchange.awaiting != Awaiting::read || exchange.read_number != read_number) return chain;
    exchange.awaiting = Awaiting::nothing;
    exchange.read_due = true;
    if (exchange.read_generation == exchange.generation) back_off(exchange, at, moment);
    plan(chain, at, moment);
    return chain;
}

Chain absorb_hint(Chain chain, Time now) {
    if (over(chain)) return chain;
    chain.exchange.read_due = true;
    wake(chain.exchange);
    chain.exchange.not_before = {};
    chain.exchange.due = now;
    return chain;
}

Chain look_again(Chain chain, Time now) {
    if (over(chain)) return chain;
    chain.exchange.read_due = true;
    chain.exchange.due = now;
    return chain;
}

Chain insist(Chain chain, Time now) {
    if (over(chain) || !behind(chain.exchange)) return chain;
    chain.exchange.insisted = chain.holds.holds(Holder::network_operator);
    chain.exchange.parked.reset();
    calm_down(chain.exchange);
    chain.exchange.due = now;
    return chain;
}

}  // namespace msp
