#include "cast/simulated_operator.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <utility>

namespace msp {

namespace {

using Deed = OperatorBook::Deed;
using Status = BookedOrder::Status;

constexpr Duration one_second{1'000};

std::string_view report_type(Deed deed) {
    switch (deed) {
        case Deed::suspend: return "subscription.suspended";
        case Deed::resume: return "subscription.resumed";
        case Deed::terminate: return "subscription.terminated";
        case Deed::change:
        case Deed::detach: break;
    }
    return {};
}

}  // namespace

SimulatedOperator::SimulatedOperator(Loop& loop, std::uint64_t seed, const OperatorKnobs& knobs)
    : loop_(loop), random_(seed), knobs_(knobs), self_(std::make_shared<SimulatedOperator*>(this)) {
    live_a_second();
}

SimulatedOperator::~SimulatedOperator() {
    loop_.cancel(second_);
}

bool SimulatedOperator::locked(const SimulatedSubscription& one) const {
    const bool changed = one.change > 0 && loop_.now() - one.changed < knobs_.locked_for;
    return changed || one.pending();
}

BookedOrder SimulatedOperator::take(BookedOrder order, Time latest) {
    const SimulatedSubscription* const one = book_.find(order.subscription);
    if (knobs_.locked_for > Duration::zero() && one && locked(*one)) {
        ++counts_["order locked out"];
        order.status = Status::refused;
        order.code = "pending";
        return order;
    }
    const auto [booked, fresh] = book_.book(std::move(order), knobs_);
    if (!fresh) return booked;
    const bool refuses = random_.below(2) == 0;
    if (booked.status == Status::done || random_.unit() >= knobs_.asynchronous)
        return executed(booked, refuses);
    const Duration later =
        std::min(drawn(knobs_.completion_median, knobs_.completion_p99), latest - loop_.now());
    loop_.after(std::max(later, Duration::zero()),
                [self = std::weak_ptr(self_), order = booked, epoch = epoch_] {
                    if (const auto still = self.lock()) (*still)->complete(order, epoch);
                });
    return booked;
}

BookedOrder SimulatedOperator::executed(const BookedOrder& order, bool refuses) {
    BookedOrder out = book_.execute(order, knobs_, refuses, loop_.now());
    const bool down = out.status == Status::done && out.what == BookedOrder::What::de_activate;
    if (!down || knobs_.lifts_after <= Duration::zero()) return out;
    const std::uint64_t change = book_.find(out.subscription)->change;
    loop_.after(knobs_.lifts_after, [self = std::weak_ptr(self_), change,
                                     reference = book_.find(out.subscription)->reference] {
        const auto still = self.lock();
        const SimulatedSubscription* one = still ? (*still)->book_.find(reference) : nullptr;
        if (one && one->change == change) (*still)->act(reference, Deed::change, {});
    });
    return out;
}

BookedOrder SimulatedOperator::take_at_once(BookedOrder order) {
    const auto [booked, fresh] = book_.book(std::move(order), knobs_);
    if (!fresh) return booked;
    return executed(booked, random_.below(2) == 0);
}

std::optional<SimulatedSubscription> SimulatedOperator::shown(std::string_view reference) {
    const SimulatedSubscription* one = book_.find(reference);
    if (!one) return std::nullopt;
    if (knobs_.stale <= 0 || random_.unit() >= knobs_.stale) return *one;
    ++counts_["stale read"];
    return book_.as_of(*one, loop_.now() - knobs_.stale_by);
}

bool SimulatedOperator::odd_word() {
    const bool odd = random_.unit() < knobs_.unknown_word;
    if (odd) ++counts_["unknown word"];
    return odd;
}

void SimulatedOperator::complete(const BookedOrder& order, std::uint64_t epoch) {
    if (epoch != epoch_) return;
    const bool refuses = random_.below(2) == 0;
    const bool fails = knobs_.fails > 0 && random_.unit() < knobs_.fails;
    if (fails) ++counts_["order failed"];
    const BookedOrder outcome = fails ? book_.fail(order, "failed") : executed(order, refuses);
    const bool done = outcome.status == Status::done;
    report(*book_.find(order.subscription), done ? "order.done" : "order.refused", outcome);
}

bool SimulatedOperator::act(std::string_view reference_or_imsi, Deed deed,
                            const std::string& cause) {
    SimulatedSubscription* one = book_.find(reference_or_imsi);
    if (!one || !book_.act(*one, deed, cause, knobs_, loop_.now())) return false;
    if (!report_type(deed).empty()) report(*one, report_type(deed), std::nullopt);
    if (deed == Deed::suspend && knobs_.suspended_for > Duration::zero())
        loop_.after(knobs_.suspended_for,
                    [self = std::weak_ptr(self_), reference = one->reference] {
                        if (const auto still = self.lock())
                            (*still)->act(reference, Deed::resume, {});
                    });
    return true;
}

bool SimulatedOperator::restore() {
    if (!old_) return false;
    book_.restore(*old_, loop_.now());
    ++epoch_;
    return true;
}

void SimulatedOperator::report(const SimulatedSubscription& one, std::string_view type,
                               const std::optional<BookedOrder>& order) {
    if (!sink_ || !knobs_.calls_back) return;
    sink_({.id = "evt-" + std::to_string(++reports_) + "-" + random_.token(8),
           .type = type,
           .subscription = one.reference,
           .imsi = one.imsi,
           .order = order,
           .change = one.change,
           .cause = one.cause,
           .at = loop_.now()});
}

Duration SimulatedOperator::drawn(Duration median, Duration p99) {
    double normal = -6;  // twelve uniform draws are close enough to one normal draw
    for (int i = 0; i < 12; ++i) normal += random_.unit();
    constexpr double z99 = 2.326;
    const double least = std::max(1.0, static_cast<double>(median.count()));
    const double spread = std::log(std::max(1.0, static_cast<double>(p99.count()) / least)) / z99;
    return Duration(static_cast<std::int64_t>(least * std::exp(spread * normal)));
}

// Its own doing goes on from second to second, as long as it lives.
void SimulatedOperator::live_a_second() {
    act_at_random(knobs_.suspensions_per_hour, Deed::suspend);
    act_at_random(knobs_.terminations_per_hour, Deed::terminate);
    act_at_random(knobs_.changes_per_hour, Deed::change);
    second_ = loop_.after(one_second, [self = std::weak_ptr(self_)] {
        if (const auto still = self.lock()) (*still)->live_a_second();
    });
}

void SimulatedOperator::act_at_random(double per_hour, Deed deed) {
    double expected = per_hour / 3'600;
    while (!book_.subscriptions().empty() && random_.unit() < expected) {
        expected -= 1;
        const auto place = static_cast<std::ptrdiff_t>(random_.below(book_.subscriptions().size()));
        const auto one = std::next(book_.subscriptions().begin(), place);
        act(one->first, deed, deed == Deed::suspend ? "bill unpaid" : "");
    }
}

}  // namespace msp
