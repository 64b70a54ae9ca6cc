// How a row of history is tied to all rows before it in its lane.
//
//   digest = SHA-256 (salt · body)
//   tie   = SHA-256 (form · tie before · place · events · time · digest)
//   seal   = form · salt · tie                                 stands beside the row
//
// Whoever changes, moves, takes out or puts in a row has to change the tie of every row after it,
// and so the newest, of which others have a copy (history_head.hpp).
// The body enters by its digest alone, and the salt keeps the digest from telling what the body
// held: a body can lose an identifier one day without a tie being changed (docs/decisions/0009).
// Values and pure functions; any thread.
#pragma once

#include "world/crypto.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

// As it stands in the database, whatever that is: numbers are looked at, not trusted.
struct HistoryRow {
    std::int64_t place = 0;
    std::int64_t events = 0;
    std::int64_t at = 0;
    std::string_view body;
};

using Salt = std::array<char, 16>;

struct Seal {
    Salt salt{};
    Digest tie{};
    friend bool operator==(const Seal&, const Seal&) = default;
};

// Of a lane that has no row yet.
inline constexpr Digest first_tie{};

Digest sealed_tie(const Digest& before, const HistoryRow&, const Salt&);
Digest unsealed_tie(const Digest& before, const HistoryRow&);  // of a row older than seals

std::string encode(const Seal&);
std::optional<Seal> decode_seal(std::string_view bytes);
std::optional<Digest> decode_tie(std::string_view bytes);

}  // namespace msp
