#include "store/sqlite/gathered_log.hpp"

#include "world/files.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

using namespace msp;

namespace {

// A log as SQLite has it in hand.
class Log {
public:
    explicit Log(std::string path) : path_(std::move(path)) {
        sqlite3_vfs* files = sqlite3_vfs_find(gathered_log());
        REQUIRE(files);
        room_.resize(static_cast<std::size_t>(files->szOsFile) / sizeof(std::max_align_t) + 1);
        constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
        REQUIRE(files->xOpen(files, path_.c_str(), file(), flags, nullptr) == SQLITE_OK);
    }
    ~Log() { file()->pMethods->xClose(file()); }
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    int write(const std::string& bytes, sqlite3_int64 at) {
        return file()->pMethods->xWrite(file(), bytes.data(), static_cast<int>(bytes.size()), at);
    }
    int read(std::string& into, sqlite3_int64 at) {
        return file()->pMethods->xRead(file(), into.data(), static_cast<int>(into.size()), at);
    }
    int sync() { return file()->pMethods->xSync(file(), SQLITE_SYNC_NORMAL); }
    int truncate(sqlite3_int64 size) { return file()->pMethods->xTruncate(file(), size); }
    sqlite3_int64 size() {
        sqlite3_int64 out = 0;
        REQUIRE(file()->pMethods->xFileSize(file(), &out) == SQLITE_OK);
        return out;
    }
    // What has left the program.
    std::string on_disk() const { return read_file(path_, 1 << 20).value(); }

private:
    sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(room_.data()); }

    std::string path_;
    std::vector<std::max_align_t> room_;
};

// A log takes its file's mode from the database beside it.
struct Bed {
    Bed() { REQUIRE(write_file(folder.path() + "/x", "")); }

    TemporaryFolder folder{"gathered-log"};
    std::string path = folder.path() + "/x-wal";
};

}  // namespace

TEST_CASE("what follows each other leaves in one piece, with the sync") {
    Bed bed;
    Log log(bed.path);
    CHECK(log.write("frame header ", 0) == SQLITE_OK);
    CHECK(log.write("and its page", 13) == SQLITE_OK);
    CHECK(log.on_disk().empty());
    CHECK(log.sync() == SQLITE_OK);
    CHECK(log.on_disk() == "frame header and its page");
}

TEST_CASE("nothing is read, measured or cut around what is gathered") {
    Bed bed;
    Log log(bed.path);
    log.write("0123456789", 0);
    std::string middle(4, ' ');
    CHECK(log.read(middle, 3) == SQLITE_OK);
    CHECK(middle == "3456");
    log.write("abc", 10);
    CHECK(log.size() == 13);
    log.write("def", 13);
    CHECK(log.truncate(12) == SQLITE_OK);
    CHECK(log.on_disk() == "0123456789ab");
}

TEST_CASE("a write elsewhere lets go what was gathered before it, in order") {
    Bed bed;
    Log log(bed.path);
    log.write("aaaa", 0);
    log.write("bb", 1);
    CHECK(log.on_disk() == "aaaa");
    log.write("c", 8);
    log.sync();
    CHECK(log.on_disk() == std::string("abba") + std::string(4, '\0') + "c");
}

TEST_CASE("a piece grows to 64 KiB and no further") {
    Bed bed;
    Log log(bed.path);
    const std::string page(2'048, 'p');
    for (int i = 0; i < 33; ++i) log.write(page, i * 2'048);
    CHECK(log.on_disk().size() == 32 * 2'048);
    log.sync();
    CHECK(log.on_disk().size() == 33 * 2'048);
}

TEST_CASE("what is gathered when the file is closed is in it") {
    Bed bed;
    { Log(bed.path).write("last", 0); }
    CHECK(read_file(bed.path, 100).value() == "last");
}

TEST_CASE("a piece that finds no room is the failure of whoever asked for it, once") {
    Log log("/dev/full");
    CHECK(log.write("frame", 0) == SQLITE_OK);
    std::string out(5, ' ');
    CHECK(log.sync() == SQLITE_FULL);
    CHECK(log.read(out, 0) == SQLITE_OK);
    CHECK(out == std::string(5, '\0'));
}
