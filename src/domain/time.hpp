// Points in time and spans, in milliseconds, UTC. Values only: nobody in `domain` asks what time it
// is.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

// RFC 3339 in UTC with milliseconds: 2026-11-23T09:14:05.120Z. What lies outside the years 0 to
// 9999 is written as the first or last instant within.
std::string rfc3339(Time);
void append_rfc3339(std::string& out, Time);

// Accepts RFC 3339 with any offset and up to nine digits of fraction (cut to milliseconds); in
// UTC, from 1970 to 9999.
std::optional<Time> parse_rfc3339(std::string_view);

}  // namespace msp
