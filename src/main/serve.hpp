// What `msp serve` and its neighbours do that is not said over HTTP.
#pragma once

#include "cli/cli.hpp"

namespace msp {

void add_serve_commands(cli::Commands&);     // serve, config show
void add_check_commands(cli::Commands&);     // check
void add_history_commands(cli::Commands&);   // history verify, export-head, show-key
void add_demo_commands(cli::Commands&);      // demo
void add_simulate_commands(cli::Commands&);  // simulate operator

}  // namespace msp
