#include "store/sqlite/sqlite_engine.hpp"

#include "store/sqlite/checkpoints.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/row_reader.hpp"
#include "store/sqlite/row_writer.hpp"
#include "world/random.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

namespace msp {

static constexpr std::uint64_t page_bytes = 2'048;
static constexpr std::uint64_t frame_bytes = page_bytes + 24;  // SQLite file format, clause 4.1

struct SqliteEngine::State {
    State(FolderLock its_lock, const std::string& folder, std::unique_ptr<Connection> opened,
          std::unique_ptr<Connection> beside, const LogLimits& limits)
        : lock(std::move(its_lock)),
          path(database_path(folder)),
          connection(std::move(opened)),
          reader(*connection),
          writer(*connection, chance),
          checkpoints(*connection, std::move(beside), limits) {
        sqlite3_wal_hook(connection->handle(), &State::logged, this);
    }

    // Called by SQLite after each commit with the length of the log.
    static int logged(void* self, sqlite3*, const char*, int frames) {
        auto& state = *static_cast<State*>(self);
        const auto now = static_cast<std::uint64_t>(frames);
        state.bytes += (now - (now > state.frames ? state.frames : 0)) * frame_bytes;
        state.frames = now;
        return SQLITE_OK;
    }

    // A batch is loaded and written within one transaction; tidy() ends one that wrote nothing.
    bool begin() const {
        return connection->in_transaction() || connection->run("BEGIN IMMEDIATE");
    }
    Result<Loaded, Failure> load(std::span<const Name>);
    Written give_up();

    FolderLock lock;
    std::string path;
    std::unique_ptr<Connection> connection;
    SystemRandom chance;
    RowReader reader;
    RowWriter writer;
    Checkpoints checkpoints;
    std::map<std::uint64_t, std::uint64_t> fences;  // by lane: no batch up to this one lands
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    Failure trouble;
};

// Nothing of the transaction is in force, unless the disk is broken.
Written SqliteEngine::State::give_up() {
    std::optional<SqliteTrouble> why;
    if (!connection->good()) why = connection->trouble();
    connection->rollback();
    if (!why) return Written::stale;
    trouble = why->failure();
    switch (why->kind) {
        case SqliteTrouble::Kind::constraint:
        case SqliteTrouble::Kind::busy: return Written::stale;
        case SqliteTrouble::Kind::full: return Written::full;
        case SqliteTrouble::Kind::broken: return Written::broken;
    }
    std::abort();
}

Result<Loaded, Failure> SqliteEngine::State::load(std::span<const Name> names) {
    Loaded out;
    out.names.reserve(names.size());
    std::set<ChainId> chains;
    for (const Name& name : names) {
        Found& found = out.names.emplace_back(Found{});
        if (names_a_chain(name.kind)) {
            const NameOwner owner = reader.owner(name);
            found.chain = owner.chain;
            found.live = owner.live;
            if (owner.chain) chains.insert(*owner.chain);
        } else {
            KeptRecord kept = reader.record(name);
            found.record = std::move(kept.body);
            found.version = kept.version;
        }
    }
    for (const ChainId id : chains) {
        auto stored = reader.chain(id);
        if (!stored) return stored.reason();
        if (!*stored) return Failure{Failure::Kind::malformed, "a name leads to no chain"};
        out.chains.push_back(**std::move(stored));
    }
    return out;
}

Result<std::unique_ptr<SqliteEngine>, Failure> SqliteEngine::open(const SqliteOptions& options) {
    auto lock = FolderLock::take(options.folder);
    if (!lock) return lock.reason();
    auto writer = open_database(options.folder);
    if (!writer) return writer.reason();
    std::unique_ptr<Connection> beside;
    if (options.checkpoints_beside) {
        auto opened = Connection::open(database_path(options.folder), Connection::Mode::write);
        if (!opened) return opened.reason();
        beside = std::move(opened).value();
        beside->run("PRAGMA synchronous = FULL");
    }
    const LogLimits limits{options.log_most_kib * 1'024 / frame_bytes,
                           options.log_idle_kib * 1'024 / frame_bytes};
    auto state = std::make_unique<State>(std::move(lock).value(), options.folder,
                                         std::move(writer).value(), std::move(beside), limits);
    if (!state->connection->good()) return state->connection->trouble().failure();
    return std::unique_ptr<SqliteEngine>(new SqliteEngine(std::move(state)));
}

SqliteEngine::SqliteEngine(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteEngine::~SqliteEngine() = default;

std::string SqliteEngine::trouble() const {
    return state_->trouble.what;
}

std::uint64_t SqliteEngine::bytes_logged() const {
    return state_->bytes;
}

SqliteSizes SqliteEngine::sizes() const {
    const auto bytes = [](const std::string& path) -> std::uint64_t {
        std::error_code absent;
        const auto size = std::filesystem::file_size(path, absent);
        return absent ? 0 : size;
    };
    return {bytes(state_->path), bytes(state_->path + "-wal")};
}

// ------------------------------------------------------------------------------------------- reads

Result<Standing, Failure> SqliteEngine::standing(std::uint64_t lane) {
    Connection& connection = *state_->connection;
    Statement batch(connection, "SELECT batch FROM lane WHERE number = ?");
    Statement largest(connection, "SELECT max(id) FROM chain");
    Statement due(connection,
                  "SELECT id, due_at, due_operator FROM chain WHERE due_at IS NOT NULL"
                  " ORDER BY id");
    Standing out;
    if (Rows rows = batch.query(lane); rows.next())
        out.last_batch = static_cast<std::uint64_t>(rows.number(0));
    if (Rows rows = largest.query(); rows.next())
        out.largest_chain = ChainId{static_cast<std::uint64_t>(rows.number(0))};
    Rows rows = due.query();
    while (rows.next()) {
        const auto at_operator = OperatorId::parse(rows.text(2));
        if (!at_operator) return Failure{Failure::Kind::malformed, "a due operator is damaged"};
        out.due.push_back({ChainId{static_cast<std::uint64_t>(rows.number(0))}, *at_operator,
                           Time(Duration(rows.number(1)))});
    }
    if (!connection.good()) return connection.trouble().failure();
    return out;
}

Result<Loaded, Failure> SqliteEngine::load(std::span<const Name> names) {
    state_->begin();
    auto loaded = state_->load(names);
    if (state_->connection->good()) return loaded;
    state_->give_up();
    return Failure{state_->trouble};
}

// ---------------------------------------------------------------------------------------- writes

Written SqliteEngine::write(const Changes& changes) {
    const std::uint64_t fence = state_->fences[changes.batch.lane];
    if (changes.batch.batch <= fence || !state_->begin() || !state_->writer.write(changes))
        return state_->give_up();
    if (!state_->connection->run("COMMIT")) return state_->give_up();
    state_->writer.committed();
    return Written::committed;
}

Landed SqliteEngine::resolve(const LaneBatch& asked) {
    Statement batch(*state_->connection, "SELECT batch FROM lane WHERE number = ?");
    Rows rows = batch.query(asked.lane);
    if (rows.next() && static_cast<std::uint64_t>(rows.number(0)) == asked.batch) return Landed::in;
    if (!state_->connection->good()) return Landed::broken;
    state_->fences[asked.lane] = asked.batch;
    return Landed::not_in;
}

// What housekeeping found broken stays so: the connection keeps it, and nothing is begun any more.
Tidied SqliteEngine::tidy(bool nothing_waits) {
    Connection& connection = *state_->connection;
    if (connection.good()) {
        connection.rollback();
        const bool under_way = state_->checkpoints.look_after(state_->frames, nothing_waits);
        if (connection.good()) return under_way ? Tidied::under_way : Tidied::done;
        state_->trouble = connection.trouble().failure();
    }
    return Tidied::broken;
}

}  // namespace msp
