// The one thread that owns everything above `world` and `store`, seen as a window: time, timers and
// turns.
//
// Law: every function handed in here runs on the loop's thread, one at a time, never inside the
// call that handed it in.
//
// Threads: post() may be called from any thread; everything else from the loop's thread only. The
// real one is AsioLoop; a simulation brings its own, with its own time.
#pragma once

#include "domain/time.hpp"

#include <cstdint>
#include <functional>

namespace msp {

// What a duration inside this process is measured with: never jumps, means nothing after a restart.
using Monotonic = std::chrono::duration<std::int64_t, std::nano>;

class Loop {
public:
    using TimerId = std::uint64_t;

    virtual ~Loop() = default;

    // The time of day at start plus what has passed since: does not jump with the machine's clock.
    virtual Time now() const = 0;
    virtual Monotonic monotonic() const = 0;

    virtual void post(std::function<void()> turn) = 0;

    // Runs `turn` once, not before `delay` has passed. The answer cancels it.
    virtual TimerId after(Duration delay, std::function<void()> turn) = 0;
    // Ensures: the turn does not run any more. Unknown or past timers are ignored.
    virtual void cancel(TimerId) = 0;
};

}  // namespace msp
