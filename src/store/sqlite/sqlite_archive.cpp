#include "store/sqlite/sqlite_archive.hpp"

#include "store/codec.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/kinds.hpp"

#include <algorithm>
#include <utility>

namespace msp {

Result<std::unique_ptr<SqliteArchive>, Failure> SqliteArchive::open(const std::string& folder) {
    auto connection = open_for_reading(folder);
    if (!connection) return connection.reason();
    std::unique_ptr<SqliteArchive> out(new SqliteArchive(std::move(connection).value()));
    if (!out->connection_->good()) return out->connection_->trouble().failure();
    return out;
}

SqliteArchive::SqliteArchive(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)),
      rows_(*connection_),
      chains_(*connection_, "SELECT id, body FROM chain WHERE id > ? ORDER BY id"),
      names_(*connection_,
             "SELECT value FROM name WHERE kind = ? AND scope = ? AND value > ? AND ended = ?"
             " ORDER BY value LIMIT ?"),
      records_(*connection_,
               "SELECT value, body FROM record WHERE kind = ? AND scope = ? AND value > ?"
               " ORDER BY value LIMIT ?"),
      feed_(*connection_,
            "SELECT h.place, h.body FROM feed f JOIN history h ON h.place = f.history"
            " WHERE f.party = ?1 AND f.first >= (SELECT coalesce(max(first), 0) FROM feed"
            " WHERE party = ?1 AND first <= ?2) ORDER BY f.first"),
      head_(*connection_,
            "SELECT first + count - 1 FROM feed WHERE party = ? ORDER BY first DESC LIMIT 1"),
      page_(*connection_,
            "SELECT place, body FROM history WHERE place <= ? ORDER BY place DESC LIMIT 1"),
      pages_(*connection_,
             "SELECT place, body FROM history WHERE place BETWEEN ? AND ? ORDER BY place"),
      newest_entry_(*connection_, "SELECT newest_entry FROM chain WHERE id = ?") {}

void SqliteArchive::begin() {
    connection_->rollback();
    damage_.reset();
    connection_->run("BEGIN");
}

Result<Done, Failure> SqliteArchive::end() {
    Result<Done, Failure> out{Done{}};
    if (damage_) out = *damage_;
    if (!connection_->good()) out = connection_->trouble().failure();
    connection_->rollback();
    return out;
}

// Decodes; what cannot be is remembered as damage.
template <class Value>
std::optional<Value> SqliteArchive::sound(Result<Value, Failure> decoded) {
    if (decoded) return std::move(decoded).value();
    damage_ = decoded.reason();
    return std::nullopt;
}

// ------------------------------------------------------------------------- chains, names, records

std::optional<Chain> SqliteArchive::chain(const Name& name) {
    const NameOwner owner = rows_.owner(name);
    if (!owner.chain || !readable()) return std::nullopt;
    auto stored = sound(rows_.chain(*owner.chain));
    if (!stored || !*stored) return std::nullopt;
    return *(*stored)->chain;
}

std::optional<std::string> SqliteArchive::record(const Name& name) {
    return rows_.record(name).body;
}

ChainPage SqliteArchive::chains(const ChainQuery& query) {
    ChainPage out;
    std::size_t looked_at = 0;
    ChainId last = query.after;
    Rows rows = chains_.query(static_cast<std::uint64_t>(query.after));
    while (readable() && rows.next()) {
        if (out.chains.size() >= query.limit || looked_at >= query.look_at_most) {
            out.next = last;
            return out;
        }
        ++looked_at;
        last = ChainId{static_cast<std::uint64_t>(rows.number(0))};
        auto chain = sound(decode_chain(rows.blob(1)));
        if (chain && (!query.matches || query.matches(*chain)))
            out.chains.push_back(std::move(*chain));
    }
    return out;
}

static std::int64_t limited(std::size_t limit) {
    return static_cast<std::int64_t>(std::min<std::size_t>(limit, 1'000'000'000));
}

std::vector<std::string> SqliteArchive::names(Name::Kind kind, const std::string& scope,
                                              const std::string& after, std::size_t limit) {
    std::vector<std::string> out;
    Rows rows = names_.query(stored_kind(kind).number, scope, after, name_is_live, limited(limit));
    while (rows.next()) out.emplace_back(rows.text(0));
    return out;
}

std::vector<Record> SqliteArchive::records(Name::Kind kind, const std::string& scope,
                                           const std::string& after, std::size_t limit) {
    std::vector<Record> out;
    Rows rows = records_.query(stored_kind(kind).number, scope, after, limited(limit));
    while (rows.next())
        out.push_back({{kind, scope, std::string(rows.text(0))}, std::string(rows.blob(1))});
    return out;
}

// -------------------------------------------------------------------------------- feeds, history

// False: it cannot be read.
bool SqliteArchive::add(std::vector<Entry>& out, const EventPage& page, std::size_t index,
                        EntryId place, std::uint64_t number) {
    auto event = sound(page.event(index));
    if (!event) return false;
    out.push_back({lane_of(place), position_of(place), number, std::move(*event)});
    return true;
}

static EntryId place_of(const Rows& rows) {
    return EntryId{static_cast<std::uint64_t>(rows.number(0))};
}

std::vector<Entry> SqliteArchive::feed(const PartyId& party, std::uint64_t after,
                                       std::size_t limit) {
    std::vector<Entry> out;
    if (limit == 0) return out;
    Rows rows = feed_.query(party.text(), after + 1);
    while (rows.next()) {
        const auto page = sound(EventPage::open(rows.blob(1)));
        if (!page) return out;
        for (const auto& [index, number] : page->numbers(party)) {
            if (number <= after) continue;
            if (!add(out, *page, index, plus(place_of(rows), index), number)) return out;
            if (out.size() >= limit) return out;
        }
    }
    return out;
}

std::uint64_t SqliteArchive::feed_head(const PartyId& party) {
    Rows rows = head_.query(party.text());
    return rows.next() ? static_cast<std::uint64_t>(rows.number(0)) : 0;
}

// The row of history that an entry is in; nothing: there is no such entry.
std::optional<SqliteArchive::StoredPage> SqliteArchive::page_with(EntryId entry) {
    Rows rows = page_.query(static_cast<std::uint64_t>(entry));
    if (!rows.next()) return std::nullopt;
    StoredPage out{place_of(rows), std::make_unique<std::string>(rows.blob(1)), {}};
    auto page = sound(EventPage::open(*out.body));
    if (!page || entry >= plus(out.first, page->size())) return std::nullopt;
    out.page = std::move(page);
    return out;
}

HistoryPage SqliteArchive::history(const HistoryQuery& query) {
    HistoryPage out;
    EntryId from = entry_id(query.lane, query.after + 1);
    if (const auto page = page_with(from)) from = page->first;
    std::size_t looked_at = 0;
    Rows rows = pages_.query(static_cast<std::uint64_t>(from),
                             static_cast<std::uint64_t>(entry_id(query.lane, positions_most)));
    std::uint64_t last = query.after;
    while (readable() && rows.next()) {
        const auto page = sound(EventPage::open(rows.blob(1)));
        for (std::size_t index = 0; page && index < page->size(); ++index) {
            const EntryId place = plus(place_of(rows), index);
            if (position_of(place) <= query.after) continue;
            if (out.entries.size() >= query.limit || looked_at >= query.look_at_most) {
                out.next = last;
                return out;
            }
            ++looked_at;
            last = position_of(place);
            if (!add(out.entries, *page, index, place, 0)) return out;
            if (query.matches && !query.matches(out.entries.back().event)) out.entries.pop_back();
        }
    }
    return out;
}

std::vector<Entry> SqliteArchive::history_of(ChainId chain, std::uint64_t before,
                                             std::size_t limit) {
    std::vector<Entry> out;
    std::optional<StoredPage> page;
    for (EntryId at = newest_before(chain, EntryId{before});
         at != EntryId{} && out.size() < limit;) {
        if (!page || at < page->first || at >= plus(page->first, page->page->size()))
            page = page_with(at);
        if (!page) return out;
        const auto index = static_cast<std::size_t>(distance(page->first, at));
        if (!add(out, *page->page, index, at, 0)) return out;
        at = page->page->previous(index);
    }
    return out;
}

EntryId SqliteArchive::newest_before(ChainId chain, EntryId before) {
    if (before == EntryId{}) {
        Rows rows = newest_entry_.query(static_cast<std::uint64_t>(chain));
        return rows.next() ? place_of(rows) : EntryId{};
    }
    const auto page = page_with(before);
    if (!page) return {};
    const auto index = static_cast<std::size_t>(distance(page->first, before));
    const auto event = sound(page->page->event(index));
    if (!event || !event->after || event->after->id != chain) return {};
    return page->page->previous(index);
}

}  // namespace msp
