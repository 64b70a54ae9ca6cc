#include "domain/exchange_world_test.hpp"
#include "domain/laws.hpp"
#include "domain/status.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iostream>

namespace msp::sample {

using namespace std::chrono_literals;

static std::string summary(const Chain& chain) {
    const Exchange& e = chain.exchange;
    std::string out = std::string(word(wanted(chain))) + " " + std::to_string(e.confirmed) + "/" +
                      std::to_string(e.generation);
    if (e.in_flight)
        out += " in flight " + std::string(e.in_flight->reference.view()) +
               (e.in_flight->done       ? " done"
                : e.in_flight->answered ? " answered"
                                        : "");
    if (e.awaiting != Awaiting::nothing)
        out += e.awaiting == Awaiting::order ? " awaits order"
                                             : " awaits read " + std::to_string(e.read_number);
    if (e.read_due) out += " read-due";
    if (e.drift) out += " drift";
    if (e.seen) out += " seen";
    if (e.clear_to_send) out += " clear";
    if (e.insisted) out += " insisted";
    if (e.parked) out += " parked(" + e.parked->reason + ")";
    for (const Reason& reason : chain.holds.reasons()) out += " " + std::string(reason.code.view());
    if (chain.lost) out += " lost";
    return out;
}

void ExchangeWorld::note(std::string_view what) {
    if (!recording_) return;
    const SimulatedOperator& op = operator_;
    story_.push_back(rfc3339(wall()).substr(11, 12) + " " + std::string(what) + "\n      " +
                     summary(chain_) + " | " + std::string(word(op.state)) +
                     (op.suspended ? " suspended" : "") + (op.own_change ? " own-change" : "") +
                     " wire " + std::to_string(wire_.size()));
}

std::string ExchangeWorld::story() const {
    std::string out;
    for (const std::string& line : story_) out += line + "\n";
    return out + "      now " + summary(chain_) + "\n";
}

void ExchangeWorld::demand(bool kept, std::string_view what) {
    if (!kept && fault_.empty()) fault_ = what;
}

bool ExchangeWorld::hides() const {
    return profile_.can.status_field == StatusField::combined ||
           profile_.can.status_field == StatusField::overwritten_combined;
}

void ExchangeWorld::commit(Chain after, std::optional<Holder> mover, bool shown_active) {
    for (const BrokenLaw& broken : broken_laws_between(chain_, after, mover))
        demand(false, "between two states: " + broken.how);
    for (const BrokenLaw& broken : broken_laws({&after, 1}))
        demand(false, "in one state: " + broken.how);
    const bool newly = m2m_status(after) == Status::active && m2m_status(chain_) != Status::active;
    demand(shown_active || !newly, "active is reported though the operator was not active");
    demand(shown_active || !after.exchange.seen || chain_.exchange.seen,
           "active counts as seen though the operator was not active");
    remark(after);
    chain_ = std::move(after);
    check_law_4();
}

void ExchangeWorld::check_law_4() {
    const Exchange& exchange = chain_.exchange;
    const bool certain = exchange.confirmed == exchange.generation && !exchange.drift &&
                         !chain_.holds.holds(Holder::network_operator);
    demand(!promises_ || !certain || operator_.own_change ||
               operator_.state == effect_of(wanted(chain_)),
           "confirmed, but the operator's state is not what is wanted");
}

bool ExchangeWorld::another_can_land() const {
    if (profile_.can.fences_by_generation || !promises_) return false;
    for (const Request& request : wire_)
        if (!profile_.can.ignores_repeated_reference ||
            !operator_.executed.contains(request.reference))
            return true;
    return std::any_of(errands_.begin(), errands_.end(), [this](const Sending& sending) {
        return sending.errand.kind == Errand::Kind::order &&
               now_ - sending.committed <= profile_.pace.allowed_pause;
    });
}

void ExchangeWorld::check_errand(const Chain& before, const Errand& errand, bool crowded) {
    demand(!before.lost && !reclaimed(before), "a subscription that is gone is asked or ordered");
    if (errand.kind != Errand::Kind::order) return;
    demand(errand.generation == before.exchange.generation && errand.order == wanted(before),
           "a superseded order is sent");
    demand(!crowded, "an order is sent while another can still land");
    if (before.exchange.insisted) insisted_.insert(errand.reference);
    demand(!before.exchange.drift || profile_.drift == DriftPolicy::send_ours || approved_,
           "drift is answered with our order though a person was to decide");
    remark_errand(before, errand);
}

void ExchangeWorld::check_hint_only(const Chain& after) {
    sometimes("a late answer was a hint only");
    Chain hinted = chain_;
    hinted.exchange.read_due = after.exchange.read_due;
    hinted.exchange.parked = after.exchange.parked;
    hinted.exchange.not_before = after.exchange.not_before;
    hinted.exchange.due = after.exchange.due;
    demand(hinted == after, "an answer that nobody waits for was applied");
}

void ExchangeWorld::check_reading(const Chain& after, const Trip& trip) {
    const Exchange& exchange = chain_.exchange;
    if (exchange.awaiting != Awaiting::read || exchange.read_number != trip.number)
        return check_hint_only(after);
    if (exchange.read_generation != exchange.generation || trip.look->reading.changing ||
        trip.look->reading.state == NetworkState::unknown) {
        sometimes("a read was dropped");
        demand(after.holds == chain_.holds && after.observed == chain_.observed &&
                   after.exchange.confirmed == exchange.confirmed,
               "a read was applied that cannot be judged");
        return;
    }
    const bool told = after.holds.find(Holder::network_operator, "operator-suspended") &&
                      !chain_.holds.find(Holder::network_operator, "operator-suspended");
    demand(!told || trip.look->suspended, "a suspension was booked that was not shown");
    check_hold(after, trip.look->version, trip.look->suspended || trip.look->own_change);
    if (after.exchange.confirmed > exchange.confirmed) sometimes("a read confirmed an order");
}

void ExchangeWorld::check_hold(const Chain& after, std::uint64_t version, bool to_blame) {
    const bool was = chain_.holds.holds(Holder::network_operator);
    const bool is = after.holds.holds(Holder::network_operator);
    demand(was == is || version >= applied_version_, "older news overrode newer");
    demand(was || !is || to_blame, "the operator is blamed for our own order");
    applied_version_ = std::max(applied_version_, version);
}

void ExchangeWorld::remark(const Chain& after) {
    const Exchange& was = chain_.exchange;
    const Exchange& is = after.exchange;
    const auto held = [&](std::string_view code) {
        return after.holds.find(Holder::network_operator, code) &&
               !chain_.holds.find(Holder::network_operator, code);
    };
    if (held("operator-inactive")) sometimes("a hold was inferred");
    if (held("accepted-drift")) sometimes("a drift was accepted");
    if (held("operator-suspended"))
        sometimes(was.awaiting == Awaiting::read ? "a hold was shown" : "a hold was refused for");
    if (held("lost")) sometimes("a subscription was lost");
    if (is.drift && !was.drift) {
        sometimes("drift was found");
        approved_ = false;
    }
    if (was.drift && !is.drift && is.generation == was.generation) sometimes("drift was repaired");
    if (is.seen && !was.seen) sometimes("active was seen");
    if (is.parked && !was.parked) sometimes(is.drift ? "drift was parked" : "an order was parked");
    if (is.parked && wanted(after) == Order::reclaim && operator_.suspended)
        sometimes("a reclaim waited under a suspension");
    if (reclaimed(after) && !reclaimed(chain_)) sometimes("a subscription was reclaimed");
    if (was.awaiting == Awaiting::order && is.awaiting == Awaiting::nothing && is.in_flight &&
        !is.in_flight->answered)
        unknown_generation_ = is.generation;
}

void ExchangeWorld::remark_errand(const Chain& before, const Errand& errand) {
    if (errand.generation == unknown_generation_) sometimes("an unknown order was sent again");
    if (before.exchange.insisted) sometimes("a person insisted");
    if (before.exchange.drift) sometimes("drift was answered with our order");
    if (errand.generation > before.exchange.confirmed + 1)
        sometimes("a superseded order was never sent");
}

Duration ExchangeWorld::bound() const {
    const Pace& pace = profile_.pace;
    return pace.answer_deadline + pace.completion_deadline + 2 * (life() + pace.allowed_pause) +
           4 * pace.backoff_most + 2 * pace.parked_retry;
}

void ExchangeWorld::calm_down() {
    note("calm");
    calm_ = true;
    operator_.moody = false;
    const Time began = now_;
    int audits = 0;
    while (now_ < began + 2 * bound() && fault_.empty()) {
        expire();
        const auto due = chain_.exchange.due;
        if (something_moves())
            now_ += 20ms;
        else if (due && *due <= wall())
            a_node_acts();
        else if (audits < 5 && audit())
            ++audits;
        else if (due)
            now_ = *due - skew_;
        else
            break;
        if (!settled() && !waits()) settling_ = now_ - began;
    }
    demand(settled() || waits(),
           "nothing goes on, and it has neither settled nor waits for anybody");
    demand(settling_ <= bound(), "it takes too long to settle");
    demand(errands_in_calm_ < 60, "the operator is asked again and again");
}

bool ExchangeWorld::audit() {
    const Reading shown = operator_.look().reading;
    const bool held = chain_.holds.find(Holder::network_operator, "operator-suspended");
    const bool differs =
        shown.state != chain_.observed.state || (!hides() && shown.suspended != held);
    const bool busy = chain_.exchange.awaiting != Awaiting::nothing || chain_.exchange.read_due;
    if (!differs || hears_all_ || busy || chain_.lost || reclaimed(chain_)) return false;
    note("an audit differs");
    commit(absorb_hint(chain_, wall()), std::nullopt);
    return true;
}

bool ExchangeWorld::state_as_wanted() const {
    if (operator_.state == effect_of(wanted(chain_))) return true;
    const bool masked = operator_.suspended && (hides() || operator_.overwritten());
    const bool inactive = wanted(chain_) == Order::activate && operator_.own_change &&
                          chain_.holds.holds(Holder::network_operator);
    return masked || inactive;
}

bool ExchangeWorld::hold_as_shown() const {
    const bool held = chain_.holds.holds(Holder::network_operator);
    if (wanted(chain_) == Order::de_activate && hides()) return true;
    if (hides()) return held == !operator_.look().active;
    const bool accepted = chain_.holds.find(Holder::network_operator, "accepted-drift");
    return accepted || held == operator_.suspended;
}

bool ExchangeWorld::settled() const {
    const Exchange& exchange = chain_.exchange;
    if (exchange.awaiting != Awaiting::nothing || exchange.read_due || exchange.in_flight)
        return false;
    if (chain_.lost) return operator_.terminated;
    if (exchange.confirmed != exchange.generation || exchange.drift) return false;
    if (wanted(chain_) == Order::reclaim) return operator_.state == NetworkState::reclaimed;
    const bool active = wanted(chain_) == Order::activate && operator_.look().active;
    return state_as_wanted() && hold_as_shown() && active == (m2m_status(chain_) == Status::active);
}

bool ExchangeWorld::waits() const {
    const Exchange& exchange = chain_.exchange;
    const bool behind = exchange.confirmed != exchange.generation || exchange.drift;
    if (!behind || m2m_status(chain_) == Status::active) return false;
    const bool held = chain_.holds.holds(Holder::network_operator);
    if (held && operator_.suspended) return true;
    if (held && profile_.can.status_field == StatusField::overwritten_combined)
        return !operator_.look().active;
    if (!exchange.parked) return false;
    if (exchange.drift && profile_.drift != DriftPolicy::send_ours)
        return operator_.state != effect_of(wanted(chain_)) || hides();
    return refused_generation_ == exchange.generation;
}

}  // namespace msp::sample

using namespace msp;
using namespace msp::sample;

constexpr std::uint64_t walks = 100'000;
constexpr int steps = 80;

// What a walk that proves anything must have met.
constexpr std::string_view rare_states[] = {
    "a drift was accepted",
    "a hold was inferred",
    "a hold was refused for",
    "a hold was shown",
    "a late answer was a hint only",
    "a node crashed between commit and send",
    "a node paused too long and did not send",
    "a person insisted",
    "a read confirmed an order",
    "a read was dropped",
    "a reclaim waited under a suspension",
    "a second copy of an order landed",
    "a subscription was lost",
    "a subscription was reclaimed",
    "a superseded order was never sent",
    "a suspension was undone in a race",
    "active was seen",
    "an order was parked",
    "an unknown order was sent again",
    "drift was answered with our order",
    "drift was found",
    "drift was parked",
    "drift was repaired",
    "the fence held",
};

static std::string told(const Kind& kind, std::uint64_t seed) {
    Sometimes ignored;
    ExchangeWorld world(kind, seed, ignored);
    world.record();
    for (int i = 0; i < steps && world.fault().empty(); ++i) world.step();
    if (world.fault().empty()) world.calm_down();
    return world.story();
}

TEST_CASE("whatever wires, nodes, parties and operator do, no law breaks and all of it settles") {
    Sometimes sometimes;
    Duration longest{0};
    int faults = 0;
    for (std::uint64_t seed = 1; seed <= walks && faults < 3; ++seed) {
        const Kind& kind = kinds()[seed % kinds().size()];
        ExchangeWorld world(kind, seed, sometimes);
        for (int i = 0; i < steps && world.fault().empty(); ++i) world.step();
        if (world.fault().empty()) world.calm_down();
        longest = std::max(longest, world.settling());
        if (world.fault().empty()) continue;
        ++faults;
        FAIL_CHECK("seed ", seed, ", ", kind.name, ": ", world.fault(), "\n", told(kind, seed));
    }
    for (const std::string_view rare : rare_states) {
        INFO(rare);
        CHECK(sometimes[rare] > 0);
    }
    std::cout << walks << " walks of " << steps << " steps\n";
    for (const auto& [what, times] : sometimes) std::cout << "  " << what << ": " << times << '\n';
    std::cout << "  settled at the latest " << longest.count() << " ms after calm\n";
}
