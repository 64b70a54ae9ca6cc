#include "store/batch.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <set>
#include <utility>

namespace msp {

Batch::Batch(std::vector<Pending> commands) {
    entries_.reserve(commands.size());
    for (Pending& pending : commands) {
        std::optional<Name> key;
        if (const auto& given = pending.command.key)
            key = Name{Name::Kind::answer, std::string(given->party.text()), given->key};
        want(pending, key);
        entries_.push_back({.pending = std::move(pending), .key = std::move(key), .outcome = {}});
    }
    order_wanted();
}

void Batch::want(const Pending& pending, const std::optional<Name>& key) {
    const std::vector<Name>& hints = pending.command.hints;
    wanted_.insert(wanted_.end(), hints.begin(), hints.end());
    if (key) wanted_.push_back(*key);
}

void Batch::order_wanted() {
    std::sort(wanted_.begin(), wanted_.end());
    wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
}

void Batch::learn(Loaded loaded) {
    assert(loaded.names.size() == wanted_.size());
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
    std::vector<Name> missing;
    std::map<Name, const Entry*> asked;
    for (Entry& entry : entries_) {
        if (entry.given_up || answer_from_key(entry, asked)) continue;
        Decision decision = entry.pending.command.decide(view_);
        if (view_.missing().empty()) {
            carry_out(entry, std::move(decision));
        } else {
            missing.insert(missing.end(), view_.missing().begin(), view_.missing().end());
            view_.forget_missing();
        }
        if (entry.key) asked.emplace(*entry.key, &entry);
    }
    if (missing.empty()) return true;
    wanted_.insert(wanted_.end(), missing.begin(), missing.end());
    order_wanted();
    return false;
}

// As of the instant that was loaded: nothing of this batch is decided.
void Batch::start_over() {
    view_ = View{};
    chains_.clear();
    touched_.clear();
    records_.clear();
    changes_ = Changes{};
    for (Entry& entry : entries_)
        if (!entry.given_up) entry.outcome.reset();
    for (const StoredChain& stored : loaded_.chains)
        chains_.try_emplace(stored.chain->id, Member{stored, nullptr});
    for (std::size_t i = 0; i < loaded_.names.size(); ++i)
        learn_into_view(wanted_[i], loaded_.names[i]);
}

void Batch::learn_into_view(const Name& name, const Found& found) {
    if (!names_a_chain(name.kind)) {
        records_.try_emplace(name, Kept{found.record, found.version});
        if (name.kind != Name::Kind::answer) view_.learn(name, found.record);
        return;
    }
    view_.learn(name, found.chain ? chains_.at(*found.chain).stored.chain : nullptr, found.live);
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

// A chain as an event shows it, if one does, is kept once.
static std::shared_ptr<const Chain> shared(Chain& after, const std::vector<Event>& events) {
    for (auto event = events.rbegin(); event != events.rend(); ++event)
        if (event->after && *event->after == after) return event->after;
    return std::make_shared<const Chain>(std::move(after));
}

void Batch::carry_out(Entry& entry, Decision decision) {
    for (Chain& after : decision.after) follow(shared(after, decision.events));
    for (const Record& record : decision.records) {
        view_.follow(record);
        keep(record);
    }
    std::move(decision.events.begin(), decision.events.end(), std::back_inserter(changes_.events));
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

void Batch::follow(SharedChain after) {
    const auto [at, born] = chains_.try_emplace(after->id);
    Member& member = at->second;
    if (!member.after) touched_.push_back(after->id);
    const SharedChain& before = member.after ? member.after : member.stored.chain;
    if (!before || !keeps_names(*before, *after)) {
        const auto was = before ? live_names(*before) : std::vector<Name>{};
        const auto is = live_names(*after);
        tell_names(changes_.names, was, is, after->id, false);
        tell_names(changes_.names, is, was, after->id, true);
    }
    member.after = after;
    view_.follow(std::move(after));
}

void Batch::keep(Record record) {
    Kept& kept = records_[record.name];
    kept.body = std::move(record.body);
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
    return member.after && (!member.stored.chain || *member.after != *member.stored.chain);
}

bool Batch::writes() const {
    const auto moved = [this](ChainId id) { return changed(chains_.at(id)); };
    const auto rewritten = [](const auto& record) { return record.second.changed; };
    return !changes_.events.empty() || std::any_of(touched_.begin(), touched_.end(), moved) ||
           std::any_of(records_.begin(), records_.end(), rewritten);
}

const Changes& Batch::changes(const LaneBatch& batch) {
    changes_.batch = batch;
    changes_.at = at();
    changes_.forget_answers_before = changes_.at - answers_kept;
    for (const ChainId id : touched_)
        if (const Member& member = chains_.at(id); changed(member))
            changes_.chains.push_back(
                {member.stored.version, member.stored.newest_entry, member.after});
    for (const auto& [id, member] : chains_)
        if (!changed(member)) changes_.unchanged_chains.emplace_back(id, member.stored.version);
    std::sort(changes_.unchanged_chains.begin(), changes_.unchanged_chains.end());
    for (auto& [name, kept] : records_)
        if (kept.changed)
            changes_.records.push_back({kept.version, {name, std::move(kept.body)}});
        else
            changes_.unchanged_records.emplace_back(name, kept.version);
    changes_.free_names = free_names();
    return changes_;
}

// Names that were found to lead to no live chain, and that no chain of this batch takes.
std::vector<Name> Batch::free_names() const {
    std::vector<Name> out;
    std::set<Name> moved;
    for (const NameChange& change : changes_.names) moved.insert(change.name);
    for (std::size_t i = 0; i < loaded_.names.size(); ++i) {
        const Name& name = wanted_[i];
        const bool of_chain = names_a_chain(name.kind) && name.kind != Name::Kind::chain;
        if (of_chain && !loaded_.names[i].live && !moved.contains(name)) out.push_back(name);
    }
    return out;
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
    loaded_ = {};
    for (const Entry& entry : entries_) want(entry.pending, entry.key);
    order_wanted();
    return Batch(std::move(second));
}

Finished Batch::finish(bool written) && {
    Finished out;
    if (written) {
        Commit& commit = out.commit.emplace();
        for (const ChainChange& change : changes_.chains) commit.after.push_back(*change.after);
        commit.events = std::move(changes_.events);
        for (RecordChange& change : changes_.records)
            if (change.record.name.kind != Name::Kind::answer)
                commit.records.push_back(std::move(change.record));
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
