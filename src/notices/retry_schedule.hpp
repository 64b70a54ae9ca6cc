// When a notice is tried, and how often: ten times over 75 h 35 min (Standard Webhooks 1.0.0,
// example schedule), then it is a dead letter. Pure.
#pragma once

#include "domain/time.hpp"

#include <array>
#include <cassert>

namespace msp {

// The wait before each attempt.
inline constexpr std::array<Duration, 10> retry_waits{
    std::chrono::seconds(0),  std::chrono::seconds(5), std::chrono::minutes(5),
    std::chrono::minutes(30), std::chrono::hours(2),   std::chrono::hours(5),
    std::chrono::hours(10),   std::chrono::hours(14),  std::chrono::hours(20),
    std::chrono::hours(24)};

// Jitter lengthens a wait by up to this share, so that what failed together is not tried together.
inline constexpr double retry_jitter = 0.1;

// The wait after so many failed attempts; `chance` in [0, 1), 0 for none.
// Requires: there is an attempt left.
inline Duration retry_wait(unsigned failed_attempts, double chance) {
    assert(failed_attempts < retry_waits.size());
    const auto wait = static_cast<double>(retry_waits[failed_attempts].count());
    return Duration(static_cast<Duration::rep>(wait * (1 + retry_jitter * chance)));
}

}  // namespace msp
