// Which platform a command talks to: flags, then environment, then the current context of the person.
//
//   --server URL --key-file FILE      MSP_SERVER, MSP_KEY, MSP_CA      $XDG_CONFIG_HOME/msp/contexts.json (mode 0600)
#pragma once

#include "cli/invocation.hpp"

namespace msp::cli {

struct Context {
    std::string server = "http://127.0.0.1:8440";
    std::string key;
    std::string ca_file;
};
Context context_of(const Invocation&);

void add_context_commands(Commands&);

}  // namespace msp::cli
