// How a store takes part: its place among the writers, and how much it takes on at once. Values.
#pragma once

#include <cstddef>
#include <cstdint>

namespace msp {

// One node's place among the writers on one store.
struct Lane {
    std::uint64_t number = 0;
    std::uint64_t of = 1;  // how many nodes there may be; all of them agree on it
};

struct QueueLimits {
    std::size_t batch_most = 256;
    std::size_t waiting_most = 20'000;
};

}  // namespace msp
