// How far long work is: a bar on a terminal, a line every five seconds without one. On `err`, never
// in the data.
#pragma once

#include "cli/invocation.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace msp::cli {

class Progress {
public:
    Progress(const Invocation&, std::string what, std::int64_t whole);
    void show(std::int64_t done);
    void end();  // clears the bar

private:
    const Surroundings& around_;
    std::string what_;
    std::int64_t whole_;
    std::chrono::steady_clock::time_point told_;
    bool shown_ = false;
};

}  // namespace msp::cli
