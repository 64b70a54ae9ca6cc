#include "store/stepped_store.hpp"

#include <utility>

namespace msp {

SteppedStore::SteppedStore(Engine& engine, Loop& loop, const Lane& lane, const Standing& standing,
                           std::function<void()> latched, const QueueLimits& limits)
    : loop_(loop),
      waiting_(limits.waiting_most, limits.batch_most),
      queue_(engine, waiting_, {lane.number, standing.last_batch}),
      numbers_(lane.number, lane.of, standing.largest_chain),
      latched_(std::move(latched)),
      self_(std::make_shared<SteppedStore*>(this)) {}

void SteppedStore::submit(Command command, Done done) {
    Pending pending{std::move(command), std::move(done), loop_.now()};
    if (waiting_.push(pending)) return schedule();
    loop_.post([refused = std::move(pending.done)] { refused(too_many_waiting()); });
}

void SteppedStore::schedule() {
    if (std::exchange(scheduled_, true)) return;
    loop_.post([self = std::weak_ptr(self_)] {
        if (const auto store = self.lock()) (*store)->step();
    });
}

void SteppedStore::step() {
    scheduled_ = false;
    const CommitQueue::Stepped stepped = queue_.step();
    if (stepped == CommitQueue::Stepped::idle) queue_.rest();
    if (stepped != CommitQueue::Stepped::idle) schedule();
    if (queue_.broken() && latched_) std::exchange(latched_, {})();
    if (stepped == CommitQueue::Stepped::finished) announcements_.announce(queue_.finished());
}

}  // namespace msp
