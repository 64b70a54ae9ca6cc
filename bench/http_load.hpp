// A load on an HTTP/1.1 server: many keep-alive connections from one thread, each with one request
// under way.
//
// Counts and times every answer. Loopback only: refuses any other address. Ends by itself, by count
// and by time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace msp::bench {

struct Load {
    std::uint16_t port = 0;  // on 127.0.0.1
    std::size_t connections = 1;
    std::chrono::milliseconds duration{3000};
    std::chrono::milliseconds warm_up{500};
    // The next whole request to send, head and body; called once per request.
    std::function<std::string()> next;
};

struct LoadFigures {
    std::uint64_t answers = 0;      // with a 2xx status, after the warm-up
    std::uint64_t all_answers = 0;  // warm-up included
    std::uint64_t other_statuses = 0;
    std::uint64_t broken = 0;  // connections that ended early
    double seconds = 0;
    double per_second = 0;
    double p50_ms = 0, p99_ms = 0, max_ms = 0;
    double processor = 0;     // seconds of the load's own thread, warm-up included
    std::string first_other;  // the first answer that was not 2xx
};

LoadFigures run(const Load&);

}  // namespace msp::bench
