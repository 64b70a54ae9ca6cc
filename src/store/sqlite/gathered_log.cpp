#include "store/sqlite/gathered_log.hpp"

#include <sqlite3.h>

#include <array>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace msp {

namespace {

// SQLite's own files take no more than 128 KiB less one byte at once.
constexpr std::size_t gathered_most = 64 * 1024;

// What follows each other in the file is written together.
class Gathered {
public:
    explicit Gathered(sqlite3_file& file) : file_(file) {}

    // Requires: no more than gathered_most at once; SQLite writes a page at most.
    int write(const void* bytes, std::size_t size, sqlite3_int64 offset) {
        assert(size <= gathered_most);
        const bool goes_on = offset == begin_ + static_cast<sqlite3_int64>(size_);
        if (!goes_on || size_ + size > gathered_most)
            if (const int code = write_out(); code != SQLITE_OK) return code;
        if (size_ == 0) begin_ = offset;
        std::memcpy(bytes_.data() + size_, bytes, size);
        size_ += size;
        return SQLITE_OK;
    }

    // What fails is not kept: SQLite gives the commit up, and writes there anew.
    int write_out() {
        const auto size = static_cast<int>(std::exchange(size_, 0));
        if (size == 0) return SQLITE_OK;
        return file_.pMethods->xWrite(&file_, bytes_.data(), size, begin_);
    }

private:
    sqlite3_file& file_;
    std::array<char, gathered_most> bytes_;
    std::size_t size_ = 0;
    sqlite3_int64 begin_ = 0;
};

// As SQLite sees it; the file itself lies behind. SQLite gives room for both, aligned to 8 bytes.
struct LogFile {
    sqlite3_file base;
    Gathered* gathered;
};
static_assert(alignof(LogFile) <= 8 && sizeof(LogFile) % 8 == 0);

sqlite3_file& real(sqlite3_file* file) {
    return *reinterpret_cast<sqlite3_file*>(reinterpret_cast<LogFile*>(file) + 1);
}

int write_out(sqlite3_file* file) {
    return reinterpret_cast<LogFile*>(file)->gathered->write_out();
}

// ------------------------------------------------------------------------------------ of the log

int close_log(sqlite3_file* file) {
    const std::unique_ptr<Gathered> gathered(reinterpret_cast<LogFile*>(file)->gathered);
    const int written = gathered->write_out();
    const int closed = real(file).pMethods->xClose(&real(file));
    return written != SQLITE_OK ? written : closed;
}

int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    if (const int code = write_out(file); code != SQLITE_OK) return code;
    return real(file).pMethods->xRead(&real(file), out, size, offset);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    return reinterpret_cast<LogFile*>(file)->gathered->write(bytes, static_cast<std::size_t>(size),
                                                             offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (const int code = write_out(file); code != SQLITE_OK) return code;
    return real(file).pMethods->xTruncate(&real(file), size);
}

int sync(sqlite3_file* file, int flags) {
    if (const int code = write_out(file); code != SQLITE_OK) return code;
    return real(file).pMethods->xSync(&real(file), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* out) {
    if (const int code = write_out(file); code != SQLITE_OK) return code;
    return real(file).pMethods->xFileSize(&real(file), out);
}

int lock(sqlite3_file* file, int level) {
    return real(file).pMethods->xLock(&real(file), level);
}
int unlock(sqlite3_file* file, int level) {
    return real(file).pMethods->xUnlock(&real(file), level);
}
int reserved(sqlite3_file* file, int* out) {
    return real(file).pMethods->xCheckReservedLock(&real(file), out);
}
int control(sqlite3_file* file, int operation, void* argument) {
    return real(file).pMethods->xFileControl(&real(file), operation, argument);
}
int sector_size(sqlite3_file* file) {
    return real(file).pMethods->xSectorSize(&real(file));
}
int characteristics(sqlite3_file* file) {
    return real(file).pMethods->xDeviceCharacteristics(&real(file));
}

// The first version: a log is neither shared memory nor mapped.
const sqlite3_io_methods methods = {
    1,       close_log, read,    write,       truncate,        sync,    file_size, lock,
    unlock,  reserved,  control, sector_size, characteristics, nullptr, nullptr,   nullptr,
    nullptr, nullptr,   nullptr};

// ----------------------------------------------------------------------------------- of the files

sqlite3_vfs* files_below(sqlite3_vfs* files) {
    return static_cast<sqlite3_vfs*>(files->pAppData);
}

int open_log(sqlite3_vfs* below, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
    auto* log = reinterpret_cast<LogFile*>(file);
    log->base.pMethods = nullptr;
    int code = below->xOpen(below, name, &real(file), flags, out);
    log->gathered = code == SQLITE_OK ? new (std::nothrow) Gathered(real(file)) : nullptr;
    if (code == SQLITE_OK && !log->gathered) code = SQLITE_NOMEM;
    if (code == SQLITE_OK)
        log->base.pMethods = &methods;
    else if (real(file).pMethods)
        real(file).pMethods->xClose(&real(file));
    return code;
}

int open(sqlite3_vfs* files, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
    sqlite3_vfs* below = files_below(files);
    if ((flags & SQLITE_OPEN_WAL) != 0) return open_log(below, name, file, flags, out);
    return below->xOpen(below, name, file, flags, out);
}

int remove(sqlite3_vfs* files, const char* name, int sync_folder) {
    return files_below(files)->xDelete(files_below(files), name, sync_folder);
}
int access(sqlite3_vfs* files, const char* name, int flags, int* out) {
    return files_below(files)->xAccess(files_below(files), name, flags, out);
}
int full_name(sqlite3_vfs* files, const char* name, int size, char* out) {
    return files_below(files)->xFullPathname(files_below(files), name, size, out);
}
int randomness(sqlite3_vfs* files, int size, char* out) {
    return files_below(files)->xRandomness(files_below(files), size, out);
}
int pass(sqlite3_vfs* files, int microseconds) {
    return files_below(files)->xSleep(files_below(files), microseconds);
}
int now(sqlite3_vfs* files, double* out) {
    return files_below(files)->xCurrentTime(files_below(files), out);
}
int last_error(sqlite3_vfs* files, int size, char* out) {
    sqlite3_vfs* below = files_below(files);
    return below->xGetLastError ? below->xGetLastError(below, size, out) : 0;
}
int now_in_milliseconds(sqlite3_vfs* files, sqlite3_int64* out) {
    return files_below(files)->xCurrentTimeInt64(files_below(files), out);
}

sqlite3_vfs gathering_over(sqlite3_vfs* below) {
    sqlite3_vfs out{};
    out.iVersion = 2;
    out.szOsFile = static_cast<int>(sizeof(LogFile)) + below->szOsFile;
    out.mxPathname = below->mxPathname;
    out.zName = "gathered-log";
    out.pAppData = below;
    out.xOpen = open;
    out.xDelete = remove;
    out.xAccess = access;
    out.xFullPathname = full_name;
    out.xRandomness = randomness;
    out.xSleep = pass;
    out.xCurrentTime = now;
    out.xGetLastError = last_error;
    out.xCurrentTimeInt64 = now_in_milliseconds;
    return out;
}

}  // namespace

const char* gathered_log() {
    static sqlite3_vfs files = gathering_over(sqlite3_vfs_find(nullptr));
    static const int registered = sqlite3_vfs_register(&files, 0);
    assert(registered == SQLITE_OK);
    return files.zName;
}

}  // namespace msp
