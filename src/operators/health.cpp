#include "operators/health.hpp"

#include "domain/status.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace msp {

namespace {

constexpr Duration looked_back{300'000};
constexpr double steps_per_octave = 4;

std::size_t bucket_of(Duration took, std::size_t buckets) {
    const double milliseconds = std::max(1.0, static_cast<double>(took.count()));
    const double place = std::ceil(std::log2(milliseconds) * steps_per_octave);
    return std::min(static_cast<std::size_t>(place), buckets - 1);
}

Duration upper_end(std::size_t bucket) {
    const double milliseconds = std::exp2(static_cast<double>(bucket) / steps_per_octave);
    return Duration(static_cast<std::int64_t>(milliseconds));
}

}  // namespace

void Latency::note(Duration took, Time now) {
    if (now - since_ >= looked_back) {
        before_ = now - since_ >= looked_back * 2 ? Span{} : now_;
        now_ = {};
        since_ = now;
    }
    ++now_[bucket_of(took, buckets)];
}

std::uint64_t Latency::count() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < buckets; ++i) sum += now_[i] + before_[i];
    return sum;
}

std::optional<Duration> Latency::within(double part) const {
    const std::uint64_t all = count();
    if (all == 0) return std::nullopt;
    const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(all)));
    std::uint64_t passed = 0;
    std::size_t i = 0;
    for (; i + 1 < buckets; ++i) {
        passed += now_[i] + before_[i];
        if (passed >= wanted) break;
    }
    return upper_end(i);
}

AuditHealth::Counts& AuditHealth::Counts::operator+=(const Counts& more) {
    compared += more.compared;
    differed += more.differed;
    pending += more.pending;
    unknown += more.unknown;
    unlisted += more.unlisted;
    unread += more.unread;
    return *this;
}

void Figures::note(ExchangeNote note) {
    latency_.note(note.took, note.at + note.took);
    const bool room = outcomes_.size() < outcomes_kept || outcomes_.contains(note.outcome);
    ++outcomes_[room ? note.outcome : "other"];
    last_.push_front(std::move(note));
    if (last_.size() > notes_kept) last_.pop_back();
}

void Figures::show(OperatorHealth& out) const {
    out.p50 = latency_.within(0.5);
    out.p90 = latency_.within(0.9);
    out.p99 = latency_.within(0.99);
    out.outcomes = outcomes_;
    out.heard = heard_;
    out.last.assign(last_.begin(), last_.end());
}

std::string_view word(Outcome::Kind kind) {
    switch (kind) {
        case Outcome::Kind::done: return "done";
        case Outcome::Kind::accepted: return "accepted";
        case Outcome::Kind::refused: return "refused";
        case Outcome::Kind::refused_suspended: return "refused-suspended";
        case Outcome::Kind::busy: return "busy";
        case Outcome::Kind::unknown: return "unknown";
        case Outcome::Kind::not_sent: return "not-sent";
    }
    std::abort();
}

std::string_view what_is_said(const Errand& errand) {
    switch (errand.kind) {
        case Errand::Kind::order: return word(errand.order);
        case Errand::Kind::read: return "read";
        case Errand::Kind::poll: return "poll";
    }
    std::abort();
}

std::string outcome_words(const Outcome& outcome) {
    std::string words(word(outcome.kind));
    const std::string code = outcome.reason.substr(0, outcome.reason.find(':'));
    return code.empty() ? words : words + " " + code.substr(0, 32);
}

}  // namespace msp
