// The two ends of a change of a whole batch: from the first to the second nobody uses its cards.
//
// Pure decisions in the shape of every flow.
#pragma once

#include "api/batch_record.hpp"
#include "provisioning/flow.hpp"

#include <optional>
#include <string>
#include <vector>

namespace msp {

// What was left open before, by a process that ended, is taken over.
struct BeginBatch {
    BatchId id;
    OpenBatch open;
};
// Refuses: no_such_batch (a whole batch goes that is not there).
std::vector<Name> names(const BeginBatch&);
Decision decide(const View&, const BeginBatch&);

struct EndBatch {
    enum class How : unsigned char {
        registered,  // `batch` holds what was added
        rejected,    // nothing was begun; a batch that stands stays
        withdrawn,   // what was begun is gone
        removed,     // the batch is gone
    };
    BatchId id;
    How how = How::registered;
    std::optional<BatchRecord> batch{};
    std::optional<std::string>
        rejected_rows{};  // registered and rejected: in place of those before
    std::string text{};   // of the answer
};
std::vector<Name> names(const EndBatch&);
Decision decide(const View&, const EndBatch&);

}  // namespace msp
