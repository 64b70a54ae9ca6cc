// One connection to an SQLite database, and statements on it.
//
// Law: the first error of a transaction is kept until rollback(): after it statements do nothing
// and yield no rows, so that a sequence of them is checked once, at its end. What an error says
// never holds a value. Once the disk is broken nothing is synced any more, at the close neither:
// the system tells of a failed sync once, and a second one would be believed.
// Threads: one at a time. A statement belongs to its connection and ends before it.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace msp {

struct SqliteTrouble {
    // One kind for each thing that a caller does differently.
    enum class Kind {
        constraint,  // a key is taken
        full,        // no room on the disk
        busy,        // somebody else holds a lock
        broken,      // input and output, or the file itself
    };
    Kind kind = Kind::broken;
    std::string what;

    Failure failure() const;
};

class Connection {
public:
    enum class Mode { write, read, write_plainly };  // plainly: into files as SQLite has them
    static Result<std::unique_ptr<Connection>, Failure> open(const std::string& path, Mode);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    bool run(const std::string& sql);  // without parameters; false: an error is kept
    std::int64_t changed() const;      // rows, by the last statement
    bool in_transaction() const;
    void rollback();  // forgets the error

    bool good() const { return !trouble_; }
    const SqliteTrouble& trouble() const { return *trouble_; }
    void note(int code);              // a result of SQLite's, kept if it is an error
    void note(const SqliteTrouble&);  // found elsewhere, of the same database

    sqlite3* handle() const { return handle_; }

private:
    explicit Connection(sqlite3* handle) : handle_(handle) {}

    sqlite3* handle_;
    std::optional<SqliteTrouble> trouble_;
};

// Bytes that are no text.
struct Blob {
    std::string_view bytes;
};

class Statement;

// The rows of one execution, read once. The statement is free again at its end; views end earlier,
// with the next row.
class Rows {
public:
    explicit Rows(Statement& statement) : statement_(statement) {}
    ~Rows();
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    bool next();
    std::int64_t number(int column) const;
    std::string_view text(int column) const;
    std::string_view blob(int column) const;
    bool null(int column) const;

private:
    Statement& statement_;
};

class Statement {
public:
    Statement(Connection&, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    // Parameters in the order of their question marks. What they look at outlives the execution.
    template <class... Values>
    Rows query(const Values&... values) {
        int place = 0;
        (bind(++place, values), ...);
        return Rows(*this);
    }
    template <class... Values>
    bool run(const Values&... values) {
        Rows rows = query(values...);
        rows.next();
        return connection_.good();
    }

private:
    friend class Rows;
    void bind(int place, std::int64_t);
    void bind(int place, std::uint64_t number) { bind(place, static_cast<std::int64_t>(number)); }
    void bind(int place, std::string_view);
    void bind(int place, const std::string& text) { bind(place, std::string_view(text)); }
    void bind(int place, Blob);
    void bind(int place, const std::optional<std::int64_t>&);
    void bind(int place, const std::optional<std::string_view>&);

    Connection& connection_;
    sqlite3_stmt* handle_ = nullptr;
};

}  // namespace msp
