// Sees every commit, whichever node made it, and holds it against the laws of docs/laws.md.
//
// It keeps its own picture of what is committed and takes nothing from the store, so that it is a
// second opinion: versions, names, events, feeds and answers are counted here once more.
// Threads: one. All it is given outlives it.
#pragma once

#include "domain/laws.hpp"
#include "simulation/journals.hpp"
#include "simulation/sometimes.hpp"
#include "simulation/story.hpp"
#include "store/engine.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace msp::simulation {

// Whose hold a command is meant to move; nothing: more than one party's, by its nature.
using Mover = std::optional<Holder>;

class Witness {
public:
    struct Seen {
        std::shared_ptr<const Chain> chain;
        std::uint64_t version = 0;
        std::uint64_t lane = 0;            // who wrote last
        Time read_issued{};                // by the clock of the world
        std::uint64_t reads_at_order = 0;  // when an order was committed last
    };

    Witness(Story& story, Sometimes& sometimes, Journals& journals)
        : story_(story), sometimes_(sometimes), journals_(journals) {}

    // A caller is about to send this; what follows from it names the operation. `revision`: of the
    // wish, as the caller saw it.
    void expect(const std::string& operation, Mover mover, std::optional<std::uint32_t> revision) {
        expected_[operation] = {mover, revision};
    }

    // At this operator our orders overwrite its own suspension.
    void overwritten_at(const OperatorId& id) { overwritten_.insert(id); }

    void committed(const Changes&, Time world);
    // An order leaves a node.
    void sent(const std::string& reference, Time world);

    const std::map<ChainId, Seen>& chains() const { return chains_; }
    std::vector<Chain> fleet() const;
    const std::vector<std::shared_ptr<const Event>>& feed(const PartyId&) const;
    const std::vector<std::shared_ptr<const Event>>& history() const { return history_; }
    // How many commits an operation left events in, and how often a key was answered.
    unsigned applied(const std::string& operation) const;
    unsigned answered(const Name& key) const;
    std::uint64_t commits() const { return commits_; }

    // The whole fleet at once; costs more than looking at what changed.
    void look_at_fleet();

private:
    using SharedChain = std::shared_ptr<const Chain>;
    struct Expected {
        Mover mover;
        std::optional<std::uint32_t> revision;
    };
    struct Shown {  // by the newest events of a chain
        SharedChain before;
        SharedChain now;
    };

    std::vector<std::string> names_of(const Chain&) const;
    void report(const std::vector<BrokenLaw>&, const Chain&);
    void change(const ChainChange&, const Changes&, Time world);
    void walk(const Chain& before, const SharedChain& after, const Changes&);
    void step(const Chain& before, const Chain& after, const Event* first);
    void append(const Event&);
    void check_audience(const Event&);
    void note_rare(const Chain& before, const Chain& after);
    void note_rare(const Event&);
    void check_order(Seen&, const Chain& after, Time world);
    void check_blame(const Chain& before, const Chain& after);
    void check_command(const Chain& before, const Chain& after, const Event&);
    const Expected* expected(const Event&) const;
    Mover mover_of(const Event&, bool binding) const;

    Story& story_;
    Sometimes& sometimes_;
    Journals& journals_;
    std::uint64_t commits_ = 0;
    std::map<ChainId, Seen> chains_;
    std::map<ChainId, std::uint64_t> sequences_;
    std::map<ChainId, Shown> shown_;
    std::vector<std::shared_ptr<const Event>> history_;
    std::map<PartyId, std::vector<std::shared_ptr<const Event>>> feeds_;
    std::unordered_map<std::string, unsigned> operations_;
    std::map<Name, unsigned> answers_;
    std::unordered_map<std::string, Expected> expected_;
    std::unordered_map<std::string, Time> orders_;  // by reference: when it was committed
    std::set<OperatorId> overwritten_;
};

}  // namespace msp::simulation
