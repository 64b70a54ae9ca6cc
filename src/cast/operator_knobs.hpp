// How a simulated operator behaves: of what kind it is, how slow, how forgetful, how unruly.
//
// A value. Shares are probabilities in [0, 1]; each knob has its name and a text form for the
// command line and the control interface.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msp {

// What it keeps of our orders and how it shows its own suspension beside them.
enum class OperatorKind : unsigned char {
    fenced,    // keeps our generation, refuses an older one; shows its suspension as a fact apart
    serial,    // no fence; shows its suspension apart, and refuses orders under it
    combined,  // shows one status, whoever caused it
    overwritten,           // one field, the last writer wins; it does tell `suspended`
    overwritten_combined,  // one field, the last writer wins, active or inactive
};

struct OperatorKnobs {
    OperatorKind kind = OperatorKind::fenced;
    bool ignores_repeated_reference = false;
    bool cuts_sessions = true;  // a de-activation ends the live session
    Duration life{10'000};      // no order takes effect later than this after it arrived

    Duration latency_median{20};  // log-normal
    Duration latency_p99{100};
    double asynchronous = 0;  // orders that are accepted first and done later
    Duration completion_median{1'000};
    Duration completion_p99{5'000};
    Duration locked_for{0};  // so long after a change an order that is accepted first is refused
    double fails = 0;        // orders that were accepted and come to nothing

    double lost_before = 0;   // no answer, no effect
    double lost_after = 0;    // no answer, effect
    double duplicated = 0;    // takes effect a second time, later
    double error_before = 0;  // 500, no effect
    double error_after = 0;   // 500, effect
    double too_many = 0;      // 429
    double unavailable = 0;   // 503
    double hang = 0;          // answers after `hang_for`
    Duration hang_for{120'000};
    double malformed = 0;  // answers: no JSON, cut off, far too long, in a word nobody knows
    double truncated = 0;
    double oversized = 0;
    double unknown_word = 0;
    double stale = 0;  // reads that show how it was `stale_by` ago
    Duration stale_by{10'000};
    double rejected = 0;    // 401, as if the credentials had run out
    double per_second = 0;  // requests that it takes, with a burst of as many; 0: any number

    bool calls_back = true;
    double callback_lost = 0;
    double callback_duplicated = 0;
    Duration callback_delay_most{0};  // each is late by up to this: they overtake each other

    double suspensions_per_hour = 0;  // of all subscriptions together
    Duration suspended_for{0};        // then it resumes by itself; 0: never
    Duration lifts_after{0};          // our de-activation is undone so much later; 0: never
    double terminations_per_hour = 0;
    double changes_per_hour = 0;  // changes our state, as if we had ordered it

    friend bool operator==(const OperatorKnobs&, const OperatorKnobs&) = default;
};

// calm: everything works. hostile: everything happens. Nothing: no such profile.
std::optional<OperatorKnobs> operator_profile(std::string_view name);

// Turns one knob; refuses a name that there is none of and a value out of range.
Result<Done, Failure> set_knob(OperatorKnobs&, std::string_view name, std::string_view value);
std::vector<std::pair<std::string_view, std::string>> knob_values(const OperatorKnobs&);

}  // namespace msp
