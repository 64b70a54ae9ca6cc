// The id that ties a request to its log lines, its problem, the order it causes and the notice that
// follows: taken from W3C Trace Context where the caller sends one.
//
// Pure but for chance; loop's thread only.
#pragma once

#include "world/http.hpp"
#include "world/random.hpp"

#include <string>
#include <string_view>

namespace msp {

// 32 hexadecimal digits, never all zero.
std::string trace_id_of(const HttpRequest&, Random&);

// W3C Trace Context, clause 3.2.2: `00-<trace>-<span>-00`.
std::string traceparent(std::string_view trace_id, Random&);

}  // namespace msp
