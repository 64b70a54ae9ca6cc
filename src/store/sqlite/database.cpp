#include "store/sqlite/database.hpp"

#include "store/sqlite/history_rows.hpp"
#include "store/sqlite/schema.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace msp {

// In the file's header, for whoever wonders what it is: "MSPc".
static constexpr std::int64_t application_id = 0x4d535063;

Result<FolderLock, Failure> FolderLock::take(const std::string& folder) {
    const std::string path = folder + "/lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0)
        return Failure{Failure::Kind::broken,
                       "cannot open " + path + ": " + std::generic_category().message(errno)};
    FolderLock lock(file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0)
        return Failure{Failure::Kind::broken, "another process is using " + folder};
    return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
    if (file_ >= 0) ::close(file_);
}

std::string database_path(const std::string& folder) {
    return folder + "/chains.db";
}

namespace {

std::int64_t pragma(Connection& connection, std::string_view name) {
    Statement statement(connection, std::string("PRAGMA ").append(name));
    Rows rows = statement.query();
    return rows.next() ? rows.number(0) : 0;
}

Failure failure_of(const Connection& connection, const std::string& what) {
    Failure out = connection.trouble().failure();
    out.what = what + ": " + out.what;
    return out;
}

// Page size and application are set before the first table. Each commit is synced before it is
// acknowledged; checkpoints are ours to begin. The cache holds little more than the inner pages:
// when a page was split, SQLite looks through the whole of it at the commit.
bool set_up(Connection& connection) {
    connection.run("PRAGMA page_size = 2048");
    connection.run("PRAGMA journal_mode = WAL");
    connection.run("PRAGMA synchronous = FULL");
    connection.run("PRAGMA wal_autocheckpoint = 0");
    connection.run("PRAGMA cache_size = -8192");
    connection.run("PRAGMA temp_store = MEMORY");
    return connection.good();
}

// What SQL alone does not say of the step to a version.
void complete(Connection& connection, std::size_t version) {
    if (version == 2) tie_unsealed_rows(connection);
}

// Each step is one transaction, the version with it.
bool migrate(Connection& connection, std::size_t from) {
    const auto steps = sqlite_schema();
    for (std::size_t version = from; version < steps.size(); ++version) {
        connection.run("BEGIN IMMEDIATE");
        connection.run(std::string(steps[version]));
        complete(connection, version + 1);
        connection.run("PRAGMA application_id = " + std::to_string(application_id));
        connection.run("PRAGMA user_version = " + std::to_string(version + 1));
        connection.run("COMMIT");
    }
    return connection.good();
}

// Of a database that is ours and no newer than this program; 0 where the file is new.
Result<std::size_t, Failure> version_of(Connection& connection, const std::string& path) {
    const auto version = static_cast<std::size_t>(pragma(connection, "user_version"));
    const auto application = pragma(connection, "application_id");
    if (!connection.good()) return failure_of(connection, "cannot read " + path);
    if (version > 0 && application != application_id)
        return Failure{Failure::Kind::broken, path + " is a database of another program"};
    if (version > sqlite_schema().size())
        return Failure{Failure::Kind::broken,
                       path + " was written by a newer version of this program"};
    return version;
}

}  // namespace

Result<std::unique_ptr<Connection>, Failure> open_database(const std::string& folder) {
    const std::string path = database_path(folder);
    auto opened = Connection::open(path, Connection::Mode::write);
    if (!opened) return opened;
    Connection& connection = **opened;
    // Looked at before anything is set: what is not ours is left as it is.
    const auto version = version_of(connection, path);
    if (!version) return version.reason();
    if (!set_up(connection)) return failure_of(connection, "cannot open " + path);
    if (!migrate(connection, *version)) return failure_of(connection, "cannot upgrade " + path);
    return opened;
}

Result<std::unique_ptr<Connection>, Failure> open_for_reading(const std::string& folder) {
    return Connection::open(database_path(folder), Connection::Mode::read);
}

Result<std::unique_ptr<Connection>, Failure> open_beside(const std::string& folder) {
    const std::string path = database_path(folder);
    auto opened = open_for_reading(folder);
    if (!opened) return opened;
    Connection& connection = **opened;
    const auto version = version_of(connection, path);
    if (!version) return version.reason();
    if (*version < sqlite_schema().size())
        return Failure{Failure::Kind::broken,
                       path +
                           " was written by an older version of this program: start the"
                           " platform on it once"};
    return opened;
}

}  // namespace msp
