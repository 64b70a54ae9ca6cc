#include "domain/protocol.hpp"

#include "domain/party.hpp"
#include "domain/protocol_rules.hpp"
#include "domain/status.hpp"

#include <algorithm>
#include <cstdlib>

namespace msp {

using namespace protocol;

namespace {

void confirm(Exchange& exchange, std::uint64_t generation) {
    exchange.confirmed = std::max(exchange.confirmed, generation);
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

void lose_subscription(Chain& chain, const std::string& cause, Time now) {
    chain.lost = true;
    chain.holds.put(operator_reason(chain, "lost", cause, now));
    chain.exchange.seen = false;
    chain.exchange.drift = false;
    chain.exchange.read_due = false;
    chain.exchange.parked.reset();
}

void park(Exchange& exchange, std::string reason, const OperatorProfile& at, Time now) {
    const bool nothing_else_wakes_it = hides_suspension(at) || !at.can.notifies;
    exchange.parked =
        Parked{std::move(reason), now,
               nothing_else_wakes_it ? std::optional(now + at.pace.parked_retry) : std::nullopt};
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
            Parked{"the operator shows something else than was confirmed", now, {}};
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
    if (changed) chain.exchange.parked.reset();
}

// Only our own order explains what the read shows.
bool explained_by_ours(const Chain& chain, const Reading& reading, const OperatorProfile& at) {
    const auto& sent = chain.exchange.in_flight;
    if (!sent || sent->answered || at.can.fences_by_generation) return false;
    if (reading.state != effect_of(sent->order)) return false;
    if (hides_suspension(at) && reading.state == NetworkState::de_active) return false;
    return !overwrites(at) || !chain.holds.holds(Holder::network_operator);
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
        exchange.read_due = wanted(chain) == Order::activate;
    }
}

void judge_clearance(Chain& chain, const OperatorProfile& at, const Reading& reading, Time now) {
    Exchange& exchange = chain.exchange;
    if (!overwrites(at) || !behind(exchange) || wanted(chain) == Order::reclaim) return;
    const bool held = chain.holds.holds(Holder::network_operator);
    exchange.clear_to_send = !held && !exchange.in_flight;
    if (held && !exchange.parked)
        park(exchange, reading.cause.empty() ? "suspended by the operator" : reading.cause, at,
             now);
}

void judge_gone(Chain& chain, const Reading& reading, Time now) {
    if (!chain.stopped) return lose_subscription(chain, reading.cause, now);
    confirm(chain.exchange, chain.exchange.generation);
    chain.exchange.in_flight.reset();
    chain.exchange.parked.reset();
}

}  // namespace

Chain absorb_outcome(Chain chain, const OrderReference& reference, const Outcome& outcome,
                     const OperatorProfile& at, const Moment& moment) {
    Exchange& exchange = chain.exchange;
    if (exchange.awaiting != Awaiting::order || exchange.in_flight->reference != reference)
        return absorb_hint(std::move(chain), moment.now);

    InFlight& sent = *exchange.in_flight;
    const bool newest = sent.generation == exchange.generation;
    if (outcome.kind == Outcome::Kind::accepted) {
        if (!sent.next_poll) exchange.deadline = moment.now + at.pace.completion_deadline;
        sent.next_poll = moment.now + at.pace.poll_every;
        plan(chain, at, moment);
        return chain;
    }
    exchange.awaiting = Awaiting::nothing;
    sent.next_poll.reset();
    switch (outcome.kind) {
        case Outcome::Kind::accepted: break;
        case Outcome::Kind::done:
            confirm(exchange, sent.generation);
            sent.answered = sent.done = true;
            calm_down(exchange);
            if (newest && sent.order == Order::activate)
                exchange.read_due = true;
            else if (newest)
                chain.observed = {.state = effect_of(sent.order),
                                  .session = {},
                                  .native = {},
                                  .at = moment.now,
                                  .by = ObservedBy::confirmation};
            break;
        case Outcome::Kind::refused_suspended:
            chain.holds.put(
                operator_reason(chain, "operator-suspended", outcome.reason, moment.now));
            exchange.seen = false;
            [[fallthrough]];
        case Outcome::Kind::refused:
            sent.answered = true;
            if (newest) park(exchange, outcome.reason, at, moment.now);
            break;
        case Outcome::Kind::busy:
            sent.answered = true;
            back_off(exchange, at, moment);
            if (outcome.retry_after)
                exchange.not_before =
                    std::max(exchange.not_before,
                             moment.now + std::min(*outcome.retry_after, at.pace.backoff_most));
            break;
        case Outcome::Kind::unknown:
            exchange.read_due = !at.can.fences_by_generation;
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
    exchange.read_due = false;
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
    if (reading.state == NetworkState::reclaimed) {
        judge_gone(chain, reading, moment.now);
    } else {
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
    chain.exchange.parked.reset();
    chain.exchange.not_before = {};
    chain.exchange.due = now;
    return chain;
}

Chain insist(Chain chain, Time now) {
    if (over(chain)) return chain;
    chain.exchange.insisted = chain.holds.holds(Holder::network_operator);
    chain.exchange.parked.reset();
    calm_down(chain.exchange);
    chain.exchange.due = now;
    return chain;
}

}  // namespace msp
