#include "store/thread_store.hpp"

#include "store/commit_queue.hpp"
#include "world/thread_name.hpp"

#include <chrono>
#include <utility>

namespace msp {

ThreadStore::ThreadStore(std::unique_ptr<Engine> engine, Loop& loop, const Lane& lane,
                         const Standing& standing, std::function<void()> latched,
                         const QueueLimits& limits)
    : engine_(std::move(engine)),
      loop_(loop),
      waiting_(limits.waiting_most, limits.batch_most),
      numbers_(lane.number, lane.of, standing.largest_chain),
      ear_(std::make_shared<Ear>(Ear{{}, std::move(latched)})) {
    const LaneBatch last{lane.number, standing.last_batch};
    writer_ = std::thread([this, last] { write_until_closed(last); });
}

ThreadStore::~ThreadStore() {
    waiting_.close();
    writer_.join();
}

void ThreadStore::submit(Command command, Done done) {
    Pending pending{std::move(command), std::move(done), loop_.now()};
    if (waiting_.push(pending)) return;
    loop_.post([refused = std::move(pending.done)] { refused(too_many_waiting()); });
}

void ThreadStore::listen(Listener listener) {
    ear_->announcements.listen(std::move(listener));
}

// Between two batches under load the queue is empty for moments; housekeeping waits for a pause
// that lasts. False: it was closed.
bool ThreadStore::rest(CommitQueue& queue) {
    constexpr std::chrono::milliseconds pause{200};
    Waiting::Woken woken = waiting_.wait(pause);
    Tidied tidied = Tidied::under_way;
    while (woken == Waiting::Woken::quiet) {
        if (tidied == Tidied::under_way) tidied = queue.rest();
        if (tidied == Tidied::broken) tell(nullptr, true);
        woken = tidied == Tidied::under_way ? waiting_.wait(pause) : waiting_.wait();
    }
    return woken != Waiting::Woken::closed;
}

// A function that is posted can be copied, what it carries is moved on. Nothing finished: nullptr.
void ThreadStore::tell(std::shared_ptr<Finished> finished, bool broken) {
    loop_.post([ear = std::weak_ptr(ear_), finished = std::move(finished), broken] {
        const auto heard = ear.lock();
        if (!heard) return;
        if (broken && heard->latched) std::exchange(heard->latched, {})();
        if (finished) heard->announcements.announce(std::move(*finished));
    });
}

void ThreadStore::write_until_closed(const LaneBatch& last) {
    name_thread("msp writer");
    CommitQueue queue(*engine_, waiting_, last);
    while (true) {
        const CommitQueue::Stepped stepped = queue.step();
        if (stepped == CommitQueue::Stepped::idle && !rest(queue)) return;
        if (stepped == CommitQueue::Stepped::finished)
            tell(std::make_shared<Finished>(queue.finished()), queue.broken());
    }
}

}  // namespace msp
