#include "store/sqlite/connection.hpp"

#include "store/sqlite/gathered_log.hpp"

#include <sqlite3.h>

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace msp {

static constexpr int patience_ms = 5'000;

// After a sync that failed nobody knows what is on the disk, whatever the reason was.
static SqliteTrouble::Kind kind_of(int code, int system_error) {
    const bool sync = code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
    const bool no_room = !sync && (system_error == ENOSPC || system_error == EDQUOT);
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT: return SqliteTrouble::Kind::constraint;
        case SQLITE_FULL: return SqliteTrouble::Kind::full;
        case SQLITE_IOERR: return no_room ? SqliteTrouble::Kind::full : SqliteTrouble::Kind::broken;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return SqliteTrouble::Kind::busy;
        default: return SqliteTrouble::Kind::broken;
    }
}

static SqliteTrouble trouble_of(int code, int system_error) {
    std::string what = std::string("the database said: ") + sqlite3_errstr(code);
    what += " (" + std::to_string(code) + ")";
    if (system_error != 0 && (code & 0xff) != SQLITE_CONSTRAINT)
        what += ", the system: " + std::generic_category().message(system_error);
    return {kind_of(code, system_error), std::move(what)};
}

Failure SqliteTrouble::failure() const {
    switch (kind) {
        case Kind::constraint: return {Failure::Kind::broken, what};
        case Kind::full: return {Failure::Kind::full, what};
        case Kind::busy: return {Failure::Kind::unreachable, what};
        case Kind::broken: return {Failure::Kind::broken, what};
    }
    std::abort();
}

Result<std::unique_ptr<Connection>, Failure> Connection::open(const std::string& path, Mode mode) {
    const int flags =
        mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* handle = nullptr;
    const char* files = mode == Mode::write ? gathered_log() : nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, files);
    std::unique_ptr<Connection> out(new Connection(handle));
    if (code != SQLITE_OK)
        return trouble_of(code, handle ? sqlite3_system_errno(handle) : 0).failure();
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, patience_ms);
    return out;
}

Connection::~Connection() {
    const int code = sqlite3_close(handle_);
    assert(code == SQLITE_OK);  // else a statement outlived it
    (void)code;
}

void Connection::note(int code) {
    if (trouble_ || code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
    assert((code & 0xff) != SQLITE_MISUSE);
    note(trouble_of(code, sqlite3_system_errno(handle_)));
}

void Connection::note(const SqliteTrouble& trouble) {
    if (trouble_) return;
    trouble_ = trouble;
    if (trouble.kind == SqliteTrouble::Kind::broken)
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

bool Connection::run(const std::string& sql) {
    if (good()) note(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
    return good();
}

std::int64_t Connection::changed() const {
    return sqlite3_changes64(handle_);
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(handle_) == 0;
}

// An error may have ended the transaction already. What a rollback itself has to say is of no use:
// the frames of what was not committed are not looked at.
void Connection::rollback() {
    if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
    trouble_.reset();
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection) {
    connection.note(sqlite3_prepare_v3(connection.handle(), sql.data(),
                                       static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                       &handle_, nullptr));
}

Statement::~Statement() {
    sqlite3_finalize(handle_);
}

void Statement::bind(int place, std::int64_t number) {
    if (connection_.good()) connection_.note(sqlite3_bind_int64(handle_, place, number));
}

void Statement::bind(int place, std::string_view text) {
    if (connection_.good())
        connection_.note(sqlite3_bind_text64(handle_, place, text.data() ? text.data() : "",
                                             text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int place, Blob blob) {
    if (connection_.good())
        connection_.note(sqlite3_bind_blob64(handle_, place,
                                             blob.bytes.data() ? blob.bytes.data() : "",
                                             blob.bytes.size(), SQLITE_STATIC));
}

void Statement::bind(int place, const std::optional<std::int64_t>& number) {
    if (number) return bind(place, *number);
    if (connection_.good()) connection_.note(sqlite3_bind_null(handle_, place));
}

void Statement::bind(int place, const std::optional<std::string_view>& text) {
    if (text) return bind(place, *text);
    if (connection_.good()) connection_.note(sqlite3_bind_null(handle_, place));
}

Rows::~Rows() {
    sqlite3_reset(statement_.handle_);
}

bool Rows::next() {
    Connection& connection = statement_.connection_;
    if (!connection.good()) return false;
    const int code = sqlite3_step(statement_.handle_);
    connection.note(code);
    return code == SQLITE_ROW;
}

std::int64_t Rows::number(int column) const {
    return sqlite3_column_int64(statement_.handle_, column);
}

std::string_view Rows::text(int column) const {
    const void* text = sqlite3_column_text(statement_.handle_, column);
    return {static_cast<const char*>(text),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_.handle_, column))};
}

std::string_view Rows::blob(int column) const {
    const void* bytes = sqlite3_column_blob(statement_.handle_, column);
    return {static_cast<const char*>(bytes),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_.handle_, column))};
}

bool Rows::null(int column) const {
    return sqlite3_column_type(statement_.handle_, column) == SQLITE_NULL;
}

}  // namespace msp
