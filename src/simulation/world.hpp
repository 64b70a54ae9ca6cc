// A whole world from one seed: nodes of the platform on one engine, operators, receivers, devices
// and people, the wire between them, and what goes wrong.
//
//   found ──► storm: acts and faults ──► calm: no act, no fault ──► verdict
//
// Law: the same seed and options live the same life, to the last byte of its hash. A law that is
// broken ends it at once.
// Threads: one for each world; worlds know nothing of each other.
#pragma once

#include "simulation/caller.hpp"
#include "simulation/sometimes.hpp"
#include "simulation/storm.hpp"
#include "simulation/story.hpp"
#include "simulation/watched_engine.hpp"
#include "simulation/wire.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace msp::simulation {

struct LifeOptions {
    std::uint64_t seed = 1;
    std::uint64_t steps_most = 0;  // 0: until it is over
    bool told = false;             // keep the story in words
};

struct FaultTally {
    std::uint64_t kills = 0;
    std::uint64_t pauses = 0;
    std::uint64_t partitions = 0;
    std::uint64_t restores = 0;
};

struct Life {
    std::uint64_t seed = 0;
    std::uint64_t hash = 0;
    std::uint64_t steps = 0;
    std::uint64_t commits = 0;
    std::uint64_t events = 0;
    std::uint64_t effects = 0;  // at operators
    Duration lasted{};
    Sometimes sometimes;
    WireTally wire;
    StoreTally store;
    CallTally calls;
    FaultTally faults;
    std::optional<Finding> broken;
    std::string story;  // what led to it, where it was told
};

Life live(const LifeOptions&);

}  // namespace msp::simulation
