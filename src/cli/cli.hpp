// The command line's front: all commands that speak HTTP, and how words become an exit code.
#pragma once

#include "cli/invocation.hpp"

namespace msp::cli {

// Every command of this room; the main room adds its own (serve, demo, check …).
Commands commands();

// Runs the words after the program's name.
int run(const Commands&, const std::vector<std::string>& words, const Surroundings&);

}  // namespace msp::cli
