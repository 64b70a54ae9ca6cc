// The world did not work: what failed, in one sentence that may be logged (it never holds an
// identifier).
#pragma once

#include <string>

namespace msp {

struct Failure {
    // One kind for each thing that a caller does differently.
    enum class Kind {
        unreachable,  // nothing left this process: it certainly did not happen
        unknown,      // it may or may not have happened: ask, never guess
        overloaded,   // refused before it was begun: come back after a while
        full,         // no room on the disk: reads go on, writes are refused
        broken,       // the store cannot be trusted any more: stop and recover
        malformed,    // an answer came that cannot be understood
    };
    Kind kind = Kind::broken;
    std::string what;

    friend bool operator==(const Failure&, const Failure&) = default;
};

}  // namespace msp
