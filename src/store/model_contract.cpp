#include "store/model_contract.hpp"

#include <algorithm>

namespace msp {

static bool has(const std::vector<Name>& names, const Name& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Changes Model::changes(const std::vector<Chain>& after, std::vector<Event> events,
                       const std::vector<Record>& records) {
    Changes out;
    out.batch = {0, ++batch};
    out.at = now;
    out.events = std::move(events);
    for (const Chain& chain : after) {
        const auto was = chains_.find(chain.id);
        const bool born = was == chains_.end();
        const auto before = born ? std::vector<Name>{} : live_names(*was->second.chain);
        const auto names = live_names(chain);
        for (const Name& name : before)
            if (!has(names, name)) out.names.push_back({name, chain.id, false});
        for (const Name& name : names)
            if (!has(before, name) && name.kind != Name::Kind::chain)
                out.names.push_back({name, chain.id, true});
        if (born)
            out.chains.push_back({0, {}, std::make_shared<const Chain>(chain)});
        else
            out.chains.push_back({was->second.version, was->second.newest_entry,
                                  std::make_shared<const Chain>(chain)});
    }
    for (const Record& record : records) {
        const auto kept = records_.find(record.name);
        out.records.push_back({kept == records_.end() ? 0 : kept->second.version, record});
    }
    return out;
}

Model::Owner Model::owner(const Name& name) const {
    for (const auto& [id, stored] : chains_)
        if (has(live_names(*stored.chain), name)) return {id, true};
    const auto last = last_.find(name);
    return last == last_.end() ? Owner{} : Owner{last->second, false};
}

bool Model::fits(const Changes& changes) const {
    const auto version = [this](ChainId id) {
        const auto at = chains_.find(id);
        return at == chains_.end() ? 0 : at->second.version;
    };
    const auto record_version = [this](const Name& name) {
        const auto at = records_.find(name);
        return at == records_.end() ? 0 : at->second.version;
    };
    for (const ChainChange& change : changes.chains)
        if (version(change.after->id) != change.expected) return false;
    for (const auto& [id, expected] : changes.unchanged_chains)
        if (version(id) != expected) return false;
    for (const RecordChange& change : changes.records)
        if (record_version(change.record.name) != change.expected) return false;
    for (const auto& [name, expected] : changes.unchanged_records)
        if (record_version(name) != expected) return false;
    for (const Name& name : changes.free_names)
        if (owner(name).live) return false;
    std::map<Name, Owner> owners;
    for (const auto& [name, chain, begins] : changes.names) {
        Owner& now_owned = owners.try_emplace(name, owner(name)).first->second;
        if (now_owned.live == begins) return false;
        if (!begins && now_owned.chain != chain) return false;
        now_owned = {chain, begins};
    }
    return true;
}

void Model::apply(const Changes& changes) {
    for (const ChainChange& change : changes.chains) {
        auto& stored =
            chains_.try_emplace(change.after->id, StoredChain{change.after}).first->second;
        stored.chain = change.after;
        ++stored.version;
    }
    for (const NameChange& change : changes.names) last_[change.name] = change.chain;
    for (const auto& [expected, record] : changes.records)
        if (record.body)
            records_[record.name] = {*record.body, changes.batch.stamp()};
        else
            records_.erase(record.name);
    for (const Event& event : changes.events) {
        events_.push_back(event);
        if (event.after) chains_.at(event.after->id).newest_entry = entry_id(0, events_.size());
    }
}

std::vector<std::string> Model::names(Name::Kind kind, const std::string& scope) const {
    std::vector<std::string> out;
    for (const auto& [id, stored] : chains_)
        for (const Name& name : live_names(*stored.chain))
            if (name.kind == kind && name.scope == scope) out.push_back(name.value);
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<Entry> Model::history() const {
    std::vector<Entry> out;
    for (const Event& event : events_) out.push_back({0, out.size() + 1, 0, event});
    return out;
}

std::vector<Entry> Model::feed(const PartyId& party) const {
    std::vector<Entry> out;
    for (const Entry& entry : history())
        if (std::count(entry.event.audience.begin(), entry.event.audience.end(), party) > 0)
            out.push_back({0, entry.position, out.size() + 1, entry.event});
    return out;
}

std::vector<Entry> Model::history_of(ChainId chain) const {
    std::vector<Entry> out;
    for (const Entry& entry : history())
        if (entry.event.after && entry.event.after->id == chain) out.push_back(entry);
    std::reverse(out.begin(), out.end());
    return out;
}

std::vector<Due> Model::due() const {
    std::vector<Due> out;
    for (const auto& [id, stored] : chains_)
        if (const auto& due = stored.chain->exchange.due)
            out.push_back({id, stored.chain->subscription.at, *due});
    return out;
}

}  // namespace msp
