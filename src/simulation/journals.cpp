#include "simulation/journals.hpp"

#include "domain/status.hpp"

#include <algorithm>
#include <cstdlib>

namespace msp::simulation {

using State = SimulatedSubscription::State;

// At the operator and on the wire, with copies.
static constexpr Duration request_life_most{20'000};

static State effect(Order order) {
    switch (order) {
        case Order::activate: return State::active;
        case Order::de_activate: return State::de_active;
        case Order::reclaim: return State::terminated;
    }
    std::abort();
}

void Journals::add(const OperatorId& id, const OperatorBook& book) {
    journals_[id].book = &book;
}

void Journals::restored(const OperatorId& id, Time at) {
    follow();
    journals_[id].forgot = at;
}

void Journals::follow() {
    for (auto& [id, journal] : journals_) {
        const auto& all = journal.book->journal();
        for (; journal.read < all.size(); ++journal.read) follow(journal, all[journal.read]);
    }
}

void Journals::follow(Journal& journal, const JournalEntry& entry) {
    Deeds& deeds = journal.deeds[entry.subscription];
    deeds.entries.push_back(entry);
    story_.mix(entry.what);
    story_.mix(entry.generation);
    story_.tell([&] {
        return "operator: " + entry.subscription + " " + std::string(entry.what) +
               (entry.order_reference.empty()
                    ? " by itself"
                    : " by order " + entry.order_reference + ", generation " +
                          std::to_string(entry.generation));
    });
    if (entry.what == "restored") {
        deeds.newest = 0;
        deeds.reclaimed = false;
    }
    if (entry.order_reference.empty()) return;
    if (!deeds.done.insert(entry.order_reference).second)
        sometimes_.reached(Rare::order_took_effect_twice);
    // What was under way when it lost its memory may land as if it were new.
    const bool forgot = journal.forgot && entry.at - *journal.forgot < request_life_most;
    if (entry.generation < deeds.newest && !forgot)
        story_.broken(4, "an older order took effect after a newer one", {entry.subscription});
    if (deeds.reclaimed && entry.what != "reclaimed" && !forgot)
        story_.broken(4, "an order took effect on a reclaimed subscription", {entry.subscription});
    deeds.newest = std::max(deeds.newest, entry.generation);
    deeds.reclaimed |= entry.what == "reclaimed";
}

// It was so at some time from then on.
template <class Is>
bool Journals::was(const Deeds& deeds, Time from, Is is) {
    bool so = is(State::de_active, false);
    for (const JournalEntry& entry : deeds.entries) {
        if (so && entry.at >= from) return true;
        so = is(entry.state, entry.suspended);
    }
    return so;
}

void Journals::compare(const Chain& before, const Chain& after, Time asked) {
    follow();
    const auto journal = journals_.find(after.subscription.at);
    if (journal == journals_.end()) return;
    std::string reference(after.subscription.reference.view());
    if (reference.empty()) reference = std::string(after.card.iccid.text());
    const Deeds& deeds = journal->second.deeds[reference];
    const Exchange& now = after.exchange;
    if (now.confirmed > before.exchange.confirmed && !after.lost) {
        const bool ours =
            std::any_of(deeds.entries.begin(), deeds.entries.end(), [&](const auto& entry) {
                return entry.generation == now.confirmed && !entry.order_reference.empty();
            });
        const bool so = was(deeds, asked, [&](State state, bool) {
            return now.confirmed < now.generation || state == effect(wanted(after));
        });
        if (!ours && !so)
            story_.broken(4, "a generation is confirmed that never took effect", {reference});
    }
    if (now.seen && !before.exchange.seen) {
        sometimes_.reached(Rare::service_active);
        const bool so = was(deeds, asked, [](State state, bool suspended) {
            return state == State::active && !suspended;
        });
        if (!so) story_.broken(4, "active was seen and was not so", {reference});
    }
}

}  // namespace msp::simulation
