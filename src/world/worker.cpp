#include "world/worker.hpp"

#include "world/loop.hpp"
#include "world/thread_name.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace msp {

// Shared with the completions on their way through the loop, so that they can see that the worker
// is gone.
struct Worker::State {
    explicit State(Loop& its_loop) : loop(its_loop) {}

    Loop& loop;
    mutable std::mutex mutex;
    std::condition_variable work_or_end;
    std::deque<Job> jobs;
    bool ended = false;
    bool gone = false;  // read and written on the loop's thread only
    std::thread thread;

    Job next_job();
};

// Waits for a job; an empty one says that it is over.
Worker::Job Worker::State::next_job() {
    std::unique_lock lock(mutex);
    work_or_end.wait(lock, [this] { return ended || !jobs.empty(); });
    if (ended) return {};
    Job job = std::move(jobs.front());
    jobs.pop_front();
    return job;
}

Worker::Worker(Loop& loop) : state_(std::make_shared<State>(loop)) {
    state_->thread = std::thread([state = state_] {
        name_thread("msp worker");
        while (const Job job = state->next_job()) {
            Completion completion = job();
            if (!completion) continue;
            state->loop.post([state, told = std::move(completion)] {
                if (!state->gone) told();
            });
        }
    });
}

Worker::~Worker() {
    std::deque<Job> dropped;
    {
        const std::lock_guard lock(state_->mutex);
        state_->ended = true;
        dropped.swap(state_->jobs);
    }
    dropped.clear();
    state_->work_or_end.notify_one();
    state_->thread.join();
    state_->gone = true;
}

void Worker::post(Job job) {
    {
        const std::lock_guard lock(state_->mutex);
        state_->jobs.push_back(std::move(job));
    }
    state_->work_or_end.notify_one();
}

std::size_t Worker::waiting() const {
    const std::lock_guard lock(state_->mutex);
    return state_->jobs.size();
}

}  // namespace msp
