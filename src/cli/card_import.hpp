// Sends a CSV file of cards, shows how far the platform is, and what it made of each bad row.
#pragma once

#include "cli/invocation.hpp"

namespace msp::cli {

// Exit 0: all rows; 6: the good rows, of which some were bad; 1: none, for bad rows.
int import_cards(Invocation&);

}  // namespace msp::cli
