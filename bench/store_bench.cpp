// What the store costs: holds through the commit queue and SQLite, beside a bare SQLite loop that
// writes the same rows into the same tables, in turns, in one run.
//
//   msp_store_bench [chains [batch [seconds [folder]]]]
#include "bench/bare_loop.hpp"
#include "bench/fleet.hpp"
#include "bench/hold_load.hpp"
#include "store/commit_queue.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/sqlite_engine.hpp"
#include "world/files.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <type_traits>

namespace msp::bench {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of this thread: what a crowded machine does not change.
double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Measured {
    std::uint64_t changes = 0;
    double seconds = 0;
    double processor = 0;  // seconds of the writer's thread
    std::uint64_t bytes = 0;

    double rate() const { return static_cast<double>(changes) / seconds; }
    double thrift() const { return static_cast<double>(changes) / processor; }
};

// Says where the time of a queue goes.
class TimedEngine final : public Engine {
public:
    explicit TimedEngine(Engine& engine) : engine_(engine) {}

    Result<Standing, Failure> standing(std::uint64_t lane) override {
        return engine_.standing(lane);
    }
    Result<Loaded, Failure> load(std::span<const Name> names) override {
        return timed(loading, [&] { return engine_.load(names); });
    }
    Written write(const Changes& changes) override {
        return timed(writing, [&] { return engine_.write(changes); });
    }
    Landed resolve(const LaneBatch& batch) override { return engine_.resolve(batch); }
    std::string trouble() const override { return engine_.trouble(); }
    Tidied tidy(bool nothing_waits) override {
        return timed(tidying, [&] { return engine_.tidy(nothing_waits); });
    }

    double loading = 0, writing = 0, tidying = 0;  // seconds

private:
    template <class Act>
    std::invoke_result_t<Act> timed(double& sum, Act act) {
        const double start = processor_seconds();
        auto out = act();
        sum += processor_seconds() - start;
        return out;
    }
    Engine& engine_;
};

struct Setup {
    std::uint64_t chains = 1'000'000;
    std::size_t batch = 256;
    double seconds = 2;
    std::string folder;
};

class Comparison {
public:
    Comparison(const Setup& setup, Engine& engine, const std::string& bare_folder)
        : setup_(setup),
          timed_(engine),
          waiting_(100'000, std::max<std::size_t>(setup.batch, 4)),
          queue_(timed_, waiting_, {0, engine.standing(0)->last_batch}),
          bare_(bare_folder, Connection::Mode::write_plainly),
          load_(setup.chains, setup.batch, 7) {}

    void queue_round() {
        const auto start = Clock::now();
        const double processor = processor_seconds();
        while (seconds_since(start) < setup_.seconds)
            queued.changes += load_.step(queue_, waiting_);
        queued.seconds += seconds_since(start);
        queued.processor += processor_seconds() - processor;
    }
    void bare_round(std::uint64_t seed) {
        const auto most = static_cast<std::size_t>(setup_.seconds * 100'000) / setup_.batch;
        const auto batches = record(setup_.chains, setup_.batch, most, seed);
        const auto start = Clock::now();
        const double processor = processor_seconds();
        for (const BareBatch& batch : batches) {
            bare_.write(batch);
            plain.changes += setup_.batch;
            if (seconds_since(start) > setup_.seconds) break;
        }
        plain.seconds += seconds_since(start);
        plain.processor += processor_seconds() - processor;
        plain.bytes = bare_.bytes();
    }
    const TimedEngine& timed() const { return timed_; }

    Measured queued, plain;

private:
    const Setup& setup_;
    TimedEngine timed_;
    Waiting waiting_;
    CommitQueue queue_;
    BareLoop bare_;
    HoldLoad load_;
};

void report(const char* what, const Measured& measured) {
    std::cout << what << static_cast<std::uint64_t>(measured.rate()) << " changes/s, "
              << 1e6 / measured.thrift() << " us of processor and "
              << measured.bytes / std::max<std::uint64_t>(1, measured.changes)
              << " bytes of log each\n";
}

void report_parts(const Measured& queued, const TimedEngine& timed) {
    const auto each = [&](double seconds) {
        return seconds * 1e6 / static_cast<double>(queued.changes);
    };
    const double engine = timed.loading + timed.writing + timed.tidying;
    std::cout << "  of it load " << each(timed.loading) << " us, decide and the rest "
              << each(queued.processor - engine) << " us, write " << each(timed.writing)
              << " us, tidy " << each(timed.tidying) << " us\n";
}

void measure(const Setup& setup, const std::string& queued_folder, const std::string& bare_folder) {
    auto engine = SqliteEngine::open({.folder = queued_folder}).value();
    Comparison comparison(setup, *engine, bare_folder);
    constexpr std::uint64_t rounds = 4;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        comparison.queue_round();
        comparison.bare_round(100 + round);
    }
    comparison.queued.bytes = engine->bytes_logged();
    report("queue: ", comparison.queued);
    report_parts(comparison.queued, comparison.timed());
    report("bare:  ", comparison.plain);
    std::cout << "queue beside bare: " << comparison.queued.rate() / comparison.plain.rate()
              << " of the rate, " << comparison.queued.thrift() / comparison.plain.thrift()
              << " by processor time; batch " << setup.batch << ", " << setup.chains << " chains\n";
}

void prepare(const Setup& setup) {
    const std::string fleet = setup.folder + "/fleet";
    if (!file_exists(database_path(fleet))) {
        must(static_cast<bool>(make_folder(fleet)));
        fill(fleet, setup.chains);
    }
    for (const char* copy : {"/queued", "/bare"}) {
        const std::string folder = setup.folder + copy;
        std::filesystem::remove_all(folder);
        must(static_cast<bool>(make_folder(folder)));
        std::filesystem::copy_file(database_path(fleet), database_path(folder));
    }
}

}  // namespace

}  // namespace msp::bench

int main(int count, char** words) {
    using namespace msp::bench;
    Setup setup;
    if (count > 1) setup.chains = std::stoull(words[1]);
    if (count > 2) setup.batch = std::stoull(words[2]);
    if (count > 3) setup.seconds = std::stod(words[3]);
    const msp::TemporaryFolder temporary("store_bench");
    setup.folder = count > 4 ? words[4] : temporary.path();
    prepare(setup);
    measure(setup, setup.folder + "/queued", setup.folder + "/bare");
}
