// One node of the platform as a process of the simulated world: it starts, is paused, is killed,
// and starts again from what is committed.
//
// Above the windows it is the platform itself (main/node.hpp). What it had in memory dies with it;
// what it had sent is under way. Threads: one. All it stands on outlives it.
#pragma once

#include "cast/direct_streams.hpp"
#include "main/node.hpp"
#include "simulation/unseen_metrics.hpp"
#include "simulation/watched_engine.hpp"
#include "simulation/wire.hpp"
#include "store/memory/memory_engine.hpp"

#include <memory>
#include <string>
#include <vector>

namespace msp::simulation {

class Process {
public:
    struct Surroundings {
        Schedule& schedule;
        Wire& wire;
        Story& story;
        Sometimes& sometimes;
        Witness& witness;
        MemoryEngine& engine;
        const Storm& storm;  // as it is now: without faults once it is calm
        StoreTally& tally;
        Time epoch;
    };

    Process(const Surroundings&, unsigned number, std::uint64_t seed);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void start();
    void kill();
    void pause(Duration);
    bool up() const { return node_ != nullptr; }
    unsigned number() const { return number_; }
    std::uint64_t starts() const { return loops_.size(); }

private:
    void open(Time wall);
    void serve();
    void committed(const Changes&);
    void store_broke();

    const Surroundings around_;
    const unsigned number_;
    const std::string host_;
    SeededRandom random_;
    std::vector<std::unique_ptr<ProcessLoop>> loops_;  // the newest is the living one's
    QuietLog log_;
    UnseenMetrics metrics_;
    std::unique_ptr<Random> chance_;
    std::unique_ptr<WireClient> operator_client_;
    std::unique_ptr<DirectStreams> operator_streams_;  // nobody listens
    std::unique_ptr<WireClient> webhook_client_;
    std::unique_ptr<WatchedEngine> engine_;
    std::unique_ptr<Store> store_;
    std::unique_ptr<Reader> reader_;
    std::unique_ptr<Node> node_;
};

}  // namespace msp::simulation
