// The rows of history as SQLite has them, for a check.
//
// Threads: one at a time, as the connection.
#pragma once

#include "store/history_check.hpp"
#include "store/sqlite/connection.hpp"

namespace msp {

// A check that knows what the database says of its rows from before seals.
Result<HistoryCheck, Failure> begin_history_check(Connection&, const std::vector<LaneHead>& heads);

// Shows it every row, some at a time: beside a platform that writes it holds no snapshot for long.
Result<Done, Failure> run_history_check(Connection&, HistoryCheck&);

// Part of the step to version 2, in its transaction: the tie over the rows that are there.
bool tie_unsealed_rows(Connection&);

}  // namespace msp
