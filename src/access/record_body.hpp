// How the records of this folder are read back. Only its .cpp files include this.
#pragma once

#include "access/json.hpp"
#include "domain/failure.hpp"

#include <string>
#include <string_view>

namespace msp {

// Names the members at fault and none of what stands in them.
inline Failure unreadable(std::string_view what, const Problem& problem) {
    std::string why = problem.errors.empty() ? problem.detail : std::string();
    for (const ProblemError& error : problem.errors)
        why += (why.empty() ? "" : ", ") + error.pointer + " " + error.code;
    return {Failure::Kind::malformed,
            "the record of a " + std::string(what) + " cannot be read: " + why};
}

}  // namespace msp
