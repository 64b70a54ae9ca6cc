// Fresh numbers for chains: growing within a process, and each lane has its own, so that nodes
// never give the same one. A value.
#pragma once

#include "domain/chain.hpp"

#include <cassert>
#include <cstdint>
#include <utility>

namespace msp {

class ChainNumbers {
public:
    // Lane `lane` of `lanes`; all nodes on one store agree on `lanes`.
    ChainNumbers(std::uint64_t lane, std::uint64_t lanes, ChainId largest)
        : lanes_(lanes), next_(first(lane, static_cast<std::uint64_t>(largest))) {
        assert(lane < lanes);
    }

    ChainId fresh() { return ChainId{std::exchange(next_, next_ + lanes_)}; }

private:
    // The smallest number above `largest` that leaves the remainder `lane`.
    std::uint64_t first(std::uint64_t lane, std::uint64_t largest) const {
        const std::uint64_t above = largest + 1;
        return above + (lane + lanes_ - above % lanes_) % lanes_;
    }

    std::uint64_t lanes_;
    std::uint64_t next_;
};

}  // namespace msp
