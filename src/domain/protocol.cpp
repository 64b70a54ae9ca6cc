#include "domain/protocol.hpp"

#include "domain/party.hpp"
#include "domain/protocol_rules.hpp"
#include "domain/status.hpp"

#include <algorithm>
#include <cstdlib>

namespace msp {

namespace protocol {

bool overwrites(const OperatorProfile& at) {
    return at.can.status_field == StatusField::overwritten ||
           at.can.status_field == StatusField::overwritten_combined;
}

bool hides_suspension(const OperatorProfile& at) {
    return at.can.status_field == StatusField::combined ||
           at.can.status_field == StatusField::overwritten_combined;
}

bool suspension_stands(const Chain& chain) {
    for (const Reason& reason : chain.holds.reasons())
        if (reason.holder == Holder::network_operator &&
            reason.code != ReasonCode("accepted-drift"))
            return true;
    return false;
}

bool behind(const Exchange& exchange) {
    return exchange.confirmed != exchange.generation || exchange.drift;
}

bool over(const Chain& chain) {
    return chain.lost || reclaimed(chain);
}

static Time backed_off(const Exchange& exchange, const OperatorProfile& at, const Moment& moment) {
    const auto doublings = std::min(exchange.attempts, 20u);
    const Duration full =
        std::min(at.pace.backoff_most, at.pace.backoff_least * (std::int64_t{1} << doublings));
    const auto jittered = static_cast<double>(full.count()) * (0.5 + moment.chance / 2);
    return moment.now + Duration(static_cast<std::int64_t>(jittered));
}

void back_off(Exchange& exchange, const OperatorProfile& at, const Moment& moment) {
    exchange.not_before = backed_off(exchange, at, moment);
    ++exchange.attempts;
}

void calm_down(Exchange& exchange) {
    exchange.attempts = 0;
    exchange.not_before = {};
}

void plan(Chain& chain, const OperatorProfile& at, const Moment& moment) {
    const Step step = next_step(chain, at, moment);
    std::optional<Time> due;
    if (step.act == Step::Act::wait)
        due = step.at;
    else if (step.act != Step::Act::rest)
        due = moment.now;
    if (chain.until && !chain.stopped) due = due ? std::min(*due, *chain.until) : *chain.until;
    chain.exchange.due = due;
}

}  // namespace protocol

using namespace protocol;

namespace {

Time landed_by(const InFlight& sent, const OperatorProfile& at, const Moment& moment) {
    const Time from = std::max(sent.since, moment.started);
    return from + at.can.request_life.value_or(at.pace.assumed_life) + at.pace.allowed_pause;
}

bool cannot_land(const InFlight& sent, const OperatorProfile& at, const Moment& moment) {
    if (at.can.fences_by_generation) return true;
    if (at.can.ignores_repeated_reference && sent.done) return true;
    return moment.now >= landed_by(sent, at, moment);
}

bool may_send(const Chain& chain, const OperatorProfile& at) {
    if (!overwrites(at) || wanted(chain) == Order::reclaim || chain.exchange.insisted) return true;
    return chain.exchange.clear_to_send;
}

Step await_answer(const Exchange& exchange, Time now) {
    const bool order = exchange.awaiting == Awaiting::order;
    if (now >= exchange.deadline)
        return {order ? Step::Act::lose_answer : Step::Act::lose_read, now};
    if (!order || !exchange.in_flight->next_poll) return {Step::Act::wait, exchange.deadline};
    if (now >= *exchange.in_flight->next_poll) return {Step::Act::poll, now};
    return {Step::Act::wait, std::min(*exchange.in_flight->next_poll, exchange.deadline)};
}

Errand errand(const Chain& chain, Errand::Kind kind) {
    const Exchange& exchange = chain.exchange;
    Errand out{.kind = kind,
               .chain = chain.id,
               .subscription = chain.subscription,
               .iccid = chain.card.iccid,
               .order = wanted(chain),
               .generation = exchange.generation,
               .reference = {},
               .read_number = exchange.read_number,
               .native = chain.observed.native};
    if (exchange.in_flight && kind != Errand::Kind::read) {
        out.order = exchange.in_flight->order;
        out.generation = exchange.in_flight->generation;
        out.reference = exchange.in_flight->reference;
        out.operator_reference = exchange.in_flight->operator_reference;
    }
    return out;
}

std::optional<Errand> take(Step step, Chain& chain, const OperatorProfile& at, const Moment& moment,
                           const OrderReference& fresh) {
    Exchange& exchange = chain.exchange;
    switch (step.act) {
        case Step::Act::rest:
        case Step::Act::wait: return std::nullopt;
        case Step::Act::lose_answer:
            exchange.awaiting = Awaiting::nothing;
            exchange.in_flight->next_poll.reset();
            if (!at.can.fences_by_generation) exchange.read_due = true;
            back_off(exchange, at, moment);
            return std::nullopt;
        case Step::Act::lose_read:
            exchange.awaiting = Awaiting::nothing;
            exchange.read_due = true;
            back_off(exchange, at, moment);
            return std::nullopt;
        case Step::Act::forget_in_flight: exchange.in_flight.reset(); return std::nullopt;
        case Step::Act::unpark:
            exchange.parked.reset();
            exchange.read_due = true;
            return std::nullopt;
        case Step::Act::send:
            exchange.in_flight = InFlight{.order = wanted(chain),
                                          .generation = exchange.generation,
                                          .reference = fresh,
                                          .since = moment.now,
                                          .answered = false,
                                          .done = false,
                                          .next_poll = {}};
            exchange.awaiting = Awaiting::order;
            exchange.deadline = moment.now + at.pace.answer_deadline;
            exchange.clear_to_send = false;
            exchange.insisted = false;
            return errand(chain, Errand::Kind::order);
        case Step::Act::read:
            exchange.awaiting = Awaiting::read;
            exchange.read_due = false;  // what is heard from now on asks for another read
            ++exchange.read_number;
            exchange.read_generation = exchange.generation;
            exchange.deadline = moment.now + at.pace.answer_deadline;
            return errand(chain, Errand::Kind::read);
        case Step::Act::poll:
            exchange.in_flight->next_poll = moment.now + at.pace.poll_every;
            return errand(chain, Errand::Kind::poll);
    }
    std::abort();
}

}  // namespace

Step next_step(const Chain& chain, const OperatorProfile& at, const Moment& moment) {
    const Exchange& exchange = chain.exchange;
    const Time now = moment.now;
    if (exchange.awaiting != Awaiting::nothing) return await_answer(exchange, now);
    if (exchange.in_flight && cannot_land(*exchange.in_flight, at, moment))
        return {Step::Act::forget_in_flight, now};
    if (over(chain))
        return exchange.in_flight
                   ? Step{Step::Act::wait, landed_by(*exchange.in_flight, at, moment)}
                   : Step{};
    if (exchange.parked && exchange.parked->until && now >= *exchange.parked->until)
        return {Step::Act::unpark, now};

    const bool to_send = behind(exchange) && !exchange.parked && !exchange.in_flight;
    const bool send = to_send && may_send(chain, at);
    const bool talk = send || exchange.read_due || to_send;
    if (talk && now >= exchange.not_before) return {send ? Step::Act::send : Step::Act::read, now};

    std::optional<Time> next;
    const auto consider = [&next](Time at_time) {
        next = next ? std::min(*next, at_time) : at_time;
    };
    if (talk) consider(exchange.not_before);
    if (exchange.in_flight) consider(landed_by(*exchange.in_flight, at, moment));
    if (exchange.parked && exchange.parked->until) consider(*exchange.parked->until);
    return next ? Step{Step::Act::wait, *next} : Step{};
}

Advance advance(Chain chain, const OperatorProfile& at, const Moment& moment,
                const OrderReference& fresh) {
    for (;;) {
        const Step step = next_step(chain, at, moment);
        auto errand = take(step, chain, at, moment, fresh);
        const bool over = step.act == Step::Act::rest || step.act == Step::Act::wait;
        if (!errand && !over) continue;
        plan(chain, at, moment);
        return {std::move(chain), std::move(errand)};
    }
}

void follow_wanted(const Chain& before, Chain& after, Time now, const OperationId& operation) {
    if (wanted(after) == wanted(before)) return;
    Exchange& exchange = after.exchange;
    ++exchange.generation;
    exchange.behind_since = now;
    exchange.operation = operation;
    exchange.seen = exchange.drift = exchange.clear_to_send = exchange.insisted = false;
    exchange.parked.reset();
    calm_down(exchange);
    exchange.due = now;
    if (!after.lost) return;
    exchange.confirmed =
        exchange.generation;  // it is gone already: there is nobody to order it from
    exchange.in_flight.reset();
    exchange.awaiting = Awaiting::nothing;
    exchange.read_due = false;
    exchange.due.reset();
    after.observed.state = NetworkState::reclaimed;
}

}  // namespace msp
