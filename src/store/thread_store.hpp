// The real Store: a commit queue that a thread of its own spins, so that waiting for the disk never holds up the loop.
//
// Law: all of a batch comes back in one turn of the loop, listeners first; batches in the order they were committed.
// Threads: the loop's, but for the writer within. Destroyed on the loop's thread: what waits is still decided and committed, but
// nothing is announced any more.
#pragma once

#include "store/announcements.hpp"
#include "store/chain_numbers.hpp"
#include "store/stepped_store.hpp"

#include <memory>
#include <thread>

namespace msp {

class ThreadStore final : public Store {
public:
    // The loop outlives it. `latched` is called once on the loop, when the engine broke.
    ThreadStore(std::unique_ptr<Engine>, Loop&, const Lane&, const Standing&,
                std::function<void()> latched, const QueueLimits&);
    ~ThreadStore() override;

    void submit(Command, Done) override;
    void listen(Listener listener) override { announcements_.listen(std::move(listener)); }
    ChainId fresh_chain_id() override { return numbers_.fresh(); }

private:
    void spin();
    void hand_over(Finished);

    std::unique_ptr<Engine> engine_;
    Loop& loop_;
    Waiting waiting_;
    CommitQueue queue_;  // the writer's
    ChainNumbers numbers_;
    Announcements announcements_;
    std::function<void()> latched_;
    std::shared_ptr<ThreadStore*> self_;  // null in turns that come too late
    std::thread writer_;
};

}  // namespace msp
