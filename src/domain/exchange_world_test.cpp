#include "domain/exchange_world_test.hpp"

#include "domain/laws.hpp"
#include "domain/status.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace msp::sample {

using namespace std::chrono_literals;

std::span<const Kind> kinds() {
    static const Kind all[] = {
        {"fenced", {.fences_by_generation = true, .request_life = 90s}},
        {"separate", {.request_life = 20s, .status_field = StatusField::separate}},
        {"combined", {.request_life = 20s, .status_field = StatusField::combined}},
        {"overwritten", {.request_life = 20s, .status_field = StatusField::overwritten}},
        {"overwritten combined",
         {.request_life = 20s, .status_field = StatusField::overwritten_combined}},
        {"boundless", {.request_life = {}, .status_field = StatusField::separate}, false},
    };
    return all;
}

static OperatorProfile profile_of(const Kind& kind, Dice& dice) {
    OperatorProfile out{.can = kind.can, .pace = {}, .drift = DriftPolicy::send_ours};
    out.can.ignores_repeated_reference = dice.one_in(3);
    out.can.notifies = dice.one_in(2);
    if (dice.one_in(2)) out.drift = dice.one_in(2) ? DriftPolicy::ask : DriftPolicy::accept;
    out.pace.completion_deadline = 120s;
    out.pace.parked_retry = 120s;
    out.pace.backoff_most = 30s;
    return out;
}

static Verdict verdict_of(Outcome::Kind kind, std::optional<Duration> retry_after = {}) {
    return {.outcome = {.kind = kind, .reason = {}, .retry_after = retry_after}};
}

// How long a copy can still take effect, in truth.
Duration ExchangeWorld::life() const {
    return profile_.can.request_life.value_or(3 * profile_.pace.assumed_life);
}

static Nature nature_by(Dice& dice) {
    return {.refuses_under_suspension = !dice.one_in(3), .accepts_first = dice.one_in(3)};
}

ExchangeWorld::ExchangeWorld(const Kind& kind, std::uint64_t seed, Sometimes& sometimes)
    : sometimes_(sometimes),
      promises_(kind.promises),
      dice_(seed),
      profile_(profile_of(kind, dice_)),
      nature_(nature_by(dice_)),
      operator_(profile_.can, nature_),
      chain_(chain()),
      now_(at("2026-03-02T09:14:00Z")),
      started_{now_, now_},
      hears_all_(promises_ && profile_.can.notifies && dice_.one_in(2)),
      roughness_(dice_.below(3)) {
    if (dice_.one_in(2)) {
        chain_.exchange.generation = 1;
        operator_.state = NetworkState::active;
    } else {
        chain_.holds.put(reason(Holder::customer, "new-card", now_));
    }
    chain_ = confirmed(std::move(chain_));
}

Moment ExchangeWorld::moment(std::size_t node) {
    return {.now = wall(), .started = started_[node], .chance = dice_.share()};
}

OrderReference ExchangeWorld::fresh() {
    return *OrderReference::of("r" + std::to_string(++references_));
}

// Some walks are rough, some mild, and some meet no fault at all.
bool ExchangeWorld::unlucky(std::size_t one_in) {
    return !calm_ && roughness_ > 0 && dice_.one_in(roughness_ == 1 ? 4 * one_in : one_in);
}

void ExchangeWorld::step() {
    const std::size_t pace = dice_.below(20);
    now_ += Duration(dice_.below(pace < 10   ? 200
                                 : pace < 17 ? 3'000
                                 : pace < 19 ? 12'000
                                             : 60'000));
    expire();
    const std::size_t what = dice_.below(100);
    if (what < 9) return a_party_acts();
    if (what < 17) return the_operator_acts();
    if (what < 18) return restart();
    if (what < 22 && events_ > 0) return deliver_event();
    if (what < 75 && something_moves()) return;
    a_node_acts();
}

// One thing that is under way goes one step further.
bool ExchangeWorld::something_moves() {
    const auto from = calm_ ? 0 : dice_.below(4);
    for (std::size_t i = 0; i < 4; ++i) switch ((from + i) % 4) {
            case 0:
                if (errands_.empty()) break;
                perform(dice_.below(errands_.size()));
                return true;
            case 1:
                if (wire_.empty()) break;
                deliver_request(dice_.below(wire_.size()));
                return true;
            case 2:
                if (answers_.empty()) break;
                deliver_answer(dice_.below(answers_.size()));
                return true;
            case 3: {
                if (trips_.empty()) break;
                const std::size_t trip = dice_.below(trips_.size());
                trips_[trip].look ? deliver_look(trip) : look(trip);
                return true;
            }
        }
    if (events_ == 0) return false;
    deliver_event();
    return true;
}

void ExchangeWorld::a_party_acts() {
    const std::size_t what = dice_.below(10);
    if (chain_.stopped) return;
    if (what == 9 && dice_.one_in(3)) return stop();
    if (chain_.lost) return;
    if (what < 5) return move_hold(Holder::customer, "requested");
    if (what < 8) return move_hold(Holder::m2m_sp, "unpaid");
    staff();
}

void ExchangeWorld::move_hold(Holder holder, std::string_view code) {
    Chain after = chain_;
    if (!after.holds.lift_all(holder)) after.holds.put(reason(holder, code, wall()));
    follow_wanted(chain_, after, wall(), {});
    note("a party switches");
    commit(std::move(after), holder);
}

void ExchangeWorld::stop() {
    Chain after = chain_;
    after.stopped = true;
    follow_wanted(chain_, after, wall(), {});
    note("the service is stopped");
    commit(std::move(after), std::nullopt);
}

void ExchangeWorld::staff() {
    const bool insisting = dice_.one_in(2);
    note(insisting ? "staff insist" : "staff ask");
    approved_ |= insisting;
    commit(insisting ? insist(chain_, wall()) : absorb_hint(chain_, wall()), std::nullopt);
}

void ExchangeWorld::a_node_acts() {
    const auto due = chain_.exchange.due;
    if ((!due || *due > wall()) && !unlucky(8)) return;
    const bool crowded = another_can_land();
    const Chain before = chain_;
    Advance step = advance(chain_, profile_, moment(dice_.below(2)), fresh());
    note("a node acts");
    commit(std::move(step.after), std::nullopt);
    if (!step.errand) return;
    check_errand(before, *step.errand, crowded);
    errands_in_calm_ += calm_ && step.errand->kind != Errand::Kind::poll;
    if (unlucky(8)) return sometimes("a node crashed between commit and send");
    const bool confirmed = before.exchange.confirmed == before.exchange.generation;
    errands_.push_back({*step.errand, now_, confirmed});
    if (dice_.one_in(2)) perform(errands_.size() - 1);
}

void ExchangeWorld::perform(std::size_t index) {
    const Sending sending = errands_[index];
    errands_.erase(errands_.begin() + static_cast<std::ptrdiff_t>(index));
    switch (sending.errand.kind) {
        case Errand::Kind::order: return send(sending);
        case Errand::Kind::poll: {
            note("a poll is answered");
            const OrderReference& reference = sending.errand.reference;
            answers_.push_back({reference, operator_.poll(reference)});
            return;
        }
        case Errand::Kind::read:
            if (!unlucky(8)) trips_.push_back({sending.errand.read_number, sending.confirmed, {}});
    }
}

void ExchangeWorld::send(const Sending& sending) {
    const Errand& errand = sending.errand;
    const auto tell = [&](Outcome::Kind kind) {
        answers_.push_back({errand.reference, verdict_of(kind)});
    };
    if (now_ - sending.committed > profile_.pace.allowed_pause) {
        sometimes("a node paused too long and did not send");
        return tell(Outcome::Kind::unknown);
    }
    if (unlucky(15)) return tell(Outcome::Kind::not_sent);
    if (unlucky(15)) tell(Outcome::Kind::unknown);
    if (unlucky(6)) return note("an order is lost");
    note("an order leaves");
    wire_.push_back({.order = errand.order,
                     .generation = errand.generation,
                     .reference = errand.reference,
                     .expires = now_ + life(),
                     .accepted = false});
}

// A node starts again; now and then both do, after the clock was set forward.
void ExchangeWorld::restart() {
    note("a restart");
    if (dice_.one_in(2)) {
        started_[dice_.below(2)] = wall();
        return;
    }
    if (dice_.one_in(2)) skew_ += Duration(dice_.below(3'600'000));
    started_[0] = started_[1] = wall();
    errands_.clear();
}

void ExchangeWorld::the_operator_acts() {
    if (operator_.state == NetworkState::reclaimed) return;
    const std::size_t what = dice_.below(12);
    if (what < 7) {
        if (operator_.suspended)
            operator_.resume();
        else
            suspend();
    } else if (what < 9) {
        if (operator_.suspended && profile_.can.status_field != StatusField::separate) return;
        operator_.change_our_state();
    } else if (what < 11) {
        operator_.moody = !operator_.moody;
    } else if (dice_.one_in(8)) {
        operator_.terminate();
    }
    note("the operator acts");
    if (profile_.can.notifies && (hears_all_ || !dice_.one_in(4))) ++events_;
}

void ExchangeWorld::suspend() {
    const Exchange& exchange = chain_.exchange;
    const bool reading =
        exchange.awaiting == Awaiting::read && exchange.read_generation == exchange.generation;
    operator_.suspend(exchange.clear_to_send || exchange.in_flight || !wire_.empty() || reading);
}

void ExchangeWorld::expire() {
    std::erase_if(wire_, [this](const Request& request) { return request.expires < now_; });
}

void ExchangeWorld::deliver_request(std::size_t index) {
    Request& request = wire_[index];
    const OrderReference reference = request.reference;
    const bool lost = unlucky(4);
    if (nature_.accepts_first && !request.accepted) {
        request.accepted = true;
        note("an order is accepted");
        if (!lost) answers_.push_back({reference, verdict_of(Outcome::Kind::accepted)});
        return;
    }
    if (operator_.executed.contains(reference)) sometimes("a second copy of an order landed");
    const bool busy = unlucky(20);
    const Verdict verdict = busy ? verdict_of(Outcome::Kind::busy, 3s)
                                 : operator_.take(request, insisted_.contains(reference));
    note("an order lands");
    if (verdict.outcome.reason == "older than what is known") sometimes("the fence held");
    if (operator_.undone_in_a_race) sometimes("a suspension was undone in a race");
    demand(!promises_ || operator_.offence.empty(), operator_.offence);
    if (!lost) answers_.push_back({reference, verdict});
    if (!unlucky(3)) wire_.erase(wire_.begin() + static_cast<std::ptrdiff_t>(index));
}

void ExchangeWorld::deliver_answer(std::size_t index) {
    const Answer answer = answers_[index];
    if (!unlucky(6)) answers_.erase(answers_.begin() + static_cast<std::ptrdiff_t>(index));
    const Exchange& exchange = chain_.exchange;
    const bool awaited = exchange.awaiting == Awaiting::order && exchange.in_flight &&
                         exchange.in_flight->reference == answer.reference;
    const Verdict& verdict = answer.verdict;
    Chain after =
        absorb_outcome(chain_, answer.reference, verdict.outcome, profile_, moment(dice_.below(2)));
    note("an answer comes");
    if (awaited && verdict.outcome.kind == Outcome::Kind::refused)
        refused_generation_ = exchange.in_flight->generation;
    if (awaited)
        check_hold(after, verdict.version, verdict.suspended);
    else
        check_hint_only(after);
    commit(std::move(after), Holder::network_operator);
}

void ExchangeWorld::look(std::size_t index) {
    note("the operator reads for us");
    if (operator_.suspended && !chain_.exchange.in_flight && wire_.empty())
        operator_.a_read_could_show_it();
    Look seen = operator_.look();
    if (unlucky(25)) seen.reading.changing = true;
    if (unlucky(40)) seen.reading.state = NetworkState::unknown;
    trips_[index].look = seen;
}

void ExchangeWorld::deliver_look(std::size_t index) {
    const Trip trip = trips_[index];
    if (!unlucky(8)) trips_.erase(trips_.begin() + static_cast<std::ptrdiff_t>(index));
    const Moment when = moment(dice_.below(2));
    if (unlucky(8)) {
        note("a reading is lost");
        return commit(absorb_lost_reading(chain_, trip.number, profile_, when), std::nullopt);
    }
    note("a reading comes");
    Chain after = absorb_reading(chain_, trip.number, trip.look->reading, profile_, when);
    check_reading(after, trip);
    const bool shown = trip.look->active && trip.confirmed;
    commit(std::move(after), Holder::network_operator, shown);
}

void ExchangeWorld::deliver_event() {
    --events_;
    note("an event comes");
    commit(absorb_hint(chain_, wall()), std::nullopt);
}

}  // namespace msp::sample

using namespace msp;
using namespace msp::sample;

TEST_CASE("one seed tells one story") {
    Sometimes sometimes;
    for (const Kind& kind : kinds()) {
        ExchangeWorld one(kind, 7, sometimes);
        ExchangeWorld other(kind, 7, sometimes);
        one.record();
        other.record();
        for (int i = 0; i < 60; ++i) {
            one.step();
            other.step();
        }
        CHECK(one.story() == other.story());
        CHECK_FALSE(one.story().empty());
    }
}
