// Holds put and lifted on random machines, as commands of a commit queue.
#pragma once

#include "store/commit_queue.hpp"
#include "world/random.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_set>

namespace msp::bench {

class HoldLoad {
public:
    HoldLoad(std::uint64_t chains, std::size_t batch, std::uint64_t seed)
        : chains_(chains), batch_(batch), random_(seed) {}

    // One batch through the queue, behind which another waits; answers how many changes that were.
    std::size_t step(CommitQueue&, Waiting&);

private:
    Command next();

    std::uint64_t chains_;
    std::size_t batch_;
    std::size_t waiting_ = 0;
    std::unordered_set<std::uint64_t> held_;
    SeededRandom random_;
    Time time_{Duration(1'780'000'000'000)};
};

}  // namespace msp::bench
