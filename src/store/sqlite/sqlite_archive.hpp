// Looking things up in an SQLite database, on a connection that only reads.
//
// Law: what is read between begin() and end() is of one instant. After the first thing that could
// not be read everything is empty, and end() tells why.
// Threads: one at a time.
#pragma once

#include "store/archive.hpp"
#include "store/event_page.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/row_reader.hpp"

#include <memory>

namespace msp {

class SqliteArchive final : public Archive {
public:
    // Requires: the database is open for writing in this process.
    static Result<std::unique_ptr<SqliteArchive>, Failure> open(const std::string& folder);

    void begin();
    Result<Done, Failure> end();

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
    explicit SqliteArchive(std::unique_ptr<Connection>);

    struct StoredPage {
        EntryId first{};
        std::unique_ptr<const std::string> body;
        std::optional<EventPage> page;  // over the body
    };

    bool readable() const { return connection_->good() && !damage_; }
    template <class Value>
    std::optional<Value> sound(Result<Value, Failure>);
    std::optional<StoredPage> page_with(EntryId);
    bool add(std::vector<Entry>&, const EventPage&, std::size_t index, EntryId,
             std::uint64_t number);
    EntryId newest_before(ChainId, EntryId before);

    std::unique_ptr<Connection> connection_;
    RowReader rows_;
    Statement chains_, names_, records_, feed_, head_, page_, pages_, newest_entry_;
    std::optional<Failure> damage_;
};

}  // namespace msp
