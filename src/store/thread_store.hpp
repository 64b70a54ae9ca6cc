// The Store of a running platform: its commit queue has a thread of its own, on which the engine
// may block.
//
//   loop ── submit ──► Waiting ──► writer: CommitQueue over Engine ── one post per batch ──► loop
//
// Law: what was submitted and accepted is answered, in the order of the commits, unless the store
// is destroyed before: at its end the batch in hand is finished, what still waits is not begun, and
// nothing is announced any more.
// Threads: all functions on the loop.
#pragma once

#include "store/announcements.hpp"
#include "store/chain_numbers.hpp"
#include "store/lane.hpp"
#include "store/waiting.hpp"
#include "world/loop.hpp"

#include <memory>
#include <thread>

namespace msp {

class CommitQueue;

class ThreadStore final : public Store {
public:
    // The loop outlives it. `latched` is called once, on the loop, when the engine broke.
    ThreadStore(std::unique_ptr<Engine>, Loop&, const Lane&, const Standing&,
                std::function<void()> latched, const QueueLimits& = {});
    ~ThreadStore() override;

    void submit(Command, Done) override;
    void listen(Listener) override;
    ChainId fresh_chain_id() override { return numbers_.fresh(); }

private:
    // What a post that comes after the end finds gone.
    struct Ear {
        Announcements announcements;
        std::function<void()> latched;
    };

    void write_until_closed(const LaneBatch& last);
    bool rest(CommitQueue&);
    void tell(std::shared_ptr<Finished>, bool broken);

    std::unique_ptr<Engine> engine_;
    Loop& loop_;
    Waiting waiting_;
    ChainNumbers numbers_;
    std::shared_ptr<Ear> ear_;
    std::thread writer_;
};

}  // namespace msp
