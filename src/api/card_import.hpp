// Registers a file of cards: all rows are checked before the first is written.
//
//   look ──► check ──► begin ──► write ──► end
//     │        │         the batch is open    │
//     │        └► rejected, or a dry run      └► a row conflicts after all: withdrawn again
//     └► answered before, or cannot be begun
//
// Law: with on_error=reject nothing is written if any row is bad; and whatever happens in the
// middle, no half of a batch is ever in use. The same file again changes nothing. The loop is never
// held longer than a piece of rows takes. Loop's thread only.
#pragma once

#include "api/call.hpp"
#include "domain/identity.hpp"

#include <memory>
#include <string>

namespace msp {

struct ImportAsked {
    OperatorId at;
    BatchId batch;
    bool skip_bad_rows = false;  // else one rejects all
    bool dry_run = false;
    bool verify = false;
    CheckDigit check_digits = CheckDigit::strict;
};

// Takes the request's body; answers the call.
void begin_import(const CallPtr&, const ImportAsked&);

}  // namespace msp
