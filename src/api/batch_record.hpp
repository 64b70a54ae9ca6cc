// What is kept of a card batch beside its cards: who registered it, how many, and where they stand.
//
//   batch             the batch as people see it
//   batch, rejected   rows of its newest import that were not taken, as a file that can be mended
//   batch_open        stands while cards are being registered or withdrawn; nobody uses them then
//
// Law: decode(encode(x)) is x. Values; no threads.
#pragma once

#include "domain/chain.hpp"
#include "domain/view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

// All cards of a batch stand from the first to the last chain; others may stand between them.
struct ChainSpan {
    ChainId first{};
    ChainId last{};
    friend bool operator==(const ChainSpan&, const ChainSpan&) = default;
};
ChainSpan joined(const std::optional<ChainSpan>&, const ChainSpan&);

struct BatchCounts {
    std::uint64_t rows = 0;
    std::uint64_t registered = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t rejected = 0;
    friend bool operator==(const BatchCounts&, const BatchCounts&) = default;
};

struct BatchRecord {
    enum class State : unsigned char {
        registered,
        rejected,  // nothing of it was taken
    };
    OperatorId at;
    State state = State::registered;
    BatchCounts newest;       // of the newest import
    std::uint64_t cards = 0;  // registered under this name in all
    std::optional<ChainSpan> chains;
    Time created{};
    Time changed{};
    std::string by;  // who imported the newest file
    friend bool operator==(const BatchRecord&, const BatchRecord&) = default;
};
Name batch_name(const BatchId&);
Name rejected_rows_name(const BatchId&);
std::string encode(const BatchRecord&);
std::optional<BatchRecord> decode_batch(std::string_view);

struct OpenBatch {
    ChainId from{};      // what is under way stands from here on
    bool whole = false;  // the batch itself goes, not only what was begun
    friend bool operator==(const OpenBatch&, const OpenBatch&) = default;
};
Name open_batch_name(const BatchId&);
std::string encode(const OpenBatch&);
std::optional<OpenBatch> decode_open_batch(std::string_view);

std::string_view word(BatchRecord::State);

}  // namespace msp
