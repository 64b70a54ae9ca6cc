// From waiting commands to durable answers, written once for every engine: a machine that is
// stepped.
//
//   take ──► load ──► decide ──► write ──► answer ──► take
//             ▲  ▲       │        │ │ unknown
//             │  └───────┘        │ └────────► resolve ──► in: answer
//             │   more wanted     │ stale         │ not in
//             └───────────────────┴───────────────┘
//
//   take     nothing is in hand, or the other half of a batch that was stale too often
//   load     names are wanted of the engine; nothing is decided
//   decide   all that is wanted so far was loaded, as of one instant
//   write    a decided batch that changes something
//   resolve  the engine cannot say whether it wrote
//   answer   the batch is in force, or failed as a whole
//
// Law: one step is one engine call or none, so that several queues on one engine can be interleaved
// at every place where that matters. After the engine is `broken` every command is answered so, for
// ever.
// Threads: one at a time; only `Waiting` is shared.
#pragma once

#include "store/batch.hpp"
#include "store/engine.hpp"
#include "store/waiting.hpp"

#include <deque>
#include <optional>

namespace msp {

class CommitQueue {
public:
    // Both outlive it. `last` is the last batch of its lane.
    CommitQueue(Engine&, Waiting&, const LaneBatch& last);

    enum class Stepped { idle, working, finished };
    Stepped step();
    // Requires: the last step finished a batch.
    Finished finished();

    // Requires: the last step was idle. Time for housekeeping: nothing is expected to come at once.
    // Under way: rest again, unless something comes.
    Tidied rest();

    bool broken() const { return broken_.has_value(); }

private:
    enum class State { take, load, decide, write, resolve, answer };

    Stepped take();
    Tidied tidy(bool nothing_waits);
    State load();
    State not_loaded(const Failure&);
    State decide();
    State write();
    State resolve();
    State decide_again();
    State fail(const Failure&);
    Failure trouble(Failure::Kind) const;

    Engine& engine_;
    Waiting& waiting_;
    LaneBatch batch_;
    State state_ = State::take;
    std::optional<Batch> now_;
    std::deque<Batch> halves_;  // to be decided before anything else is taken
    unsigned loads_ = 0;        // of this attempt
    unsigned stale_ = 0;        // attempts that came too late
    std::optional<Finished> finished_;
    std::optional<Failure> broken_;
};

}  // namespace msp
