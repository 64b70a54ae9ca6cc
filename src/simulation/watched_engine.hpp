// An engine as one node sees it: another node's stands behind it, and its faults are drawn.
//
// Law: as for Engine. What was written is told to the witness, whatever the node is told.
// Threads: one. Engine, witness and the rest outlive it.
#pragma once

#include "simulation/schedule.hpp"
#include "simulation/sometimes.hpp"
#include "simulation/storm.hpp"
#include "simulation/witness.hpp"
#include "store/engine.hpp"

#include <functional>
#include <string>

namespace msp::simulation {

struct StoreTally {
    std::uint64_t writes = 0;
    std::uint64_t stale = 0;
    std::uint64_t unknown = 0;
    std::uint64_t full = 0;
    std::uint64_t broken = 0;
};

class WatchedEngine final : public Engine {
public:
    struct Surroundings {
        Schedule& schedule;
        Witness& witness;
        Sometimes& sometimes;
        const StoreFaults& faults;  // as they are now: none once it is calm
        StoreTally& tally;
        Time epoch;  // of the world
        std::function<void(const Changes&)> committed{};
    };

    WatchedEngine(Engine& engine, const Surroundings& around, std::uint64_t seed)
        : engine_(engine), around_(around), random_(seed) {}

    Result<Standing, Failure> standing(std::uint64_t lane) override {
        return engine_.standing(lane);
    }
    Result<Loaded, Failure> load(std::span<const Name> names) override {
        return engine_.load(names);
    }
    Written write(const Changes&) override;
    Landed resolve(const LaneBatch&) override;
    std::string trouble() const override { return trouble_; }
    Tidied tidy(bool nothing_waits) override { return engine_.tidy(nothing_waits); }

private:
    Written carry_out(const Changes&);
    Written fail(Written how, const char* why);

    Engine& engine_;
    const Surroundings around_;
    SeededRandom random_;
    std::string trouble_;
    Duration full_until_{-1};
};

}  // namespace msp::simulation
