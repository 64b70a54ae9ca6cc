// What an engine is compared with: a list of chains, a list of events, a map of records, and no
// idea of how to find anything quickly.
#pragma once

#include "store/archive.hpp"
#include "store/drawn_contract.hpp"
#include "store/engine.hpp"

#include <map>
#include <vector>

namespace msp {

class Model {
public:
    struct Owner {
        std::optional<ChainId> chain;
        bool live = false;
        friend bool operator==(const Owner&, const Owner&) = default;
    };
    struct Kept {
        std::string body;
        std::uint64_t version = 0;
    };

    // The next batch of this lane with what it does to the chains, as the commit queue would say
    // it.
    Changes changes(const std::vector<Chain>& after, std::vector<Event> events,
                    const std::vector<Record>& records);
    bool fits(const Changes&) const;
    void apply(const Changes&);

    const std::map<ChainId, StoredChain>& chains() const { return chains_; }
    const std::map<Name, Kept>& records() const { return records_; }
    Owner owner(const Name&) const;
    std::vector<std::string> names(Name::Kind, const std::string& scope) const;
    std::vector<Entry> feed(const PartyId&) const;
    std::vector<Entry> history() const;
    std::vector<Entry> history_of(ChainId) const;  // the newest first
    std::vector<Due> due() const;

    std::uint64_t batch = 0;
    Time now{Duration(1'770'000'000'000)};

private:
    std::map<ChainId, StoredChain> chains_;
    std::map<Name, ChainId> last_;  // the newest that had a name
    std::map<Name, Kept> records_;
    std::vector<Event> events_;
};

}  // namespace msp
