// The store in memory: for tests, simulations and demonstrations. Everything is lost with it.
//
// Several writers may share one, each with a lane of its own. Threads: one at a time, also for the
// archive over it.
#pragma once

#include "store/engine.hpp"

#include <deque>
#include <map>

namespace msp {

// What is kept, in the open: the archive reads it.
struct MemoryContent {
    struct Owner {
        std::optional<ChainId> chain;  // live, or the newest that had the name
        bool live = false;
    };
    struct Kept {
        std::string body;
        std::uint64_t version = 0;
        Time at{};
    };
    struct Told {
        Event event;
        EntryId previous{};                        // of the same chain
        std::map<PartyId, std::uint64_t> numbers;  // in the feeds it entered
    };
    std::map<ChainId, StoredChain> chains;
    std::map<Name, Owner> names;
    std::map<Name, Kept> records;
    std::deque<Name> answers;                            // the oldest first
    std::map<std::uint64_t, std::vector<Told>> history;  // by lane; position 1 stands first
    std::map<PartyId, std::vector<EntryId>> feeds;       // number 1 stands first
    std::map<std::uint64_t, std::uint64_t> batches;      // by lane: the newest

    Owner owner(const Name&) const;
    const Told& told(EntryId id) const { return history.at(lane_of(id))[position_of(id) - 1]; }
};

class MemoryEngine final : public Engine {
public:
    Result<Standing, Failure> standing(std::uint64_t lane) override;
    Result<Loaded, Failure> load(std::span<const Name>) override;
    Written write(const Changes&) override;
    Landed resolve(const LaneBatch&) override;
    std::string trouble() const override { return "memory has no trouble"; }
    Tidied tidy(bool) override { return Tidied::done; }

    const MemoryContent& content() const { return content_; }

private:
    bool fits(const Changes&) const;
    bool names_fit(const Changes&) const;
    void keep(const RecordChange&, const Changes&);
    void append(const Event&, std::uint64_t lane);
    void forget_answers(Time before);

    MemoryContent content_;
    std::map<std::uint64_t, std::uint64_t> fences_;  // by lane: no batch up to this one lands
};

}  // namespace msp
