// Those who asked to be answered only once their chain is settled (`?wait=5s`).
//
// Law: everyone is answered exactly once: when the chain is settled, when the time is over, or at
// once where nothing can be waited for; always with the chain as it then stands. Bounded: beyond
// `waiting_most` nobody is made to wait. Threads: the loop's only. The store outlives it, or is
// destroyed without another commit.
#pragma once

#include "store/store.hpp"
#include "world/loop.hpp"

#include <functional>
#include <memory>
#include <unordered_map>

namespace msp {

class Waiters {
public:
    static constexpr std::size_t waiting_most = 10'000;
    using Then = std::function<void(const Chain&)>;

    Waiters(Store&, Loop&);
    ~Waiters();
    Waiters(const Waiters&) = delete;
    Waiters& operator=(const Waiters&) = delete;

    // Requires: `chain` is as the newest commit left it; so it is inside a `done` of the store.
    void wait(const Chain& chain, Duration most, Then);

    // Those who wait are not answered any more; for the end of the door.
    void forget();

    std::size_t waiting() const;

private:
    struct Waiter {
        Chain chain;  // as known now
        Loop::TimerId timer;
        Then then;
    };
    void answer(const std::shared_ptr<Waiter>&);
    void hear(const Commit&);

    Loop& loop_;
    std::unordered_multimap<ChainId, std::shared_ptr<Waiter>> waiters_;
    std::shared_ptr<Waiters*> self_;  // null for a store that speaks too late
};

}  // namespace msp
