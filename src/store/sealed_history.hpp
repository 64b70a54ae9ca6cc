// The history of a data folder, checked; a platform may be running on it. Nothing is changed.
#pragma once

#include "store/history_check.hpp"

#include <string>
#include <vector>

namespace msp {

// The check, at its end. Failures: there is no database, it is of another version of this program,
// it cannot be read.
Result<HistoryCheck, Failure> check_history(const std::string& folder,
                                            const std::vector<LaneHead>& heads = {});

}  // namespace msp
