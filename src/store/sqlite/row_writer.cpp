#include "store/sqlite/row_writer.hpp"

#include "domain/status.hpp"
#include "store/codec.hpp"
#include "store/sqlite/kinds.hpp"
#include "store/sqlite/row_reader.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace msp {

// More than a commit gives: the oldest are gone sooner than new ones come.
static constexpr std::int64_t answers_forgotten_at_once = 512;

RowWriter::RowWriter(Connection& c, Random& chance)
    : connection_(c),
      chance_(chance),
      raise_lane_(c,
                  "INSERT INTO lane (number, batch) VALUES (?1, ?2) ON CONFLICT (number)"
                  " DO UPDATE SET batch = ?2 WHERE batch < ?2"),
      chain_is_(c, "SELECT 1 FROM chain WHERE id = ? AND version = ?"),
      record_is_(c, "SELECT version FROM record WHERE kind = ? AND scope = ? AND value = ?"),
      answer_is_(c, "SELECT version FROM answer WHERE party = ? AND key = ?"),
      name_is_live_(c,
                    "SELECT 1 FROM name WHERE kind = ? AND scope = ? AND value = ? AND ended = ?"),
      begin_name_(c, "INSERT INTO name (kind, scope, value, ended, chain) VALUES (?, ?, ?, ?, ?)"),
      end_name_(c,
                "UPDATE name SET ended = ? WHERE kind = ? AND scope = ? AND value = ?"
                " AND ended = ? AND chain = ?"),
      last_ended_(c,
                  "SELECT ended FROM name WHERE kind = ? AND scope = ? AND value = ?"
                  " AND ended < ? ORDER BY ended DESC LIMIT 1"),
      append_(c, "INSERT INTO history (place, events, at, body, seal) VALUES (?, ?, ?, ?, ?)"),
      append_feed_(c, "INSERT INTO feed (party, first, count, history) VALUES (?, ?, ?, ?)"),
      last_row_(c,
                "SELECT place + events, seal FROM history WHERE place BETWEEN ? AND ?"
                " ORDER BY place DESC LIMIT 1"),
      unsealed_tie_(c, "SELECT tie FROM unsealed WHERE lane = ?"),
      last_number_(c,
                   "SELECT first + count - 1 FROM feed WHERE party = ?"
                   " ORDER BY first DESC LIMIT 1"),
      bear_chain_(c,
                  "INSERT INTO chain (version, due_at, due_operator, newest_entry, customer,"
                  " status, wanted, body, spare, id) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      change_chain_(c,
                    "UPDATE chain SET version = version + 1, due_at = ?, due_operator = ?,"
                    " newest_entry = ?, customer = ?, status = ?, wanted = ?, body = ?,"
                    " spare = ? WHERE id = ? AND version = ?"),
      bear_record_(c,
                   "INSERT INTO record (version, body, kind, scope, value) VALUES (?, ?, ?, ?, ?)"),
      change_record_(c,
                     "UPDATE record SET version = ?, body = ?"
                     " WHERE kind = ? AND scope = ? AND value = ? AND version = ?"),
      end_record_(c,
                  "DELETE FROM record WHERE kind = ? AND scope = ? AND value = ? AND version = ?"),
      give_answer_(c, "INSERT INTO answer (party, key, at, version, body) VALUES (?, ?, ?, ?, ?)"),
      end_answer_(c, "DELETE FROM answer WHERE party = ? AND key = ? AND version = ?"),
      oldest_answer_(c, "SELECT at FROM answer ORDER BY id LIMIT 1"),
      forget_answers_(c,
                      "DELETE FROM answer WHERE id IN (SELECT id FROM"
                      " (SELECT id, at FROM answer ORDER BY id LIMIT ?) WHERE at < ?)") {}

static std::int64_t milliseconds(Time time) {
    return time.time_since_epoch().count();
}

// By key, so that each page is touched once.
template <class Thing, class Key>
static std::vector<const Thing*> in_order(const std::vector<Thing>& things, Key key) {
    std::vector<const Thing*> out;
    out.reserve(things.size());
    for (const Thing& thing : things) out.push_back(&thing);
    std::stable_sort(out.begin(), out.end(),
                     [&](const Thing* a, const Thing* b) { return key(*a) < key(*b); });
    return out;
}

bool RowWriter::write(const Changes& changes) {
    if (!raise_lane(changes.batch) || !still_unchanged(changes) || !move_names(changes))
        return false;
    PageChains chains;
    for (const ChainChange& change : changes.chains)
        chains.emplace(change.after->id,
                       PageChain{change.after.get(), encode(*change.after), change.previous_entry});
    append_history(changes, chains);
    const auto by_id = [](const ChainChange& change) { return change.after->id; };
    for (const ChainChange* change : in_order(changes.chains, by_id))
        if (!write_chain(*change, chains.at(change->after->id))) return false;
    for (const RecordChange& change : changes.records)
        if (!write_record(change, changes)) return false;
    return forget_answers(milliseconds(changes.forget_answers_before));
}

bool RowWriter::forget_answers(std::int64_t before) {
    {
        Rows oldest = oldest_answer_.query();
        if (!oldest.next() || oldest.number(0) >= before) return connection_.good();
    }
    return forget_answers_.run(answers_forgotten_at_once, before);
}

void RowWriter::committed() {
    if (coming_lane_head_) lane_heads_[coming_lane_head_->lane] = *coming_lane_head_;
    for (const PageFeed& feed : coming_feeds_) heads_[feed.party] = feed.first + feed.count - 1;
}

bool RowWriter::raise_lane(const LaneBatch& batch) {
    return raise_lane_.run(batch.lane, batch.batch) && connection_.changed() == 1;
}

bool RowWriter::still_unchanged(const Changes& changes) {
    for (const auto& [id, version] : changes.unchanged_chains)
        if (!chain_is_.query(static_cast<std::uint64_t>(id), version).next()) return false;
    for (const auto& [name, version] : changes.unchanged_records)
        if (record_version(name) != version) return false;
    for (const Name& name : changes.free_names)
        if (name_is_live_.query(stored_kind(name.kind).number, name.scope, name.value, name_is_live)
                .next())
            return false;
    return connection_.good();
}

std::uint64_t RowWriter::record_version(const Name& name) {
    Rows rows = name.kind == Name::Kind::answer
                    ? answer_is_.query(name.scope, name.value)
                    : record_is_.query(stored_kind(name.kind).number, name.scope, name.value);
    return rows.next() ? static_cast<std::uint64_t>(rows.number(0)) : 0;
}

// ------------------------------------------------------------------------------------------- names

bool RowWriter::move_names(const Changes& changes) {
    const auto by_name = [](const NameChange& change) -> const Name& { return change.name; };
    for (const NameChange* change : in_order(changes.names, by_name))
        if (!(change->begins ? begin_name(*change) : end_name(*change, changes.at))) return false;
    return true;
}

// A name that is live already is a constraint that says no.
bool RowWriter::begin_name(const NameChange& change) {
    const Name& name = change.name;
    return begin_name_.run(stored_kind(name.kind).number, name.scope, name.value, name_is_live,
                           static_cast<std::uint64_t>(change.chain));
}

// Two ends of a name are told apart, and in order, even within a millisecond or when the clock was
// put back.
bool RowWriter::end_name(const NameChange& change, Time at) {
    const Name& name = change.name;
    const std::int64_t kind = stored_kind(name.kind).number;
    std::int64_t ended = milliseconds(at);
    {
        Rows rows = last_ended_.query(kind, name.scope, name.value, name_is_live);
        if (rows.next()) ended = std::max(ended, rows.number(0) + 1);
    }
    return end_name_.run(ended, kind, name.scope, name.value, name_is_live,
                         static_cast<std::uint64_t>(change.chain)) &&
           connection_.changed() == 1;
}

// ----------------------------------------------------------------------------------------- history

// Where its next row goes, and the tie it goes on from. A seal that cannot be read is for a check
// to find; the rows behind it are sealed all the same.
LaneHead RowWriter::lane_head(std::uint64_t lane) {
    if (const auto at = lane_heads_.find(lane); at != lane_heads_.end()) return at->second;
    LaneHead out{lane, entry_id(lane, 1), first_tie};
    Rows last = last_row_.query(static_cast<std::uint64_t>(out.next),
                                static_cast<std::uint64_t>(entry_id(lane, positions_most)));
    if (!last.next()) return out;
    out.next = EntryId{static_cast<std::uint64_t>(last.number(0))};
    if (const auto seal = decode_seal(last.blob(1))) {
        out.tie = seal->tie;
    } else if (Rows unsealed = unsealed_tie_.query(lane); unsealed.next()) {
        out.tie = decode_tie(unsealed.blob(0)).value_or(first_tie);
    }
    return out;
}

static Seal sealed(const Digest& before, const HistoryRow& row, Random& chance) {
    Seal out;
    chance.fill(std::as_writable_bytes(std::span(out.salt)));
    out.tie = sealed_tie(before, row, out.salt);
    return out;
}

std::uint64_t RowWriter::feed_head(const PartyId& party) {
    if (const auto at = heads_.find(party); at != heads_.end()) return at->second;
    Rows rows = last_number_.query(party.text());
    return rows.next() ? static_cast<std::uint64_t>(rows.number(0)) : 0;
}

void RowWriter::append_history(const Changes& changes, PageChains& chains) {
    coming_lane_head_.reset();
    coming_feeds_ = feeds_of(changes.events);
    if (changes.events.empty()) return;
    const LaneHead head = lane_head(changes.batch.lane);
    for (PageFeed& feed : coming_feeds_) feed.first = feed_head(feed.party) + 1;
    const std::string page =
        write_page(changes.events, {head.next, changes.at}, coming_feeds_, chains);
    const auto place = static_cast<std::uint64_t>(head.next);
    const HistoryRow row{static_cast<std::int64_t>(place),
                         static_cast<std::int64_t>(changes.events.size()), milliseconds(changes.at),
                         page};
    const Seal seal = sealed(head.tie, row, chance_);
    coming_lane_head_ = {head.lane, plus(head.next, changes.events.size()), seal.tie};
    append_.run(row.place, row.events, row.at, Blob{page}, Blob{encode(seal)});
    for (const PageFeed& feed : coming_feeds_)
        append_feed_.run(feed.party.text(), feed.first, feed.count, place);
}

// ------------------------------------------------------------------------------ chains and records

// Fills up to the next multiple.
static Blob spare_for(std::size_t size) {
    static constexpr std::array<char, 64> nothing{};
    return {{nothing.data(), nothing.size() - 1 - (size + nothing.size() - 1) % nothing.size()}};
}

bool RowWriter::write_chain(const ChainChange& change, const PageChain& written) {
    const Chain& after = *change.after;
    std::optional<std::int64_t> due_at;
    std::optional<std::string_view> due_operator;
    if (after.exchange.due) {
        due_at = milliseconds(*after.exchange.due);
        due_operator = after.subscription.at.text();
    }
    const auto newest = static_cast<std::uint64_t>(written.newest_entry);
    const std::string_view customer = after.customer.text();
    const std::string_view status = word(m2m_status(after));
    const std::string_view network = word(wanted(after));
    const auto id = static_cast<std::uint64_t>(after.id);
    const Blob body{written.bytes};
    const std::size_t size = (due_at ? sizeof *due_at + due_operator->size() : 0) +
                             customer.size() + status.size() + network.size() + body.bytes.size();
    const Blob spare = spare_for(size);
    if (change.expected == 0)
        return bear_chain_.run(due_at, due_operator, newest, customer, status, network, body, spare,
                               id);
    return change_chain_.run(due_at, due_operator, newest, customer, status, network, body, spare,
                             id, change.expected) &&
           connection_.changed() == 1;
}

bool RowWriter::write_record(const RecordChange& change, const Changes& changes) {
    const auto& [name, body] = change.record;
    if (name.kind == Name::Kind::answer) return write_answer(change, changes);
    const std::int64_t kind = stored_kind(name.kind).number;
    if (!body) {
        if (change.expected == 0) return record_version(name) == 0 && connection_.good();
        return end_record_.run(kind, name.scope, name.value, change.expected) &&
               connection_.changed() == 1;
    }
    if (change.expected == 0)
        return bear_record_.run(changes.batch.stamp(), Blob{*body}, kind, name.scope, name.value);
    return change_record_.run(changes.batch.stamp(), Blob{*body}, kind, name.scope, name.value,
                              change.expected) &&
           connection_.changed() == 1;
}

// An answer that is given anew stands behind all others again.
bool RowWriter::write_answer(const RecordChange& change, const Changes& changes) {
    const auto& [name, body] = change.record;
    if (change.expected != 0) {
        end_answer_.run(name.scope, name.value, change.expected);
        if (!connection_.good() || connection_.changed() != 1) return false;
    }
    return !body || give_answer_.run(name.scope, name.value, milliseconds(changes.at),
                                     changes.batch.stamp(), Blob{*body});
}

}  // namespace msp
