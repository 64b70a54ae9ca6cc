// A Store without a thread: its commit queue takes one step in each turn of the loop.
//
// For tests and simulations: whatever the loop does next happens between two steps, so that several
// nodes on one engine are interleaved in every order that the loop's schedule can make. On a real
// loop an engine that blocks would block everything: see ThreadStore.
// Threads: the loop's only. Destroyed at any time: nothing of it runs afterwards.
#pragma once

#include "store/announcements.hpp"
#include "store/chain_numbers.hpp"
#include "store/commit_queue.hpp"
#include "store/lane.hpp"
#include "world/loop.hpp"

#include <memory>

namespace msp {

class SteppedStore final : public Store {
public:
    // Engine and loop outlive it. `latched` is called once, when the engine broke.
    SteppedStore(Engine&, Loop&, const Lane&, const Standing&, std::function<void()> latched = {},
                 const QueueLimits& = {});

    void submit(Command, Done) override;
    void listen(Listener listener) override { announcements_.listen(std::move(listener)); }
    ChainId fresh_chain_id() override { return numbers_.fresh(); }

private:
    void schedule();
    void step();

    Loop& loop_;
    Waiting waiting_;
    CommitQueue queue_;
    ChainNumbers numbers_;
    Announcements announcements_;
    std::function<void()> latched_;
    bool scheduled_ = false;
    std::shared_ptr<SteppedStore*> self_;  // null in turns that come too late
};

}  // namespace msp
