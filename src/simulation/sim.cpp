// The simulator as a program.
//
//   msp_sim SEED [STEPS]                  one life; its story, should a law break
//   msp_sim --many N [FIRST] [JOBS]       N lives, and what they reached
//   msp_sim --find MOST                   the first of so many seeds in which a law breaks
#include "simulation/many_lives.hpp"
#include "world/asio_loop.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace msp::simulation;

// Below this many lives a rare state may be missed by chance.
constexpr std::uint64_t lives_that_reach_all = 2'000;

void report_crash(int signal) {
    std::fprintf(stderr, "\nseed %llu crashed; again: make sim SEED=%llu\n",
                 static_cast<unsigned long long>(seed_being_lived()),
                 static_cast<unsigned long long>(seed_being_lived()));
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

std::string verdict(const Life& life) {
    return fmt::format("seed {}: law {} is broken: {}; again: make sim SEED={}\n", life.seed,
                       life.broken->law, life.broken->how, life.seed);
}

int live_one(std::uint64_t seed, std::uint64_t steps) {
    Life life = live({.seed = seed, .steps_most = steps, .told = true});
    Sum sum;
    sum.add(life);
    fmt::print("{}seed {}: hash {:016x}\n", report(sum), seed, life.hash);
    if (!life.broken) return 0;
    fmt::print("\n{}\n{}", life.story, verdict(life));
    return 1;
}

int live_many_and_tell(const ManyOptions& options) {
    const msp::AsioLoop loop;
    const msp::Monotonic begun = loop.monotonic();
    fmt::print("seeds {} to {}, {} at once\n", options.first, options.first + options.seeds - 1,
               options.jobs);
    const Sum sum = live_many(options);
    const std::chrono::duration<double> took = loop.monotonic() - begun;
    fmt::print("{}", report(sum));
    fmt::print("{:.1f} s, {:.1f} seeds/s, {:.0f} times as fast as time\n", took.count(),
               static_cast<double>(sum.lives) / took.count(),
               static_cast<double>(sum.lasted.count()) / 1'000 / took.count());
    for (const Life& life : sum.broken) fmt::print("{}", verdict(life));
    for (const std::uint64_t seed : sum.unrepeatable)
        fmt::print("seed {}: lived twice, it left two hashes\n", seed);
    std::uint64_t failed = sum.broken.size() + sum.unrepeatable.size();
    if (options.seeds >= lives_that_reach_all)
        for (const Rare rare : never_reached(sum)) {
            fmt::print("never reached: {}\n", word(rare));
            ++failed;
        }
    if (!sum.broken.empty()) {
        const std::uint64_t seed = sum.broken.front().seed;
        fmt::print("\nthe story of seed {}\n{}", seed,
                   live({.seed = seed, .steps_most = 0, .told = true}).story);
    }
    fmt::print("{} passed, {} failed\n", sum.lives - sum.broken.size(), failed);
    return failed == 0 ? 0 : 1;
}

int find(std::uint64_t most) {
    for (std::uint64_t seed = 1; seed <= most; ++seed) {
        const Sum sum = live_many({.first = seed, .seeds = 1, .jobs = 1});
        if (sum.broken.empty()) continue;
        fmt::print("{}", verdict(sum.broken.front()));
        return 1;
    }
    fmt::print("{} seeds, no law is broken\n", most);
    return 0;
}

std::uint64_t number(int argc, char** argv, int place, std::uint64_t otherwise) {
    return argc > place ? std::strtoull(argv[place], nullptr, 10) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGABRT, report_crash);
    std::signal(SIGSEGV, report_crash);
    if (argc > 1 && std::string_view(argv[1]) == "--many")
        return live_many_and_tell({.first = number(argc, argv, 3, 1),
                                   .seeds = number(argc, argv, 2, 1'000),
                                   .jobs = static_cast<unsigned>(number(argc, argv, 4, 1))});
    if (argc > 1 && std::string_view(argv[1]) == "--find")
        return find(number(argc, argv, 2, 1'000));
    return live_one(number(argc, argv, 1, 1), number(argc, argv, 2, 0));
}
