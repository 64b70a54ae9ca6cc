#include "simulation/many_lives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace msp::simulation {

namespace {

constexpr std::uint64_t twice_every = 50;

thread_local std::uint64_t seed_now = 0;

void add(WireTally& sum, const WireTally& one) {
    sum.messages += one.messages;
    sum.lost += one.lost;
    sum.repeated += one.repeated;
    sum.late += one.late;
    sum.cut_off += one.cut_off;
    sum.refused += one.refused;
}

void add(StoreTally& sum, const StoreTally& one) {
    sum.writes += one.writes;
    sum.stale += one.stale;
    sum.unknown += one.unknown;
    sum.full += one.full;
    sum.broken += one.broken;
}

void add(CallTally& sum, const CallTally& one) {
    sum.asked += one.asked;
    sum.tries += one.tries;
    sum.acknowledged += one.acknowledged;
    sum.refused += one.refused;
    sum.given_up += one.given_up;
}

void add(FaultTally& sum, const FaultTally& one) {
    sum.kills += one.kills;
    sum.pauses += one.pauses;
    sum.partitions += one.partitions;
    sum.restores += one.restores;
}

}  // namespace

void Sum::add(const Life& life) {
    ++lives;
    steps += life.steps;
    commits += life.commits;
    events += life.events;
    effects += life.effects;
    lasted += life.lasted;
    sometimes += life.sometimes;
    simulation::add(wire, life.wire);
    simulation::add(store, life.store);
    simulation::add(calls, life.calls);
    simulation::add(faults, life.faults);
    if (life.broken) broken.push_back(life);
}

std::uint64_t seed_being_lived() {
    return seed_now;
}

Sum live_many(const ManyOptions& options) {
    Sum sum;
    std::mutex mutex;
    std::atomic<std::uint64_t> next{options.first};
    const auto work = [&] {
        for (;;) {
            const std::uint64_t seed = next++;
            if (seed >= options.first + options.seeds) return;
            seed_now = seed;
            const Life life = live({.seed = seed, .steps_most = 0, .told = false});
            const bool twice = seed % twice_every == 0;
            const bool same =
                !twice || live({.seed = seed, .steps_most = 0, .told = true}).hash == life.hash;
            const std::lock_guard lock(mutex);
            sum.add(life);
            if (twice) ++sum.lived_twice;
            if (!same) sum.unrepeatable.push_back(seed);
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(options.jobs, 1U); ++i) threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
    std::sort(sum.broken.begin(), sum.broken.end(),
              [](const Life& a, const Life& b) { return a.seed < b.seed; });
    std::sort(sum.unrepeatable.begin(), sum.unrepeatable.end());
    return sum;
}

std::vector<Rare> never_reached(const Sum& sum) {
    std::vector<Rare> out;
    for (std::size_t i = 0; i < rare_count; ++i)
        if (sum.sometimes.count(static_cast<Rare>(i)) == 0) out.push_back(static_cast<Rare>(i));
    return out;
}

static std::string line(std::string_view what, std::uint64_t count) {
    return fmt::format("  {:<48}{:>14}\n", what, count);
}

std::string report(const Sum& sum) {
    const double hours = static_cast<double>(sum.lasted.count()) / 3'600'000;
    std::string out = fmt::format("lived: {} seeds, {:.1f} hours ({:.3f} years), {} steps\n",
                                  sum.lives, hours, hours / 24 / 365.25, sum.steps);
    out += line("commits", sum.commits) + line("events", sum.events) +
           line("effects at operators", sum.effects) + line("commands asked", sum.calls.asked) +
           line("  acknowledged", sum.calls.acknowledged) + line("  refused", sum.calls.refused) +
           line("  given up: unknown", sum.calls.given_up) +
           line("lives lived twice, same hash", sum.lived_twice - sum.unrepeatable.size());
    out += "faults\n";
    out +=
        line("messages lost, of " + std::to_string(sum.wire.messages), sum.wire.lost) +
        line("messages repeated", sum.wire.repeated) + line("messages late", sum.wire.late) +
        line("messages between hosts cut off", sum.wire.cut_off) +
        line("connections refused", sum.wire.refused) + line("partitions", sum.faults.partitions) +
        line("nodes killed", sum.faults.kills) + line("nodes paused", sum.faults.pauses) +
        line("old operator databases brought back", sum.faults.restores) +
        line("writes stale, of " + std::to_string(sum.store.writes), sum.store.stale) +
        line("commits of unknown outcome", sum.store.unknown) +
        line("writes to a full disk", sum.store.full) + line("stores that broke", sum.store.broken);
    out += "sometimes\n";
    for (std::size_t i = 0; i < rare_count; ++i)
        out += line(word(static_cast<Rare>(i)), sum.sometimes.count(static_cast<Rare>(i)));
    return out;
}

}  // namespace msp::simulation
