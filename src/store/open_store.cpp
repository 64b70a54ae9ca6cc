#include "store/open_store.hpp"

#include "store/sqlite/database.hpp"
#include "store/sqlite/sqlite_engine.hpp"
#include "store/sqlite/sqlite_reader.hpp"
#include "store/thread_store.hpp"
#include "world/files.hpp"

#include <utility>

namespace msp {

namespace {

class Stopwatch {
public:
    explicit Stopwatch(const Loop& loop) : loop_(loop) {}
    // Milliseconds since it was last asked.
    double lap() {
        const Monotonic now = loop_.monotonic();
        const Monotonic passed = now - std::exchange(last_, now);
        return std::chrono::duration<double, std::milli>(passed).count();
    }

private:
    const Loop& loop_;
    Monotonic last_ = loop_.monotonic();
};

}  // namespace

Result<OpenedStore, Failure> open_store(const StoreOptions& options, Loop& loop, Log& log) {
    Stopwatch watch(loop);
    if (auto made = make_folder(options.folder, 0700); !made) return made.reason();
    OpenedStore out;
    out.fresh = !file_exists(database_path(options.folder));
    auto engine = SqliteEngine::open({.folder = options.folder});
    if (!engine) return engine.reason();
    const double opened_ms = watch.lap();
    auto standing = (*engine)->standing(options.lane.number);
    if (!standing) return standing.reason();
    const double scanned_ms = watch.lap();
    const auto largest = static_cast<std::uint64_t>(standing->largest_chain);
    const SqliteSizes sizes = (*engine)->sizes();
    auto store = std::make_unique<ThreadStore>(std::move(engine).value(), loop, options.lane,
                                               *standing, options.latched, options.limits);
    auto reader = SqliteReader::open(options.folder, loop, options.reading_threads);
    if (!reader) return reader.reason();
    out.store = std::move(store);
    out.reader = std::move(reader).value();
    out.due = std::move(standing).value().due;
    log.info("store opened", {{"largest_chain", largest},
                              {"due", out.due.size()},
                              {"database_bytes", sizes.database_bytes},
                              {"log_bytes", sizes.log_bytes},
                              {"open_ms", opened_ms},
                              {"scan_ms", scanned_ms}});
    return out;
}

}  // namespace msp
