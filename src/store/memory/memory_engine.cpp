#include "store/memory/memory_engine.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace msp {

Result<Standing, Failure> MemoryEngine::standing(std::uint64_t lane) {
    Standing out;
    if (const auto at = content_.batches.find(lane); at != content_.batches.end())
        out.last_batch = at->second;
    if (!content_.chains.empty()) out.largest_chain = content_.chains.rbegin()->first;
    for (const auto& [id, stored] : content_.chains)
        if (const auto& due = stored.chain->exchange.due)
            out.due.push_back({id, stored.chain->subscription.at, *due});
    return out;
}

static std::optional<ChainId> chain_number(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return ChainId{number};
}

MemoryContent::Owner MemoryContent::owner(const Name& name) const {
    if (name.kind == Name::Kind::chain) {
        const auto id = chain_number(name.value);
        return id && chains.contains(*id) ? Owner{id, true} : Owner{};
    }
    const auto at = names.find(name);
    return at == names.end() ? Owner{} : at->second;
}

Result<Loaded, Failure> MemoryEngine::load(std::span<const Name> names) {
    Loaded out;
    std::set<ChainId> chains;
    for (const Name& name : names) {
        Found& found = out.names.emplace_back(Found{});
        if (names_a_chain(name.kind)) {
            const MemoryContent::Owner owner = content_.owner(name);
            found.chain = owner.chain;
            found.live = owner.live;
            if (owner.chain) chains.insert(*owner.chain);
        } else if (const auto at = content_.records.find(name); at != content_.records.end()) {
            found.record = at->second.body;
            found.version = at->second.version;
        }
    }
    for (const ChainId id : chains) out.chains.push_back(content_.chains.at(id));
    return out;
}

static std::uint64_t version_of(const std::map<ChainId, StoredChain>& chains, ChainId id) {
    const auto at = chains.find(id);
    return at == chains.end() ? 0 : at->second.version;
}

bool MemoryEngine::fits(const Changes& changes) const {
    const auto chain_is = [this](ChainId id, std::uint64_t expected) {
        return version_of(content_.chains, id) == expected;
    };
    const auto record_is = [this](const Name& name, std::uint64_t expected) {
        const auto at = content_.records.find(name);
        return (at == content_.records.end() ? 0 : at->second.version) == expected;
    };
    for (const ChainChange& change : changes.chains)
        if (!chain_is(change.after->id, change.expected)) return false;
    for (const auto& [id, expected] : changes.unchanged_chains)
        if (!chain_is(id, expected)) return false;
    for (const RecordChange& change : changes.records)
        if (!record_is(change.record.name, change.expected)) return false;
    for (const auto& [name, expected] : changes.unchanged_records)
        if (!record_is(name, expected)) return false;
    return names_fit(changes);
}

// Plays the names through beside what is kept.
bool MemoryEngine::names_fit(const Changes& changes) const {
    for (const Name& name : changes.free_names)
        if (content_.owner(name).live) return false;
    std::map<Name, MemoryContent::Owner> moved;
    for (const NameChange& change : changes.names) {
        auto& owner = moved.try_emplace(change.name, content_.owner(change.name)).first->second;
        if (change.begins == owner.live) return false;
        if (!change.begins && owner.chain != change.chain) return false;
        owner = {change.chain, change.begins};
    }
    return true;
}

Written MemoryEngine::write(const Changes& changes) {
    const std::uint64_t lane = changes.batch.lane;
    std::uint64_t& newest = content_.batches[lane];
    if (changes.batch.batch <= std::max(newest, fences_[lane])) return Written::stale;
    if (!fits(changes)) return Written::stale;
    newest = changes.batch.batch;
    for (const ChainChange& change : changes.chains) {
        StoredChain& stored =
            content_.chains.try_emplace(change.after->id, StoredChain{change.after}).first->second;
        stored.chain = change.after;
        ++stored.version;
    }
    for (const NameChange& change : changes.names)
        content_.names[change.name] = {change.chain, change.begins};
    for (const RecordChange& change : changes.records) keep(change, changes);
    for (const Event& event : changes.events) append(event, lane);
    forget_answers(changes.forget_answers_before);
    return Written::committed;
}

void MemoryEngine::keep(const RecordChange& change, const Changes& changes) {
    const Name& name = change.record.name;
    if (!change.record.body) {
        content_.records.erase(name);
        return;
    }
    content_.records[name] = {*change.record.body, changes.batch.stamp(), changes.at};
    if (name.kind == Name::Kind::answer) content_.answers.push_back(name);
}

void MemoryEngine::append(const Event& event, std::uint64_t lane) {
    auto& history = content_.history[lane];
    const EntryId id = entry_id(lane, history.size() + 1);
    MemoryContent::Told& told = history.emplace_back(MemoryContent::Told{event, {}, {}});
    for (const PartyId& party : event.audience) {
        auto& feed = content_.feeds[party];
        if (told.numbers.emplace(party, feed.size() + 1).second) feed.push_back(id);
    }
    if (!event.after) return;
    const auto stored = content_.chains.find(event.after->id);
    if (stored != content_.chains.end())
        told.previous = std::exchange(stored->second.newest_entry, id);
}

// An answer that was given anew stands in the line twice; its younger place counts.
void MemoryEngine::forget_answers(Time before) {
    while (!content_.answers.empty()) {
        const auto at = content_.records.find(content_.answers.front());
        if (at != content_.records.end()) {
            if (at->second.at >= before) return;
            content_.records.erase(at);
        }
        content_.answers.pop_front();
    }
}

Landed MemoryEngine::resolve(const LaneBatch& batch) {
    if (content_.batches[batch.lane] == batch.batch) return Landed::in;
    fences_[batch.lane] = batch.batch;
    return Landed::not_in;
}

}  // namespace msp
