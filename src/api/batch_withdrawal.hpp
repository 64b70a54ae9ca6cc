// Takes the cards of a batch back, as long as none of them was issued, switched or bound: when
// somebody asks for it, when a registration cannot go on, and at start, for what the process before
// left half done.
//
// Requires: the batch is open (batch_flows.hpp), so nobody begins to use its cards meanwhile.
// Law: all of them or none; interrupted, it is gone through with at the next start. Loop's thread.
#pragma once

#include "api/batch_record.hpp"
#include "api/desk.hpp"
#include "domain/event.hpp"
#include "domain/refusal.hpp"

#include <functional>
#include <optional>

namespace msp {

struct Withdrawal {
    BatchId batch;
    OpenBatch open;
    Origin origin;
};

struct WithdrawalEnd {
    std::optional<Refusal> refusal;  // batch_in_use: it stays as it was
    std::uint64_t cards = 0;
};

// Into the desk's store, or a rehearsal of it; `done` keeps that there.
void withdraw(Desk&, Store&, const Withdrawal&,
              std::function<void(Result<WithdrawalEnd, Failure>)> done);

// For every batch that the process before left open, one after the other.
void withdraw_incomplete(Desk&, std::function<void(Result<Done, Failure>)> done);

}  // namespace msp
