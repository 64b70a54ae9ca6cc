// What always holds over a whole fleet (docs/laws.md), as code: used by tests, simulation and
// `msp check` on live data.
#pragma once

#include "domain/chain.hpp"

#include <span>
#include <string>
#include <vector>

namespace msp {

struct BrokenLaw {
    int law = 0;  // its number in docs/laws.md
    ChainId chain{};
    std::string how;  // one sentence without a subscriber's identifier
    friend bool operator==(const BrokenLaw&, const BrokenLaw&) = default;
};

// The laws that can be seen in one state: 1, 2, 4 (our half), 5 and the shape of pending work.
std::vector<BrokenLaw> broken_laws(std::span<const Chain> fleet);

// The laws that need two states of one chain: 1 (generation moves with wanted), 2, 3, 4 (reclaimed
// is for ever). `mover` is the holder that the change was made for; the platform's own changes name
// none.
std::vector<BrokenLaw> broken_laws_between(const Chain& before, const Chain& after,
                                           std::optional<Holder> mover);

}  // namespace msp
