// A load that does not wait for the server: so many requests a second, whatever comes of them.
//
// Each goes out on a connection that has none under way; where all have one, it is withheld and
// counted. Loopback only. Ends by itself, by count and by time. Threads: any; one load, one thread.
#pragma once

#include "bench/tally.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace msp::bench {

struct OpenLoad {
    std::uint16_t port = 0;  // on 127.0.0.1
    double per_second = 100;
    std::size_t connections = 16;
    std::chrono::milliseconds duration{3000};
    std::chrono::milliseconds patience{20'000};  // for the last answers
    // The next whole request to send, head and body; called once per request.
    std::function<std::string()> next;
};

struct OpenFigures {
    Tally tally;
    std::uint64_t good_in_time = 0;  // served while requests were still being offered
    double seconds = 0;              // so long they were
    std::size_t connections = 0;     // that could be opened

    double goodput() const { return seconds > 0 ? double(good_in_time) / seconds : 0; }
};

OpenFigures run(const OpenLoad&);

}  // namespace msp::bench
