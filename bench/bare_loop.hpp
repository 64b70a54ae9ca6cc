// What the store is measured beside: a bare SQLite loop that writes the same rows.
//
// The same bytes in the same tables with the same settings, prepared statements, sorted rows, one
// transaction for a batch; nothing is looked up, decided or checked. Into files as SQLite has them,
// or through those that gather the log.
#pragma once

#include "store/sqlite/checkpoints.hpp"
#include "store/sqlite/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct sqlite3;

namespace msp::bench {

// What a bare loop writes for one batch.
struct BareBatch {
    struct Row {
        std::uint64_t id;
        std::int64_t due;
        std::string customer, status, wanted, body, spare;
    };
    struct Feed {
        std::string party;
        std::uint64_t count;
    };
    std::vector<Row> rows;
    std::string page;
    std::vector<Feed> feeds;
    std::uint64_t events = 0;
};

// The rows of so many batches of holds put and lifted on random machines of the fleet.
std::vector<BareBatch> record(std::uint64_t chains, std::size_t batch, std::size_t batches,
                              std::uint64_t seed);

class BareLoop {
public:
    BareLoop(const std::string& folder, Connection::Mode);

    void write(const BareBatch&);
    std::uint64_t bytes() const { return bytes_; }  // of log, so far

private:
    static int logged(void* self, sqlite3*, const char*, int frames);

    std::unique_ptr<Connection> connection_, beside_;
    Checkpoints checkpoints_;
    Statement chain_, page_, feed_, lane_;
    std::unordered_map<std::string, std::uint64_t> heads_;
    std::uint64_t place_ = 1, batches_ = 0, frames_ = 0, bytes_ = 0;
};

}  // namespace msp::bench
