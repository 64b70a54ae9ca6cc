#include "store/thread_store.hpp"

#include <utility>

namespace msp {

ThreadStore::ThreadStore(std::unique_ptr<Engine> engine, Loop& loop, const Lane& lane,
                         const Standing& standing, std::function<void()> latched,
                         const QueueLimits& limits)
    : engine_(std::move(engine)),
      loop_(loop),
      waiting_(limits.waiting_most, limits.batch_most),
      queue_(*engine_, waiting_, {lane.number, standing.last_batch}),
      numbers_(lane.number, lane.of, standing.largest_chain),
      latched_(std::move(latched)),
      self_(std::make_shared<ThreadStore*>(this)),
      writer_([this] { spin(); }) {}

ThreadStore::~ThreadStore() {
    waiting_.close();
    writer_.join();
}

void ThreadStore::submit(Command command, Done done) {
    Pending pending{std::move(command), std::move(done), loop_.now()};
    if (waiting_.push(std::move(pending))) return;
    loop_.post([refused = std::move(pending.done)] { refused(too_many_waiting()); });
}

void ThreadStore::spin() {
    for (;;) {
        switch (queue_.step()) {
            case CommitQueue::Stepped::working: break;
            case CommitQueue::Stepped::finished: hand_over(queue_.finished()); break;
            case CommitQueue::Stepped::idle:
                if (!waiting_.wait()) return;
        }
    }
}

void ThreadStore::hand_over(Finished finished) {
    auto shared = std::make_shared<Finished>(std::move(finished));
    loop_.post([self = std::weak_ptr(self_), shared, broken = queue_.broken()] {
        const auto store = self.lock();
        if (!store) return;
        if (broken && (*store)->latched_) std::exchange((*store)->latched_, {})();
        (*store)->announcements_.announce(std::move(*shared));
    });
}

}  // namespace msp
