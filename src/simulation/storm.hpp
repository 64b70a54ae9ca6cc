// What one seed draws: how large its world is, which faults are on in it, and how hard.
//
// Law: by swarm: every kind of fault is off in many seeds and terrible in some, so that no fault
// hides what another would have shown. Calm is the same world with every fault off.
// Values and a pure function.
#pragma once

#include "cast/operator_knobs.hpp"
#include "cast/webhook_receiver.hpp"
#include "simulation/process_loop.hpp"
#include "simulation/wire.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace msp::simulation {

struct StoreFaults {  // shares of writes
    double unknown_in = 0;
    double unknown_not_in = 0;
    double broke_in = 0;
    double broke_not_in = 0;
    double filled = 0;  // the disk is full from then on, for `full_for`
    Duration full_for{2'000};
};

// Of one process, by the minute.
struct ProcessFaults {
    double pauses = 0;
    Duration paused_most{0};
    double stops_at_order = 0;  // share of orders committed: it stands still before it sends
    double kills = 0;
    Duration down_most{0};
    Duration clock_wrong_most{0};  // drawn anew at each start
};

struct DrawnOperator {
    std::string kind;
    OperatorKnobs knobs;
    double restores = 0;  // by the minute: an old database comes back
};

struct Storm {
    unsigned nodes = 1;
    unsigned machines = 6;
    Duration lasts{60'000};
    double acts_per_second = 4;
    double odd_acts = 0.1;  // share: not what this machine needs next, but anything
    Gait gait;
    WireFaults wire;
    double partitions = 0;  // by the minute
    Duration cut_most{0};
    StoreFaults store;
    ProcessFaults process;
    std::vector<DrawnOperator> operators;
    ReceiverKnobs receivers;
};

Storm draw_storm(std::uint64_t seed);
// The operator as it is once all faults stopped.
OperatorKnobs calm(const OperatorKnobs&);

}  // namespace msp::simulation
