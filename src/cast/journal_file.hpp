// The journal of a simulated operator in a file, an entry a line: what took effect outlives it.
//
// Law: an entry is in the file before anybody is told of what took effect. Orders that were
// accepted and not done are forgotten with the process, as those of an operator that breaks down.
#pragma once

#include "cast/operator_book.hpp"
#include "world/files.hpp"

#include <memory>
#include <string>

namespace msp {

// The book takes up what the file holds, and writes there what happens from then on. A line that
// cannot be the next entry of this book is a Failure. A last line without its end was being written
// when the process ended, so that nobody was told of it: it is cut off. What cannot be written any
// more ends the process, which says why: an operator that goes on without its journal would lie.
Result<Done, Failure> keep_journal(OperatorBook&, const std::string& path);

}  // namespace msp
