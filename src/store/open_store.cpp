#include "store/open_store.hpp"

#include "store/sqlite/sqlite_engine.hpp"
#include "store/sqlite/sqlite_reader.hpp"
#include "store/thread_store.hpp"
#include "world/files.hpp"
#include "world/log.hpp"

#include <chrono>
#include <utility>

namespace msp {

static std::int64_t milliseconds(Monotonic from, Monotonic to) {
    return std::chrono::duration_cast<Duration>(to - from).count();
}

Result<OpenedStore, Failure> open_store(const StoreOptions& options, Loop& loop, Log& log) {
    const Monotonic begun = loop.monotonic();
    auto engine = SqliteEngine::open({.folder = options.folder});
    if (!engine) return engine.reason();
    const Monotonic opened = loop.monotonic();
    auto standing = (*engine)->standing(0);
    if (!standing) return standing.reason();
    auto archive = SqliteArchive::open(options.folder);
    if (!archive) return archive.reason();
    log.info("store opened", {{"open_ms", milliseconds(begun, opened)},
                              {"due_scan_ms", milliseconds(opened, loop.monotonic())},
                              {"due", standing->due.size()},
                              {"last_batch", standing->last_batch},
                              {"free_bytes", free_bytes(options.folder)}});
    OpenedStore out;
    out.due = standing->due;
    out.reader = std::make_unique<SqliteReader>(std::move(archive).value(), loop);
    out.store = std::make_unique<ThreadStore>(
        std::move(engine).value(), loop, Lane{}, *standing, options.latched,
        QueueLimits{options.batch_most, options.waiting_most});
    return out;
}

Result<ClosedStore, Failure> open_closed_store(const std::string& folder) {
    if (!file_exists(folder + "/chains.db"))
        return Failure{Failure::Kind::unreachable, "there is no database in " + folder};
    auto engine = SqliteEngine::open({.folder = folder, .checkpoints_beside = false});
    if (!engine) return engine.reason();
    auto archive = SqliteArchive::open(folder);
    if (!archive) return archive.reason();
    return ClosedStore{std::move(engine).value(), std::move(archive).value()};
}

}  // namespace msp
