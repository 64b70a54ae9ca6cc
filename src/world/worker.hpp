// One thread with a queue: blocking work (reads of the store, slow digests) leaves the loop here
// and its result comes back.
//
// Law: jobs run one after the other in the order they were posted. What a job returns is posted to
// the loop, in that order too. At destruction jobs that have not begun are dropped, the running one
// is waited for, and no completion runs any more.
//
// Threads: post() from any thread; jobs run on the worker's thread, completions on the loop's;
// destroyed on the loop's thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace msp {

class Loop;

class Worker {
public:
    using Completion = std::function<void()>;  // may be empty: nothing to tell
    using Job = std::function<Completion()>;

    // `loop` outlives the worker.
    explicit Worker(Loop& loop);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void post(Job);
    std::size_t waiting() const;  // jobs that have not begun

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace msp
