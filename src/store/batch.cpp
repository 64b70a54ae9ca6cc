#include "store/batch.hpp"

#include <algorithm>
#include <cassert>

namespace msp {

Batch::Batch(std::vector<Pending> commands) {
    entries_.reserve(commands.size());
    for (Pending& pending : commands) {
        std::optional<Name> key;
        if (const auto& given = pending.command.key)
            key = Name{Name::Kind::answer, std::string(given->party.text()), given->key};
        want(pending.command.hints, key);
        entries_.push_back({.pending = std::move(pending), .key = std::move(key), .outcome = {}});
    }
}

void Batch::want(const std::vector<Name>& hints, const std::optional<Name>& key) {
    wanted_.insert(hints.begin(), hints.end());
    if (key) wanted_.insert(*key);
}

void Batch::learn(Loaded loaded) {
    loaded_ = std::move(loaded);
}

Time Batch::at() const {
    Time latest{};
    for (const Entry& entry : entries_) latest = std::max(latest, entry.pending.at);
    return latest;
}

// ------------------------------------------------------------------------------------------ decide

bool Batch::decide() {
    start_over();
    bool complete = true;
    std::map<Name, const Entry*> asked;
    for (Entry& entry : entries_) {
        if (entry.given_up || answer_from_key(entry, asked)) continue;
        Decision decision = entry.pending.command.decide(view_);
        if (view_.missing().empty()) {
            carry_out(entry, std::move(decision));
        } else {
            complete = false;
            wanted_.insert(view_.missing().begin(), view_.missing().end());
            view_.forget_missing();
        }
        if (entry.key) asked.emplace(*entry.key, &entry);
    }
    return complete;
}

// As of the instant that was loaded: nothing of this batch is decided.
void Batch::start_over() {
    view_ = View{};
    chains_.clear();
    touched_.clear();
    records_.clear();
    names_.clear();
    events_.clear();
    for (Entry& entry : entries_)
        if (!entry.given_up) entry.outcome.reset();
    for (const StoredChain& stored : loaded_.chains)
        chains_.try_emplace(stored.chain.id, Member{stored, {}});
    for (const Found& found : loaded_.names) learn_into_view(found);
}

void Batch::learn_into_view(const Found& found) {
    if (!names_a_chain(found.name.kind)) {
        records_.try_emplace(found.name, Kept{found.record, found.version});
        if (found.name.kind != Name::Kind::answer) view_.learn(found.name, found.record);
        return;
    }
    std::optional<Chain> chain;
    if (found.chain) chain = chains_.at(*found.chain).stored.chain;
    view_.learn(found.name, chain, found.live);
}

static Result<Answer, Failure> answer_again(const std::string& first_fingerprint,
                                            const std::string& fingerprint, Answer answer) {
    if (first_fingerprint != fingerprint) return refused(RefusalCode::key_reused).answer;
    answer.errands.clear();
    answer.replayed = true;
    return answer;
}

// Whether the key was used before, here or in an earlier batch; then there is nothing to decide.
bool Batch::answer_from_key(Entry& entry, const std::map<Name, const Entry*>& asked) {
    if (!entry.key) return false;
    const std::string& fingerprint = entry.pending.command.key->fingerprint;
    if (const auto first = asked.find(*entry.key); first != asked.end()) {
        const Entry& other = *first->second;
        if (other.outcome && *other.outcome)
            entry.outcome =
                answer_again(other.pending.command.key->fingerprint, fingerprint, **other.outcome);
        return true;
    }
    const Kept& kept = records_.at(*entry.key);
    if (!kept.body) return false;
    auto stored = decode_answer(*kept.body);
    if (stored && stored->at + answers_kept <= entry.pending.at) return false;
    entry.from_before = true;
    entry.outcome =
        stored ? answer_again(stored->fingerprint, fingerprint, stored->answer) : stored.reason();
    return true;
}

void Batch::carry_out(Entry& entry, Decision decision) {
    for (const Chain& after : decision.after) follow(after);
    for (const Record& record : decision.records) {
        keep(record);
        view_.follow(record);
    }
    std::move(decision.events.begin(), decision.events.end(), std::back_inserter(events_));
    if (entry.key)
        keep({*entry.key, encode(StoredAnswer{entry.pending.command.key->fingerprint,
                                              entry.pending.at, decision.answer})});
    entry.outcome = std::move(decision.answer);
}

// The names of the first that the second has not.
static void tell_names(std::vector<NameChange>& out, const std::vector<Name>& some,
                       const std::vector<Name>& others, ChainId chain, bool begins) {
    for (const Name& name : some)
        if (name.kind != Name::Kind::chain &&
            std::find(others.begin(), others.end(), name) == others.end())
            out.push_back({name, chain, begins});
}

void Batch::follow(const Chain& after) {
    const auto [at, born] = chains_.try_emplace(after.id, Member{{after, 0, {}}, {}});
    Member& member = at->second;
    if (!member.after) touched_.push_back(after.id);
    std::vector<Name> was;
    if (!born) was = live_names(member.after ? *member.after : member.stored.chain);
    const std::vector<Name> is = live_names(after);
    tell_names(names_, was, is, after.id, false);
    tell_names(names_, is, was, after.id, true);
    member.after = after;
    view_.follow(after);
}

void Batch::keep(const Record& record) {
    Kept& kept = records_[record.name];
    kept.body = record.body;
    kept.changed = true;
}

void Batch::give_up(const Failure& failure) {
    for (Entry& entry : entries_)
        if (!entry.outcome) {
            entry.outcome = failure;
            entry.given_up = true;
        }
}

// ----------------------------------------------------------------------------------------- changes

bool Batch::changed(const Member& member) const {
    return member.after && (member.stored.version == 0 || *member.after != member.stored.chain);
}

bool Batch::writes() const {
    const auto moved = [this](ChainId id) { return changed(chains_.at(id)); };
    const auto rewritten = [](const auto& record) { return record.second.changed; };
    return !events_.empty() || std::any_of(touched_.begin(), touched_.end(), moved) ||
           std::any_of(records_.begin(), records_.end(), rewritten);
}

Changes Batch::changes(const LaneBatch& batch) const {
    Changes out;
    out.batch = batch;
    out.at = at();
    out.forget_answers_before = out.at - answers_kept;
    for (const ChainId id : touched_)
        if (const Member& member = chains_.at(id); changed(member))
            out.chains.push_back(
                {member.stored.version, member.stored.newest_entry, *member.after});
    for (const auto& [name, kept] : records_) {
        if (kept.changed)
            out.records.push_back({kept.version, {name, kept.body}});
        else
            out.unchanged_records.emplace_back(name, kept.version);
    }
    out.names = names_;
    out.events = events_;
    for (const auto& [id, member] : chains_)
        if (!changed(member)) out.unchanged_chains.emplace_back(id, member.stored.version);
    std::sort(out.unchanged_chains.begin(), out.unchanged_chains.end());
    out.free_names = free_names();
    return out;
}

// Names that were found to lead to no live chain, and that no chain of this batch takes.
std::vector<Name> Batch::free_names() const {
    std::set<Name> out;
    for (const Found& found : loaded_.names)
        if (names_a_chain(found.name.kind) && found.name.kind != Name::Kind::chain && !found.live)
            out.insert(found.name);
    for (const NameChange& change : names_) out.erase(change.name);
    return {out.begin(), out.end()};
}

// ------------------------------------------------------------------------------------------ finish

Batch Batch::split() {
    assert(entries_.size() > 1);
    const auto half = entries_.begin() + static_cast<std::ptrdiff_t>(entries_.size() / 2);
    std::vector<Pending> second;
    for (auto entry = half; entry != entries_.end(); ++entry)
        second.push_back(std::move(entry->pending));
    entries_.erase(half, entries_.end());
    wanted_.clear();
    for (const Entry& entry : entries_) want(entry.pending.command.hints, entry.key);
    return Batch(std::move(second));
}

Finished Batch::finish(bool written) && {
    Finished out;
    if (written) {
        Commit& commit = out.commit.emplace();
        for (const ChainId id : touched_)
            if (Member& member = chains_.at(id); changed(member))
                commit.after.push_back(std::move(*member.after));
        commit.events = std::move(events_);
        for (auto& [name, kept] : records_)
            if (kept.changed && name.kind != Name::Kind::answer)
                commit.records.push_back({name, std::move(kept.body)});
    }
    for (Entry& entry : entries_)
        out.answers.emplace_back(std::move(entry.pending.done), std::move(*entry.outcome));
    return out;
}

Finished Batch::fail(const Failure& failure) && {
    Finished out;
    for (Entry& entry : entries_) {
        const bool stands = entry.outcome && (entry.from_before || entry.given_up);
        out.answers.emplace_back(std::move(entry.pending.done),
                                 stands ? std::move(*entry.outcome) : failure);
    }
    return out;
}

}  // namespace msp
