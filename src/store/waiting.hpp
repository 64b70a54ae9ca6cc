// Commands that wait to be decided: two classes, bounded, handed from the loop to the writer.
//
// Law: each class keeps its order. Urgent commands go first, but where both wait, a quarter of
// every batch is bulk's. What is turned away was never in.
// Threads: any.
#pragma once

#include "store/store.hpp"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace msp {

struct Pending {
    Command command;
    Store::Done done;
    Time at{};  // when it was submitted
};

Failure too_many_waiting();

class Waiting {
public:
    // Requires: batch_most is 4 or more.
    Waiting(std::size_t waiting_most, std::size_t batch_most);

    bool push(Pending&);  // false: too many wait, or it is closed; else what was in it is taken
    std::vector<Pending> take();  // the next batch; empty: nothing waits

    bool empty() const;
    enum class Woken : unsigned char { work, quiet, closed };
    // Until something waits or it is closed, or, with `quiet`, so long nothing came.
    Woken wait(std::optional<std::chrono::milliseconds> quiet = {});
    void close();  // nothing comes in any more, and what waits is not taken

private:
    using Line = std::deque<Pending>;
    Line& line(Urgency urgency) { return lines_[static_cast<std::size_t>(urgency)]; }
    std::size_t size() const { return lines_[0].size() + lines_[1].size(); }

    const std::size_t waiting_most_;
    const std::size_t batch_most_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::array<Line, 2> lines_;
    bool closed_ = false;
};

}  // namespace msp
