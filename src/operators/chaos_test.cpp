// A thousand subscriptions at a hostile operator of each kind: what is confirmed is true, nothing
// lands late, nothing is lost over restarts, and once the operator is calm everything settles.
#include "domain/laws.hpp"
#include "domain/status.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

using State = SimulatedSubscription::State;

constexpr unsigned cards = 1'000;
constexpr std::uint64_t seeds = 2;

// The operator's journal, held against each commit of ours.
class Witness {
public:
    explicit Witness(Stage& stage, std::uint64_t seed) : stage_(stage), seed_(seed) {}

    void watch(const Commit& commit) {
        read_journal();
        for (const Chain& chain : commit.after) {
            CAPTURE(seed_);
            const auto before = before_.find(chain.id);
            if (before != before_.end()) compare(before->second, chain);
            for (const BrokenLaw& broken : broken_laws({&chain, 1}))
                FAIL("law " << broken.law << ": " << broken.how << ", seed " << seed_);
            before_.insert_or_assign(chain.id, chain);
        }
    }

    // Of the orders that took effect none is older than one before it, and nothing but a reclaim
    // comes after a reclaim.
    void check_order_of_effects() {
        read_journal();
        for (const auto& [reference, entries] : journal_) {
            std::uint64_t newest = 0;
            bool reclaimed = false;
            for (const JournalEntry& entry : entries) {
                if (entry.order_reference.empty()) continue;
                CAPTURE(seed_);
                CHECK(entry.generation >= newest);
                CHECK((!reclaimed || entry.what == "reclaimed"));
                newest = std::max(newest, entry.generation);
                reclaimed |= entry.what == "reclaimed";
            }
        }
    }

    std::size_t confirmations = 0;
    std::size_t seen_active = 0;

private:
    void read_journal() {
        const auto& all = stage_.simulators.at(east)->played().book().journal();
        for (; read_ < all.size(); ++read_) journal_[all[read_].subscription].push_back(all[read_]);
    }

    void compare(const Chain& before, const Chain& after) {
        const auto& entries = journal_[std::string(after.subscription.reference.view())];
        const Exchange& now = after.exchange;
        if (now.confirmed > before.exchange.confirmed && !after.lost) {
            ++confirmations;
            const bool ours = std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
                return entry.generation == now.confirmed && !entry.order_reference.empty();
            });
            const bool so_already = lately(entries, [&](State state, bool) {
                return now.confirmed < now.generation || state == effect(wanted(after));
            });
            CHECK_MESSAGE((ours || so_already), "confirmed without effect, seed " << seed_);
        }
        if (now.seen && !before.exchange.seen) {
            ++seen_active;
            const bool was = lately(entries, [](State state, bool suspended) {
                return state == State::active && !suspended;
            });
            CHECK_MESSAGE(was, "active without being so, seed " << seed_);
        }
    }

    // It was so at some time since the read that we may have it from was sent.
    template <class Is>
    bool lately(const std::vector<JournalEntry>& entries, Is is) const {
        bool was = is(State::de_active, false);
        const Time from = stage_.loop.now() - 6s;
        for (const JournalEntry& entry : entries) {
            if (was && entry.at >= from) return true;
            was = is(entry.state, entry.suspended);
        }
        return was;
    }

    static State effect(Order order) {
        switch (order) {
            case Order::activate: return State::active;
            case Order::de_activate: return State::de_active;
            case Order::reclaim: break;
        }
        return State::terminated;
    }

    Stage& stage_;
    std::uint64_t seed_;
    std::size_t read_ = 0;
    std::map<std::string, std::vector<JournalEntry>> journal_;
    std::map<ChainId, Chain> before_;
};

OperatorKnobs hostile(const std::string& kind, SeededRandom& random) {
    OperatorKnobs out = *operator_profile("hostile");
    REQUIRE(set_knob(out, "kind", kind));
    out.life = 10s;
    out.hang_for = 60s;
    out.ignores_repeated_reference = random.below(2) == 0;
    out.suspended_for = 15s;
    return out;
}

void switch_one_at_random(Stage& stage, SeededRandom& random) {
    const auto number = static_cast<unsigned>(random.below(cards)) + 1;
    const std::uint64_t dice = random.below(40);
    stage.switch_card(east, number,
                      dice == 0       ? ServiceWish::stopped
                      : dice % 2 == 0 ? ServiceWish::active
                                      : ServiceWish::de_active);
}

// After calm: what we say of the operator is what it is.
void check_agreement(Stage& stage, std::uint64_t seed) {
    CAPTURE(seed);
    std::size_t waiting = 0;
    for (const Chain& chain : stage.chains()) {
        CAPTURE(static_cast<std::uint64_t>(chain.id));
        CHECK(settled(chain));
        if (!network_confirmed(chain)) {
            ++waiting;
            CHECK(
                (chain.lost || (chain.exchange.parked && !chain.exchange.parked->reason.empty())));
            continue;
        }
        const auto* one =
            stage.simulators.at(east)->played().book().find(chain.subscription.reference.view());
        const bool held = chain.holds.holds(Holder::network_operator);
        if (chain.lost || wanted(chain) == Order::reclaim)
            CHECK(one->state == State::terminated);
        else if (wanted(chain) == Order::de_activate)
            CHECK_FALSE(one->in_service());
        else
            CHECK(one->in_service() == !held);
    }
    MESSAGE("seed " << seed << ": " << waiting << " wait visibly");
}

void play(const std::string& kind, std::uint64_t seed) {
    CAPTURE(kind);
    SeededRandom random(seed);
    Stage stage;
    OperatorSettings settings = settings_of(east, kind);
    const OperatorKnobs knobs = hostile(kind, random);
    settings.profile.can.ignores_repeated_reference = knobs.ignores_repeated_reference;
    settings.audit = {.page_size = 100, .page_every = 100ms, .sweep_every = 20s, .drift_share = 1};
    OperatorSimulator& simulator = stage.add(settings, OperatorKnobs(knobs), cards);
    Witness witness(stage, seed);
    stage.watch = [&witness](const Commit& commit) { witness.watch(commit); };
    stage.start();
    for (int second = 0; second < 120; ++second) {
        for (int i = 0; i < 20; ++i) {
            switch_one_at_random(stage, random);
            stage.run_for(50ms);
        }
        if (second % 40 != 39) continue;
        stage.stop();
        stage.run_for(Duration(static_cast<Duration::rep>(random.below(3'000))));
        stage.start();
    }
    OperatorKnobs calm = *operator_profile("calm");
    calm.kind = knobs.kind;
    calm.life = knobs.life;
    calm.ignores_repeated_reference = knobs.ignores_repeated_reference;
    simulator.played().knobs() = calm;
    stage.run_for(65s);
    check_agreement(stage, seed);
    witness.check_order_of_effects();
    MESSAGE(kind << ": " << witness.confirmations << " confirmations, " << witness.seen_active
                 << " seen active, " << simulator.played().book().journal().size() << " effects");
    CHECK(witness.confirmations > 500);
}

}  // namespace

TEST_CASE("a hostile operator of each kind never makes us say what is not, and all settles") {
    for (const char* kind : {"fenced", "serial", "combined", "overwritten", "overwritten-combined"})
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) play(kind, seed);
}
