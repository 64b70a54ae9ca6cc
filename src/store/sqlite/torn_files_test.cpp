#include "store/sqlite/torn_files_test.hpp"

#include "world/random.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace msp::torn {

namespace {

constexpr std::size_t sector_bytes = 512;
constexpr std::size_t shared_bytes = 32'768;

// Bytes written, or the file's new length.
struct Unsynced {
    std::size_t offset = 0;
    std::optional<std::string> bytes;
};

struct Content {
    std::string durable;
    std::string seen;
    std::vector<Unsynced> unsynced;
    bool known = false;  // its name is on the disk
    std::vector<std::unique_ptr<char[]>> shared;
    std::map<const void*, int> locks;  // by connection
};

struct Disk {
    SeededRandom random{1};
    std::map<std::string, Content> files;
    Fault planned = Fault::none;
    Where where = Where::anywhere;
    std::uint64_t left = 0;
    bool off = false;
    bool full = false;
    bool happened = false;
    Tally tally;
    sqlite3_int64 time = 212'000'000'000'000;
};

Disk& disk() {
    static Disk one;
    return one;
}

struct File {
    sqlite3_file base;
    std::string* name;
};

Content& content(sqlite3_file* file) {
    return disk().files[*reinterpret_cast<File*>(file)->name];
}

void write_into(std::string& file, std::size_t offset, const char* bytes, std::size_t size) {
    if (file.size() < offset + size) file.resize(offset + size);
    std::memcpy(file.data() + offset, bytes, size);
}

bool counts(sqlite3_file* file) {
    return disk().where == Where::anywhere ||
           (file && reinterpret_cast<File*>(file)->name->ends_with("-wal"));
}

// Whether the planned fault comes with this operation.
bool comes(Fault fault, sqlite3_file* file) {
    Disk& it = disk();
    if (it.planned != fault || it.left > 1 || !counts(file)) return false;
    it.planned = Fault::none;
    it.happened = true;
    return true;
}

// What every write, sync and truncation begins with.
int begin_operation(sqlite3_file* file) {
    Disk& it = disk();
    if (it.off) return SQLITE_IOERR;
    if (comes(Fault::power_cut, file)) {
        it.off = true;
        return SQLITE_IOERR;
    }
    if (comes(Fault::disk_full, file)) it.full = true;
    if (it.planned != Fault::none && it.left > 1 && counts(file)) --it.left;
    return SQLITE_OK;
}

// Sector by sector a write stays or goes.
void settle(Content& file, const Unsynced& one, double stays) {
    Disk& it = disk();
    if (!one.bytes) {
        if (it.random.unit() < stays) file.durable.resize(one.offset);
        return;
    }
    std::size_t kept = 0;
    std::size_t sectors = 0;
    const std::size_t end = one.offset + one.bytes->size();
    for (std::size_t at = one.offset; at < end; ++sectors) {
        const std::size_t next = std::min((at / sector_bytes + 1) * sector_bytes, end);
        if (it.random.unit() < stays) {
            ++kept;
            write_into(file.durable, at, one.bytes->data() + (at - one.offset), next - at);
        }
        at = next;
    }
    it.tally.sectors_kept += kept;
    it.tally.sectors_lost += sectors - kept;
    if (kept > 0 && kept < sectors) ++it.tally.writes_torn;
}

// ------------------------------------------------------------------------------------- of a file

int close_file(sqlite3_file* file) {
    content(file).locks.erase(file);
    delete reinterpret_cast<File*>(file)->name;
    return SQLITE_OK;
}

int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    if (disk().off) return SQLITE_IOERR_READ;
    const std::string& seen = content(file).seen;
    const auto from = std::min(static_cast<std::size_t>(offset), seen.size());
    const std::size_t there = std::min(static_cast<std::size_t>(size), seen.size() - from);
    std::memcpy(out, seen.data() + from, there);
    std::memset(static_cast<char*>(out) + there, 0, static_cast<std::size_t>(size) - there);
    return there == static_cast<std::size_t>(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    if (begin_operation(file) != SQLITE_OK) return SQLITE_IOERR_WRITE;
    if (disk().full) return SQLITE_FULL;
    ++disk().tally.writes;
    Content& it = content(file);
    const auto* from = static_cast<const char*>(bytes);
    const auto place = static_cast<std::size_t>(offset);
    write_into(it.seen, place, from, static_cast<std::size_t>(size));
    it.unsynced.push_back({place, std::string(from, static_cast<std::size_t>(size))});
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (begin_operation(file) != SQLITE_OK) return SQLITE_IOERR_TRUNCATE;
    Content& it = content(file);
    it.seen.resize(static_cast<std::size_t>(size));
    it.unsynced.push_back({static_cast<std::size_t>(size), std::nullopt});
    return SQLITE_OK;
}

int sync(sqlite3_file* file, int) {
    if (begin_operation(file) != SQLITE_OK) return SQLITE_IOERR_FSYNC;
    if (comes(Fault::sync_fails, file)) return SQLITE_IOERR_FSYNC;
    ++disk().tally.syncs;
    Content& it = content(file);
    it.durable = it.seen;
    it.unsynced.clear();
    it.known = true;
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(content(file).seen.size());
    return SQLITE_OK;
}

// One connection alone, or as many as like.
int lock(sqlite3_file* file, int level) {
    auto& locks = content(file).locks;
    for (const auto& [other, held] : locks)
        if (other != file && held > SQLITE_LOCK_NONE && level == SQLITE_LOCK_EXCLUSIVE)
            return SQLITE_BUSY;
    locks[file] = level;
    return SQLITE_OK;
}
int unlock(sqlite3_file* file, int level) {
    content(file).locks[file] = level;
    return SQLITE_OK;
}
int reserved(sqlite3_file*, int* out) {
    *out = 0;
    return SQLITE_OK;
}
int control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}
int sector_size(sqlite3_file*) {
    return sector_bytes;
}
int characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int map_shared(sqlite3_file* file, int region, int, int, void volatile** out) {
    auto& shared = content(file).shared;
    while (shared.size() <= static_cast<std::size_t>(region))
        shared.push_back(std::make_unique<char[]>(shared_bytes));
    *out = shared[static_cast<std::size_t>(region)].get();
    return SQLITE_OK;
}
int lock_shared(sqlite3_file*, int, int, int) {
    return SQLITE_OK;
}
void barrier(sqlite3_file*) {}
int unmap_shared(sqlite3_file* file, int forget) {
    if (forget) content(file).shared.clear();
    return SQLITE_OK;
}

const sqlite3_io_methods methods = {2,
                                    close_file,
                                    read,
                                    write,
                                    truncate,
                                    sync,
                                    file_size,
                                    lock,
                                    unlock,
                                    reserved,
                                    control,
                                    sector_size,
                                    characteristics,
                                    map_shared,
                                    lock_shared,
                                    barrier,
                                    unmap_shared,
                                    nullptr,
                                    nullptr};

// ------------------------------------------------------------------------------------ of the disk

int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
    if (disk().off) return SQLITE_CANTOPEN;
    auto* opened = reinterpret_cast<File*>(file);
    opened->name = new std::string(name ? name : "temporary");
    disk().files[*opened->name];
    opened->base.pMethods = &methods;
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* name, int) {
    if (begin_operation(nullptr) != SQLITE_OK) return SQLITE_IOERR_DELETE;
    disk().files.erase(name);
    return SQLITE_OK;
}

int access(sqlite3_vfs*, const char* name, int, int* out) {
    const auto found = disk().files.find(name);
    *out = found != disk().files.end() && !found->second.seen.empty();
    return SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs*, int size, char* out) {
    disk().random.fill(std::as_writable_bytes(std::span(out, static_cast<std::size_t>(size))));
    return size;
}

int pass(sqlite3_vfs*, int microseconds) {
    disk().time += microseconds / 1'000;
    return microseconds;
}

int now(sqlite3_vfs*, sqlite3_int64* out) {
    *out = ++disk().time;
    return SQLITE_OK;
}

int now_in_days(sqlite3_vfs* vfs, double* out) {
    sqlite3_int64 time = 0;
    now(vfs, &time);
    *out = static_cast<double>(time) / 86'400'000.0;
    return SQLITE_OK;
}

sqlite3_vfs files = {2,       sizeof(File), 512,        nullptr,   "torn",      nullptr,
                     open,    remove,       access,     full_name, nullptr,     nullptr,
                     nullptr, nullptr,      randomness, pass,      now_in_days, nullptr,
                     now,     nullptr,      nullptr,    nullptr};

}  // namespace

void format(std::uint64_t seed) {
    static const int registered = sqlite3_vfs_register(&files, 1);
    (void)registered;
    Disk& it = disk();
    it.random = SeededRandom(seed);
    it.files.clear();
    it.planned = Fault::none;
    it.off = it.full = it.happened = false;
}

void plan(Fault fault, std::uint64_t operations_from_now, Where where) {
    disk().planned = fault;
    disk().where = where;
    disk().left = operations_from_now + 1;
    disk().happened = false;
}

bool happened() {
    return disk().happened;
}

void restore_power() {
    Disk& it = disk();
    // Nothing, all, or anything in between got through.
    const double draw = it.random.unit();
    const double stays = draw < 0.15 ? 0 : draw > 0.85 ? 1 : it.random.unit();
    for (auto at = it.files.begin(); at != it.files.end();) {
        Content& file = at->second;
        for (const Unsynced& one : file.unsynced) settle(file, one, stays);
        file.unsynced.clear();
        file.seen = file.durable;
        file.shared.clear();
        const bool lost = !file.known && it.random.below(2) == 0;
        at = lost ? it.files.erase(at) : std::next(at);
    }
    it.off = it.full = false;
    it.planned = Fault::none;
}

void free_room() {
    disk().full = false;
}

const Tally& tally() {
    return disk().tally;
}

}  // namespace msp::torn
