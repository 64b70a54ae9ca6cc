#include "cast/operator_book.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <utility>

namespace msp {

namespace {

using Order = BookedOrder::What;
using State = SimulatedSubscription::State;

constexpr std::size_t orders_kept = 64;

// All that a journal tells of.
constexpr std::array<std::string_view, 8> effects{"activated", "de-activated", "reclaimed",
                                                  "suspended", "resumed",      "terminated",
                                                  "changed",   "restored"};

bool is_effect(std::string_view what) {
    return std::find(effects.begin(), effects.end(), what) != effects.end();
}

Failure malformed(std::string what) {
    return {Failure::Kind::malformed, std::move(what)};
}

bool overwrites(OperatorKind kind) {
    return kind == OperatorKind::overwritten || kind == OperatorKind::overwritten_combined;
}

BookedOrder refused(BookedOrder order, std::string code, std::string reason = {}) {
    order.status = BookedOrder::Status::refused;
    order.code = std::move(code);
    order.reason = std::move(reason);
    return order;
}

std::string_view done_word(Order order) {
    switch (order) {
        case Order::activate: return "activated";
        case Order::de_activate: return "de-activated";
        case Order::reclaim: return "reclaimed";
    }
    std::abort();
}

State effect(Order order) {
    switch (order) {
        case Order::activate: return State::active;
        case Order::de_activate: return State::de_active;
        case Order::reclaim: return State::terminated;
    }
    std::abort();
}

// Under the operator's own suspension. Where the field is overwritten only a reclaim is refused.
bool suspension_refuses(OperatorKind kind, Order order, bool refuses) {
    if (order == Order::de_activate) return false;
    switch (kind) {
        case OperatorKind::fenced: return false;
        case OperatorKind::serial: return true;
        case OperatorKind::combined: return order == Order::reclaim || refuses;
        case OperatorKind::overwritten:
        case OperatorKind::overwritten_combined: return order == Order::reclaim;
    }
    std::abort();
}

}  // namespace

bool SimulatedSubscription::pending() const {
    return std::any_of(orders.begin(), orders.end(), [](const BookedOrder& order) {
        return order.status == BookedOrder::Status::accepted;
    });
}

void OperatorBook::add(std::string reference, std::string imsi) {
    SimulatedSubscription fresh{.reference = reference, .imsi = imsi};
    by_imsi_[std::move(imsi)] = reference;
    all_.insert_or_assign(std::move(reference), std::move(fresh));
}

void OperatorBook::forget(std::string_view reference) {
    const auto found = all_.find(std::string(reference));
    if (found == all_.end()) return;
    by_imsi_.erase(found->second.imsi);
    all_.erase(found);
}

SimulatedSubscription* OperatorBook::find(std::string_view reference_or_imsi) {
    auto found = all_.find(std::string(reference_or_imsi));
    if (found != all_.end()) return &found->second;
    const auto known = by_imsi_.find(reference_or_imsi);
    if (known == by_imsi_.end()) return nullptr;
    found = all_.find(known->second);
    return found == all_.end() ? nullptr : &found->second;
}

SimulatedSubscription OperatorBook::as_of(SimulatedSubscription one, Time then) const {
    one.state = State::de_active;
    one.suspended = false;
    for (const JournalEntry& entry : journal_) {
        if (entry.at > then) break;
        if (entry.subscription != one.reference) continue;
        one.state = entry.state;
        one.suspended = entry.suspended;
    }
    one.orders.clear();
    return one;
}

OperatorBook::Booked OperatorBook::book(BookedOrder order, const OperatorKnobs& knobs) {
    SimulatedSubscription* subscription = find(order.subscription);
    if (!subscription) return {refused(std::move(order), "no-such-subscription"), false};
    for (const BookedOrder& known : subscription->orders) {
        if (known.reference != order.reference) continue;
        const bool same = known.what == order.what && known.generation == order.generation;
        if (!same) return {refused(std::move(order), "reference-reused"), false};
        const bool again =
            known.status == BookedOrder::Status::done && !knobs.ignores_repeated_reference;
        return {known, again};
    }
    const bool fences = knobs.kind == OperatorKind::fenced;
    if (fences && order.generation < subscription->generation)
        return {refused(std::move(order), "stale-generation"), false};
    subscription->generation = std::max(subscription->generation, order.generation);
    keep(order);
    return {std::move(order), true};
}

BookedOrder OperatorBook::execute(const BookedOrder& order, const OperatorKnobs& knobs,
                                  bool refuses, Time now) {
    SimulatedSubscription& subscription = *find(order.subscription);
    const auto answer = [this](BookedOrder made) {
        keep(made);
        return made;
    };
    if (knobs.kind == OperatorKind::fenced && order.generation < subscription.generation)
        return answer(refused(order, "stale-generation"));
    if (subscription.state == State::terminated && order.what != Order::reclaim)
        return answer(refused(order, "terminated"));
    if (subscription.suspended && suspension_refuses(knobs.kind, order.what, refuses))
        return answer(refused(order, "suspended", subscription.cause));

    subscription.state = effect(order.what);
    if (overwrites(knobs.kind) || order.what == Order::reclaim) subscription.suspended = false;
    if (subscription.in_service()) subscription.session = true;
    if (!subscription.in_service() && knobs.cuts_sessions) subscription.session = false;
    ++subscription.change;
    enter(subscription, done_word(order.what), now, &order);
    BookedOrder done = order;
    done.status = BookedOrder::Status::done;
    return answer(std::move(done));
}

BookedOrder OperatorBook::fail(const BookedOrder& order, std::string code) {
    BookedOrder out = refused(order, std::move(code));
    keep(out);
    return out;
}

bool OperatorBook::act(SimulatedSubscription& one, Deed deed, std::string cause,
                       const OperatorKnobs& knobs, Time now) {
    const bool single = overwrites(knobs.kind);
    if (one.state == State::terminated) return false;
    std::string_view what;
    switch (deed) {
        case Deed::suspend:
            if (one.suspended) return false;
            one.suspended = true;
            one.cause = std::move(cause);
            if (single) one.state = State::de_active;
            what = "suspended";
            break;
        case Deed::resume:
            if (!one.suspended) return false;
            one.suspended = false;
            one.cause.clear();
            if (single) one.state = State::active;
            what = "resumed";
            break;
        case Deed::terminate:
            one.state = State::terminated;
            one.suspended = false;
            one.cause = std::move(cause);
            what = "terminated";
            break;
        case Deed::change:
            if (single && one.suspended) return false;
            one.state = one.state == State::active ? State::de_active : State::active;
            what = "changed";
            break;
        case Deed::detach:
            if (!one.session) return false;
            one.session = false;
            return true;
    }
    one.session = one.session && one.in_service();
    ++one.change;
    enter(one, what, now);
    return true;
}

void OperatorBook::restore(const OperatorBook& old, Time now) {
    for (const auto& [reference, before] : old.all_) {
        SimulatedSubscription& one = all_[reference];
        const bool same = one.state == before.state && one.suspended == before.suspended;
        const std::uint64_t change = one.change;
        one = before;
        one.change = change + 1;
        if (!same) enter(one, "restored", now);
    }
    for (auto& [reference, one] : all_)
        std::erase_if(one.orders, [](const BookedOrder& order) {
            return order.status == BookedOrder::Status::accepted;
        });
}

void OperatorBook::enter(SimulatedSubscription& one, std::string_view what, Time now,
                         const BookedOrder* order) {
    assert(is_effect(what));
    one.changed = now;
    journal_.push_back({.number = journal_.size() + 1,
                        .at = now,
                        .subscription = one.reference,
                        .what = std::string(what),
                        .order_reference = order ? order->reference : "",
                        .generation = order ? order->generation : 0,
                        .state = one.state,
                        .suspended = one.suspended});
    if (told_) told_(journal_.back());
}

Result<Done, Failure> OperatorBook::take_up(const JournalEntry& entry) {
    const std::uint64_t next = journal_.size() + 1;
    if (entry.number != next)
        return malformed("has the number " + std::to_string(entry.number) + ", and " +
                         std::to_string(next) + " is next.");
    if (!is_effect(entry.what)) return malformed("tells of what no operator does.");
    SimulatedSubscription* const one = find(entry.subscription);
    if (!one) return malformed("is of a subscription that this operator does not have.");
    journal_.push_back(entry);
    one->state = entry.state;
    one->suspended = entry.suspended;
    one->session = one->in_service();
    ++one->change;
    one->changed = entry.at;
    one->generation = std::max(one->generation, entry.generation);
    for (const Order what : {Order::activate, Order::de_activate, Order::reclaim})
        if (!entry.order_reference.empty() && done_word(what) == entry.what)
            keep({.subscription = entry.subscription,
                  .reference = entry.order_reference,
                  .what = what,
                  .generation = entry.generation,
                  .status = BookedOrder::Status::done});
    return Done{};
}

void OperatorBook::keep(const BookedOrder& order) {
    auto& orders = find(order.subscription)->orders;
    const auto known = std::find_if(orders.begin(), orders.end(), [&](const BookedOrder& one) {
        return one.reference == order.reference;
    });
    if (known != orders.end()) {
        if (known->status == BookedOrder::Status::accepted) *known = order;
        return;
    }
    orders.push_back(order);
    if (orders.size() > orders_kept) orders.pop_front();
}

std::string_view word(State state) {
    switch (state) {
        case State::de_active: return "de-active";
        case State::active: return "active";
        case State::terminated: return "terminated";
    }
    std::abort();
}

std::string_view word(BookedOrder::What what) {
    switch (what) {
        case Order::activate: return "activate";
        case Order::de_activate: return "de-activate";
        case Order::reclaim: return "reclaim";
    }
    std::abort();
}

std::string_view word(BookedOrder::Status status) {
    switch (status) {
        case BookedOrder::Status::accepted: return "accepted";
        case BookedOrder::Status::done: return "done";
        case BookedOrder::Status::refused: return "refused";
    }
    std::abort();
}

std::string_view word(OperatorBook::Deed deed) {
    switch (deed) {
        case OperatorBook::Deed::suspend: return "suspend";
        case OperatorBook::Deed::resume: return "resume";
        case OperatorBook::Deed::terminate: return "terminate";
        case OperatorBook::Deed::change: return "change";
        case OperatorBook::Deed::detach: return "detach";
    }
    std::abort();
}

std::string_view state_word(const SimulatedSubscription& one, OperatorKind kind) {
    const bool two_words =
        kind == OperatorKind::combined || kind == OperatorKind::overwritten_combined;
    if (one.state == State::terminated) return "terminated";
    if (two_words) return one.in_service() ? "active" : "inactive";
    if (kind == OperatorKind::overwritten && one.suspended) return "suspended";
    return one.state == State::active ? "active" : "de-active";
}

}  // namespace msp
