// How chains and answers are kept as bytes: compact, by themselves, for ever readable.
//
// Law: decode(encode(x)) is x. The first byte is the version: what an older version wrote is read,
// what a newer one wrote is refused as such, and damage is refused, never followed. Pure functions;
// any thread.
#pragma once

#include "domain/decision.hpp"
#include "domain/failure.hpp"
#include "domain/result.hpp"

#include <string>
#include <string_view>

namespace msp {

std::string encode(const Chain&);
Result<Chain, Failure> decode_chain(std::string_view bytes);

// What an idempotency key was answered. Errands are not kept: they are carried out once.
struct StoredAnswer {
    std::string fingerprint;  // of the request
    Time at{};
    Answer answer;
    friend bool operator==(const StoredAnswer&, const StoredAnswer&) = default;
};

std::string encode(const StoredAnswer&);
Result<StoredAnswer, Failure> decode_answer(std::string_view bytes);

// The two ways in which kept bytes can be unreadable. `what` names the kind of thing.
Failure damaged(std::string_view what);
Failure written_by_newer(std::string_view what);

}  // namespace msp
