// For tests: requests as bytes, good and bad, and what a strict server makes of each. The reader is
// tried with them, and the server over real sockets.
#pragma once

#include "world/http_server.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace msp {

struct FramingCase {
    std::string_view name;
    std::string bytes;
    // The answers to `bytes` with `next_request` behind it and the end behind that, where a handler
    // answers 200: one answer means that the connection was closed after it.
    std::vector<int> statuses;
};

constexpr std::string_view next_request = "GET /next HTTP/1.1\r\nHost: next\r\n\r\n";

HttpLimits framing_limits();  // small, for the cases about limits
const std::vector<FramingCase>& framing_cases();

}  // namespace msp
