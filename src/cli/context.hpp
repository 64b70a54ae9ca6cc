// Which platform a command talks to: flags, then environment, then a context kept for the person.
//
//   --server URL --key-file FILE      MSP_SERVER, MSP_KEY, MSP_CA
//   $MSP_CONTEXTS, else $XDG_CONFIG_HOME/msp/contexts.json (mode 0600: it holds keys)
#pragma once

#include "cli/invocation.hpp"

namespace msp::cli {

// Failure: a context, or a file with a key, is named that is not there or cannot be read.
Result<Context, Failure> find_context(const Invocation&);

void add_context_commands(Commands&);

}  // namespace msp::cli
