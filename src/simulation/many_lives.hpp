// Many worlds, one after the other on each of several threads, and what became of them.
//
// Law: what is counted does not depend on how many threads there are. One life in every fifty is
// lived twice: the same seed has to leave the same hash.
#pragma once

#include "simulation/world.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace msp::simulation {

struct ManyOptions {
    std::uint64_t first = 1;
    std::uint64_t seeds = 100;
    unsigned jobs = 1;
};

struct Sum {
    std::uint64_t lives = 0;
    std::uint64_t steps = 0;
    std::uint64_t commits = 0;
    std::uint64_t events = 0;
    std::uint64_t effects = 0;
    std::uint64_t lived_twice = 0;
    Duration lasted{};
    Sometimes sometimes;
    WireTally wire;
    StoreTally store;
    CallTally calls;
    FaultTally faults;
    std::vector<Life> broken;                 // by seed, without their stories
    std::vector<std::uint64_t> unrepeatable;  // seeds whose second life was another

    void add(const Life&);
};

Sum live_many(const ManyOptions&);

// Which life this thread is living; for whoever reports a crash.
std::uint64_t seed_being_lived();

// What happened and what was reached, in lines for people.
std::string report(const Sum&);
std::vector<Rare> never_reached(const Sum&);

}  // namespace msp::simulation
