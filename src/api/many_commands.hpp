// A call that is made of many commands: so many at a time, the answers as they come, and one end.
//
// Law: `then` runs once, after the last answer; after a failure nothing more is submitted, and it
// gets the failure. Loop's thread only.
#pragma once

#include "api/call.hpp"

#include <functional>
#include <optional>

namespace msp {

struct ManyCommands {
    // The next command, or nothing: that was all. A part that failed for want of room is made
    // again.
    std::function<std::optional<Command>()> next;
    std::function<void(const Answer&)> each;
    std::function<void(Result<Done, Failure>)> then;
    std::size_t at_once = 2;
};

void submit_many(Store&, Loop&, ManyCommands);

}  // namespace msp
