// What came of the requests of a load: times, and what those were told that were not served.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace msp::bench {

struct Tally {
    std::uint64_t good = 0;      // 2xx
    std::uint64_t told = 0;      // 429 or 503, and when to come back
    std::uint64_t untold = 0;    // anything else
    std::uint64_t broken = 0;    // connections that ended before their answer
    std::uint64_t hanging = 0;   // requests without an answer, however long they were waited for
    std::uint64_t withheld = 0;  // not sent, because no connection was free
    std::string first_untold;
    std::vector<float> good_ms{}, told_ms{};

    void count(const std::string& answer, double ms);
    std::uint64_t sent() const { return good + told + untold + broken + hanging; }
};

// Of times in any order; 0 where there are none.
double share_of(std::vector<float> times, double share);

}  // namespace msp::bench
