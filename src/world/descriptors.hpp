// How many files and sockets this process may have open.
//
// Systems begin programs with few, for the sake of those that use select(2), and let them ask for
// more up to a bound that the operator of the machine sets.
#pragma once

#include <cstddef>

namespace msp {

// Asks for so many unless there are already; answers how many there are then.
std::size_t allow_descriptors(std::size_t wanted);

}  // namespace msp
