// Stands before the C library (LD_PRELOAD) and lets calls on files of the database fail with EIO.
//
//   FAILING_DISK_ORDER   a file. Once it is there it says what fails: "sync chains.db-wal 1" is the
//                        next one sync of that file, "write chains.db-wal -1" every write from
//                        then on. Until then all goes well.
//   FAILING_DISK_RECORD  a file: a line for each such call since, "failed" or "passed".
//
// A failure that comes once is what the system does: it tells of a failed sync and forgets it, and
// the next sync of the same file succeeds though the data is gone.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

std::atomic<int> failed{0};

template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::string file_name(int file) {
    const std::string link = "/proc/self/fd/" + std::to_string(file);
    char target[4096];
    const ssize_t length = readlink(link.c_str(), target, sizeof target);
    const std::string_view path(target, length < 0 ? 0 : static_cast<std::size_t>(length));
    return std::string(path.substr(path.rfind('/') + 1));
}

struct Order {
    char call[16] = "";
    char file[64] = "";
    int times = 0;
};

bool read_order(Order& order) {
    const char* const path = std::getenv("FAILING_DISK_ORDER");
    std::FILE* const file = path ? std::fopen(path, "re") : nullptr;
    if (!file) return false;
    const int members = std::fscanf(file, "%15s %63s %d", order.call, order.file, &order.times);
    std::fclose(file);
    return members == 3;
}

void record(const std::string& line) {
    const char* const path = std::getenv("FAILING_DISK_RECORD");
    const int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
    if (file < 0) return;
    (void)!next<ssize_t(int, const void*, size_t)>("write")(file, line.data(), line.size());
    close(file);
}

bool fails(const char* call, int file) {
    Order order;
    if (!read_order(order) || std::string_view(order.call) != call) return false;
    if (file_name(file) != order.file) return false;
    const bool out = order.times < 0 || failed.fetch_add(1) < order.times;
    record(std::string(out ? "failed " : "passed ") + call + " " + order.file + "\n");
    if (out) errno = EIO;
    return out;
}

}  // namespace

// The names that glibc has given its parameters are reserved to it.
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)
extern "C" {

int fsync(int file) {
    return fails("sync", file) ? -1 : next<int(int)>("fsync")(file);
}

int fdatasync(int file) {
    return fails("sync", file) ? -1 : next<int(int)>("fdatasync")(file);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
    if (fails("write", file)) return -1;
    return next<ssize_t(int, const void*, size_t, off_t)>("pwrite")(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
    if (fails("write", file)) return -1;
    return next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64")(file, bytes, size, at);
}

}  // extern "C"
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
