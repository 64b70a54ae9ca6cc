#include "bench/hold_load.hpp"

#include "bench/fleet.hpp"
#include "provisioning/move_hold.hpp"
#include "store/flow_command.hpp"

#include <cstdlib>
#include <utility>

namespace msp::bench {

Command HoldLoad::next() {
    const std::uint64_t machine = 1 + random_.below(chains_);
    const bool put = held_.insert(machine).second;
    if (!put) held_.erase(machine);
    return flow_command(MoveHold{.name = {Name::Kind::device, "", device_of(machine)},
                                 .put = put,
                                 .code = "unpaid",
                                 .text = put ? "INV-8831" : "",
                                 .if_match = {},
                                 .origin = {.actor = {m2m_sp(), "key 7f3k2m9q", {}},
                                            .operation = "0123456789abcdef",
                                            .at = time_ += Duration(1)}});
}

std::size_t HoldLoad::step(CommitQueue& queue, Waiting& waiting) {
    for (; waiting_ < 2 * batch_; ++waiting_) {
        Pending pending{next(), [](const auto&) {}, time_};
        must(waiting.push(pending));
    }
    while (queue.step() != CommitQueue::Stepped::finished) {
    }
    std::size_t done = 0;
    for (const auto& [tell, answer] : queue.finished().answers) {
        if (!answer || !answer->changed) std::abort();
        ++done;
    }
    waiting_ -= done;
    return done;
}

}  // namespace msp::bench
