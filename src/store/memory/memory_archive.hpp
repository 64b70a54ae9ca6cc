// Looking things up in a MemoryEngine. Threads: one at a time, that of the engine.
#pragma once

#include "store/archive.hpp"
#include "store/memory/memory_engine.hpp"

namespace msp {

class MemoryArchive final : public Archive {
public:
    explicit MemoryArchive(const MemoryContent& content) : content_(content) {}

    std::optional<Chain> chain(const Name&) override;
    std::optional<std::string> record(const Name&) override;
    ChainPage chains(const ChainQuery&) override;
    std::vector<std::string> names(Name::Kind, const std::string& scope, const std::string& after,
                                   std::size_t limit) override;
    std::vector<Record> records(Name::Kind, const std::string& scope, const std::string& after,
                                std::size_t limit) override;
    std::vector<Entry> feed(const PartyId&, std::uint64_t after, std::size_t limit) override;
    std::uint64_t feed_head(const PartyId&) override;
    HistoryPage history(const HistoryQuery&) override;
    std::vector<Entry> history_of(ChainId, std::uint64_t before, std::size_t limit) override;

private:
    Entry entry(EntryId, std::uint64_t number) const;
    EntryId newest_before(ChainId, EntryId before) const;

    const MemoryContent& content_;
};

}  // namespace msp
