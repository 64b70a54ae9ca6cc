// A store that no platform runs on, for looking at.
#pragma once

#include "store/archive.hpp"
#include "store/engine.hpp"

#include <memory>
#include <string>

namespace msp {

struct ClosedStore {
    std::unique_ptr<Engine> engine;  // holds the folder
    std::unique_ptr<Archive> archive;
};

// Refuses: no database there, a platform runs on it. Recovers what the last process left in the
// log.
Result<ClosedStore, Failure> open_closed_store(const std::string& folder);

}  // namespace msp
