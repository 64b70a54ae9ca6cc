// An equipment provider's back-end that is told by webhook: what it checks, and how it fails.
//
// It verifies signatures by itself (Standard Webhooks 1.0.0), so it is a second opinion about ours;
// and it keeps watch over what it was promised: no number missing, first arrivals in order, no gap
// in a chain's `sequence` from the first one on that it saw.
// Threads: the loop's only; the loop outlives it. Dropping it while requests hang drops those.
#pragma once

#include "cast/direct_http.hpp"
#include "world/http_server.hpp"
#include "world/random.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

// Shares are probabilities in [0, 1], tried in this order; each leaves the rest to those below.
struct ReceiverKnobs {
    double hangs = 0;         // never answers, and forgets
    double fails = 0;         // answers `failure`, and forgets
    double drops_answer = 0;  // takes it, and the answer is lost
    int failure = 500;
    std::optional<unsigned> retry_after_s = {};  // sent along with a failure
    Duration takes{0};                           // from request to answer
    std::string refused_chain = {};              // fails for this chain always
};

struct ReceiverTally {
    std::uint64_t requests = 0;
    std::uint64_t accepted = 0;  // answered 204, whether the answer came through or not
    std::uint64_t repeated = 0;  // of these, seen before
    std::uint64_t failed = 0;
    std::uint64_t hung = 0;
    std::uint64_t dropped = 0;
    std::uint64_t bad_signature = 0;
    std::uint64_t malformed = 0;
    std::uint64_t gaps = 0;       // a first arrival whose predecessor was not there yet
    std::uint64_t backwards = 0;  // a first arrival after a later one
};

class WebhookReceiver {
public:
    WebhookReceiver(Loop&, std::uint64_t seed, std::vector<std::string> secrets);

    void handle(const HttpRequest&, const HttpRespond&);

    void trust(std::vector<std::string> secrets) { secrets_ = std::move(secrets); }
    ReceiverKnobs& knobs() { return knobs_; }
    const ReceiverTally& tally() const { return tally_; }

    const std::set<std::uint64_t>& numbers() const { return numbers_; }
    // First arrivals by chain: sequence numbers as they came.
    const std::map<std::string, std::vector<std::uint64_t>>& arrivals() const { return arrivals_; }
    const std::deque<std::string>& bodies() const { return bodies_; }  // the last thousand taken

private:
    struct Notice;

    void receive(const HttpRequest&, const HttpRespond&);
    bool verified(const HttpRequest&) const;
    void fail(const HttpRespond&);
    void take(const Notice&, const std::string& body);
    void watch(const Notice&);
    bool chance(double share) { return share > 0 && random_.unit() < share; }

    Loop& loop_;
    SeededRandom random_;
    std::vector<std::string> secrets_;
    ReceiverKnobs knobs_;
    ReceiverTally tally_;
    std::set<std::string> ids_;
    std::set<std::uint64_t> numbers_;
    std::map<std::string, std::vector<std::uint64_t>> arrivals_;
    std::deque<std::string> bodies_;
    std::deque<HttpRespond> hanging_;
    std::shared_ptr<WebhookReceiver*> self_;  // null in turns that come too late
};

// The receiver at a door of its own. It outlives the server.
Result<std::unique_ptr<HttpServer>, Failure> listen_for_webhooks(Loop&, const HttpListen&,
                                                                 WebhookReceiver&);

}  // namespace msp
