// The store in one SQLite database: one process, one writer, every commit synced before it is
// acknowledged.
//
// A batch is loaded, decided and written within one transaction; its rows are touched in the order
// of their keys. Disk full: nothing was written, and it goes on once there is room. Any other error
// of the disk is `broken`. Chains, names and records as rows; history as one row per commit:
// schema/sqlite/.
// Threads: one at a time; checkpoints run on a thread of its own unless told not to.
#pragma once

#include "store/engine.hpp"
#include "store/event_page.hpp"

#include <memory>
#include <string>

namespace msp {

struct SqliteOptions {
    std::string folder;
    bool checkpoints_beside = true;        // false: in tidy(), for runs that must be repeatable
    std::uint64_t log_most_kib = 262'144;  // checkpoint under load; the log restarts after it
    std::uint64_t log_idle_kib = 4'096;    // checkpoint when nothing waits
};

struct SqliteSizes {
    std::uint64_t database_bytes = 0;
    std::uint64_t log_bytes = 0;
};

class SqliteEngine final : public Engine {
public:
    static Result<std::unique_ptr<SqliteEngine>, Failure> open(const SqliteOptions&);
    ~SqliteEngine() override;

    Result<Standing, Failure> standing(std::uint64_t lane) override;
    Result<Loaded, Failure> load(std::span<const Name>) override;
    Written write(const Changes&) override;
    Landed resolve(const LaneBatch&) override;
    std::string trouble() const override;
    Tidied tidy(bool nothing_waits) override;

    SqliteSizes sizes() const;
    // Bytes that commits put into the log so far: what a write costs.
    std::uint64_t bytes_logged() const;

private:
    struct State;
    explicit SqliteEngine(std::unique_ptr<State>);
    std::unique_ptr<State> state_;
};

}  // namespace msp
