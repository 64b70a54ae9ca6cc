#include "store/memory/memory_archive.hpp"

#include <algorithm>

namespace msp {

std::optional<Chain> MemoryArchive::chain(const Name& name) {
    const auto owner = content_.owner(name);
    if (!owner.chain) return std::nullopt;
    return *content_.chains.at(*owner.chain).chain;
}

std::optional<std::string> MemoryArchive::record(const Name& name) {
    const auto at = content_.records.find(name);
    if (at == content_.records.end()) return std::nullopt;
    return at->second.body;
}

ChainPage MemoryArchive::chains(const ChainQuery& query) {
    ChainPage out;
    std::size_t looked_at = 0;
    ChainId last = query.after;
    for (auto at = content_.chains.upper_bound(query.after); at != content_.chains.end(); ++at) {
        if (out.chains.size() >= query.limit || looked_at >= query.look_at_most) {
            out.next = last;
            return out;
        }
        ++looked_at;
        last = at->first;
        const Chain& chain = *at->second.chain;
        if (!query.matches || query.matches(chain)) out.chains.push_back(chain);
    }
    return out;
}

// Goes through a map by name: what lies in the scope, after a value.
template <class Map, class Visit>
static void each_after(const Map& map, const Name& after, Visit visit) {
    for (auto at = map.upper_bound(after); at != map.end(); ++at)
        if (at->first.kind != after.kind || at->first.scope != after.scope ||
            !visit(at->first, at->second))
            return;
}

std::vector<std::string> MemoryArchive::names(Name::Kind kind, const std::string& scope,
                                              const std::string& after, std::size_t limit) {
    std::vector<std::string> out;
    each_after(content_.names, {kind, scope, after},
               [&](const Name& name, const MemoryContent::Owner& owner) {
                   if (out.size() >= limit) return false;
                   if (owner.live) out.push_back(name.value);
                   return true;
               });
    return out;
}

std::vector<Record> MemoryArchive::records(Name::Kind kind, const std::string& scope,
                                           const std::string& after, std::size_t limit) {
    std::vector<Record> out;
    each_after(content_.records, {kind, scope, after},
               [&](const Name& name, const MemoryContent::Kept& kept) {
                   if (out.size() >= limit) return false;
                   out.push_back({name, kept.body});
                   return true;
               });
    return out;
}

Entry MemoryArchive::entry(EntryId id, std::uint64_t number) const {
    return {lane_of(id), position_of(id), number, content_.told(id).event};
}

std::vector<Entry> MemoryArchive::feed(const PartyId& party, std::uint64_t after,
                                       std::size_t limit) {
    std::vector<Entry> out;
    const auto feed = content_.feeds.find(party);
    if (feed == content_.feeds.end()) return out;
    for (std::uint64_t number = after; number < feed->second.size() && out.size() < limit; ++number)
        out.push_back(entry(feed->second[number], number + 1));
    return out;
}

std::uint64_t MemoryArchive::feed_head(const PartyId& party) {
    const auto feed = content_.feeds.find(party);
    return feed == content_.feeds.end() ? 0 : feed->second.size();
}

HistoryPage MemoryArchive::history(const HistoryQuery& query) {
    HistoryPage out;
    const auto lane = content_.history.find(query.lane);
    if (lane == content_.history.end()) return out;
    std::size_t looked_at = 0;
    for (std::uint64_t position = query.after; position < lane->second.size(); ++position) {
        if (out.entries.size() >= query.limit || looked_at >= query.look_at_most) {
            out.next = position;
            return out;
        }
        ++looked_at;
        const Event& event = lane->second[position].event;
        if (!query.matches || query.matches(event))
            out.entries.push_back({query.lane, position + 1, 0, event});
    }
    return out;
}

std::vector<Entry> MemoryArchive::history_of(ChainId chain, std::uint64_t before,
                                             std::size_t limit) {
    std::vector<Entry> out;
    for (EntryId at = newest_before(chain, EntryId{before}); at != EntryId{} && out.size() < limit;
         at = content_.told(at).previous)
        out.push_back(entry(at, 0));
    return out;
}

EntryId MemoryArchive::newest_before(ChainId chain, EntryId before) const {
    const auto stored = content_.chains.find(chain);
    if (stored == content_.chains.end()) return {};
    EntryId at = stored->second.newest_entry;
    if (before == EntryId{}) return at;
    while (at != EntryId{} && at != before) at = content_.told(at).previous;
    return at == EntryId{} ? at : content_.told(at).previous;
}

}  // namespace msp
