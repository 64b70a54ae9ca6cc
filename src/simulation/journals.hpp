// What the operators' journals say, held against what the platform claims (laws 4 and 6).
//
// Law: of the orders that took effect on one subscription none is older than one before it, and
// nothing but a reclaim follows a reclaim. What is confirmed took effect, or was so when it was
// asked for; what was seen active was active in that time. An operator that loses its memory (an
// old database comes back) starts a new count.
// Threads: one. The books outlive it.
#pragma once

#include "cast/operator_book.hpp"
#include "domain/chain.hpp"
#include "simulation/sometimes.hpp"
#include "simulation/story.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace msp::simulation {

class Journals {
public:
    Journals(Story& story, Sometimes& sometimes) : story_(story), sometimes_(sometimes) {}

    void add(const OperatorId&, const OperatorBook&);
    // It lost its memory: of orders and of generations.
    void restored(const OperatorId&, Time at);
    // Reads what the operators did since it was asked last.
    void follow();
    // One commit took the chain from the one state to the other. `asked`: when its newest read was
    // issued, by the clock of the world.
    void compare(const Chain& before, const Chain& after, Time asked);

private:
    struct Deeds {
        std::vector<JournalEntry> entries;
        std::uint64_t newest = 0;  // generation that took effect
        bool reclaimed = false;
        std::set<std::string> done;  // references
    };
    struct Journal {
        const OperatorBook* book = nullptr;
        std::size_t read = 0;
        std::optional<Time> forgot{};        // an old database came back
        std::map<std::string, Deeds> deeds;  // by subscription
    };

    void follow(Journal&, const JournalEntry&);
    template <class Is>
    static bool was(const Deeds& deeds, Time from, Is is);

    Story& story_;
    Sometimes& sometimes_;
    std::map<OperatorId, Journal> journals_;
};

}  // namespace msp::simulation
