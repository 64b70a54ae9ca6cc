#include "provisioning/draft.hpp"

#include <algorithm>

namespace msp {

bool sees(const PartyId& party, const Chain& chain) {
    return party == m2m_sp() || party == chain.customer;
}

const Chain* within_reach(const Chain* chain, const PartyId& party) {
    return chain && !chain->withdrawn && sees(party, *chain) ? chain : nullptr;
}

Reason Draft::reason(Holder holder, const ReasonCode& code) const {
    return {.holder = holder,
            .code = code,
            .text = {},
            .by = origin_.actor,
            .since = origin_.at,
            .follows_equipment = false};
}

void Draft::hold_for_customer(const ReasonCode& code) {
    const bool same_party = before_.customer == after_.customer;
    const Reason* standing =
        same_party ? after_.holds.find(Holder::customer, code.view()) : nullptr;
    Reason mine = standing ? *standing : reason(Holder::customer, code);
    after_.holds.lift_all(Holder::customer);
    after_.holds.put(std::move(mine));
    after_.until.reset();
}

void Draft::lift_for_customer() {
    after_.holds.lift_all(Holder::customer);
    after_.until.reset();
}

static bool same_hold(const Chain& a, const Chain& b, Holder holder) {
    const auto of_holder = [holder](const Reason& reason) { return reason.holder == holder; };
    std::vector<Reason> left, right;
    std::copy_if(a.holds.reasons().begin(), a.holds.reasons().end(), std::back_inserter(left),
                 of_holder);
    std::copy_if(b.holds.reasons().begin(), b.holds.reasons().end(), std::back_inserter(right),
                 of_holder);
    return left == right;
}

static bool same_wish(const Chain& a, const Chain& b) {
    if (a.equipment.has_value() != b.equipment.has_value()) return false;
    return !a.equipment || a.equipment->wish == b.equipment->wish;
}

static void raise_revisions(const Chain& before, Chain& after) {
    const bool customer = same_hold(before, after, Holder::customer) &&
                          before.until == after.until && before.customer == after.customer &&
                          before.stopped == after.stopped;
    if (!customer) ++after.revisions.customer_hold;
    if (!same_hold(before, after, Holder::m2m_sp)) ++after.revisions.m2m_sp_hold;
    if (!same_wish(before, after)) ++after.revisions.wish;
}

// Nothing goes on with the operator, or nothing that time alone brings further.
static bool at_rest(const Chain& chain) {
    const Exchange& exchange = chain.exchange;
    if (exchange.awaiting != Awaiting::nothing || exchange.in_flight) return false;
    if (chain.lost) return true;
    if (exchange.parked) return !exchange.read_due && !exchange.parked->until;
    return !exchange.read_due && !exchange.drift && exchange.confirmed == exchange.generation;
}

// Nothing is due later than the end of a test, also where that passed and nobody looked yet.
static void follow_until(Chain& chain) {
    std::optional<Time>& due = chain.exchange.due;
    if (chain.until)
        due = due ? std::min(*due, *chain.until) : *chain.until;
    else if (at_rest(chain))
        due.reset();
}

void Draft::finish(Decision& decision) {
    follow_wanted(before_, after_, origin_.at, origin_.operation);
    if (after_.until || before_.until) follow_until(after_);
    raise_revisions(before_, after_);
    if (after_.equipment && equipment_status(after_) == Status::active)
        after_.equipment->was_active = true;
    std::vector<Event> events = msp::tell(before_, after_, origin_, also_);
    decision.answer.chains.push_back(after_);
    if (after_ == before_) return;
    decision.answer.changed = true;
    decision.after.push_back(after_);
    std::move(events.begin(), events.end(), std::back_inserter(decision.events));
}

}  // namespace msp
