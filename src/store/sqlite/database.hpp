// The database file in its folder: found or made, brought to this program's version, and ours
// alone.
//
// Law: one process at a time writes in a folder: it holds a lock on the file `lock` beside the
// database as long as it lives. Readers of the same process open connections of their own.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "store/sqlite/connection.hpp"

#include <memory>
#include <string>

namespace msp {

// Holds a folder; given back with its end, however the process ends.
class FolderLock {
public:
    static Result<FolderLock, Failure> take(const std::string& folder);
    FolderLock(FolderLock&&) noexcept;
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int file) : file_(file) {}
    int file_;
};

std::string database_path(const std::string& folder);

// For the one that writes: with the schema of this program. A database of a newer one is refused.
Result<std::unique_ptr<Connection>, Failure> open_database(const std::string& folder);

// For those that read. Requires: open_database() succeeded, and that connection is open.
Result<std::unique_ptr<Connection>, Failure> open_for_reading(const std::string& folder);

// For reading, whether or not another process has it open. Refused: a database of another program,
// or of an older or newer version of this one.
Result<std::unique_ptr<Connection>, Failure> open_beside(const std::string& folder);

}  // namespace msp
