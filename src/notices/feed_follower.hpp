// Wakes readers of feeds when there is something new in theirs, so that nobody polls.
//
// Commits of this process wake at once. Those of other nodes on the same store, which nobody tells
// us, are found by one look at all followed heads every `look_every`.
// Law: a reader that reads after it was woken, and once after it began to follow, misses nothing.
// It may be woken for nothing.
// Threads: the loop's only. `wake` runs within a turn of the loop and may end any following.
#pragma once

#include "domain/time.hpp"
#include "store/archive.hpp"
#include "store/store.hpp"
#include "world/loop.hpp"

#include <functional>
#include <memory>

namespace msp {

class FeedFollower {
public:
    // All three outlive it.
    FeedFollower(Loop&, Store&, Reader&, Duration look_every = Duration(5'000));
    ~FeedFollower();
    FeedFollower(const FeedFollower&) = delete;
    FeedFollower& operator=(const FeedFollower&) = delete;

    using Following = std::shared_ptr<void>;  // ends with the last copy
    [[nodiscard]] Following follow(const PartyId&, std::function<void()> wake);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace msp
