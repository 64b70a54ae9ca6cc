// What stands for a whole history, as a text to keep elsewhere: how far each lane goes, the tie of
// its newest row, and a signature under both. Held against the history later it tells whether
// anything up to there was changed or taken away, whatever else was made to fit.
//
//   msp history head 1
//   taken 2026-11-29T18:30:00.000Z
//   lane 0 next 4711 tie 5f0c…                    one line for each lane; `next` is its place
//   signature 9Yd3…                                Ed25519 over all lines above, base64
//
// Law: read(write(x)) is x; what is spelled otherwise is refused. Values; any thread.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "store/history_check.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace msp {

struct HistoryHead {
    Time taken{};
    std::vector<LaneHead> lanes;
    friend bool operator==(const HistoryHead&, const HistoryHead&) = default;
};

// Failures: a key that is none; a text that is no head; a signature that is not of that key.
Result<std::string, Failure> write_head(const HistoryHead&, std::string_view private_key);
Result<HistoryHead, Failure> read_head(std::string_view text, std::string_view public_key);

}  // namespace msp
