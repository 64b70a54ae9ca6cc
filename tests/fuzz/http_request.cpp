#include "tests/fuzz/targets.hpp"

#include "world/http_framing.hpp"
#include "world/http_framing_cases.hpp"

#include <string>
#include <vector>

namespace msp::fuzz {

namespace {

// What a connection would make of bytes that arrive in pieces.
struct Conversation {
    const HttpLimits limits = framing_limits();
    HttpRequestReader reader{limits};
    std::string waiting;
    std::vector<HttpRequest> requests;
    int fault = 0;

    void feed(std::string_view piece) {
        waiting += piece;
        while (fault == 0) {
            const std::size_t taken = reader.take(waiting);
            assert(taken <= waiting.size());
            waiting.erase(0, taken);
            if (reader.fault()) {
                fault = reader.fault()->status;
                assert(fault >= 400);
            } else if (reader.complete()) {
                check(reader.body_bytes());
                requests.push_back(reader.release());
            } else if (taken == 0) {
                return;
            }
        }
    }
    void check(std::size_t body) const { assert(body <= limits.large_body_bytes); }
};

}  // namespace

void take_http_request(std::string_view bytes) {
    Conversation whole;
    Conversation cut;
    if (bytes.empty()) return;
    whole.feed(bytes.substr(1));
    in_pieces(bytes, [&cut](std::string_view piece) { cut.feed(piece); });
    assert(whole.fault == cut.fault);
    assert(whole.requests.size() == cut.requests.size());
    for (std::size_t i = 0; i < whole.requests.size(); ++i) {
        const HttpRequest& a = whole.requests[i];
        const HttpRequest& b = cut.requests[i];
        assert(a.method == b.method && a.target == b.target && a.body == b.body &&
               a.headers == b.headers);
        assert(a.headers.count("Host") <= 1);
    }
}

}  // namespace msp::fuzz
