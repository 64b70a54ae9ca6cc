// The network between processes, operators, receivers and clients: HTTP messages on their way.
//
// Law: what is sent arrives once, twice or never, after a time that the seed draws; two messages
// may overtake each other; a message is never altered. To a host that nobody listens on it is
// `unreachable`; every other silence ends as `unknown` when the caller's time is over. Between
// hosts that are cut off from each other nothing arrives, in either direction.
// Threads: one. Outlives those who listen and send.
#pragma once

#include "cast/direct_http.hpp"
#include "simulation/schedule.hpp"
#include "world/http_client.hpp"
#include "world/loop.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace msp::simulation {

struct WireFaults {
    double lost = 0;  // shares of messages
    double repeated = 0;
    double late = 0;
    Duration late_most{0};  // by how much; also how long a copy may stay behind
};

struct WireTally {
    std::uint64_t messages = 0;
    std::uint64_t lost = 0;
    std::uint64_t repeated = 0;
    std::uint64_t late = 0;
    std::uint64_t cut_off = 0;
    std::uint64_t refused = 0;
};

class Wire {
public:
    // What passed: from, to, and the first words of it.
    using Listener = std::function<void(const std::string&, const std::string&, std::string_view)>;

    Wire(Schedule& schedule, std::uint64_t seed) : schedule_(schedule), random_(seed) {}

    // Requests to `host` are served in turns of the loop.
    void listen(const std::string& host, Loop& loop, HttpPeerFunction serve);
    void close(const std::string& host) { served_.erase(host); }
    // A name that stands for any of several hosts, drawn anew for each request.
    void spread(const std::string& name, std::vector<std::string> over);

    void cut(const std::string& one, const std::string& other) { cuts_.insert({one, other}); }
    void heal() { cuts_.clear(); }

    WireFaults& faults() { return faults_; }
    const WireTally& tally() const { return tally_; }
    void watch(Listener listener) { watch_ = std::move(listener); }

private:
    friend class WireClient;
    struct Waiting;
    using WaitingPointer = std::shared_ptr<Waiting>;
    struct Served {
        Loop* loop;
        HttpPeerFunction serve;
    };

    std::string resolve(const std::string& name);
    bool cut_off(const std::string& one, const std::string& other) const;
    Duration delay();
    void carry(const std::string& from, const std::string& to, std::string_view words,
               const std::function<void()>& arrive);
    void arrive(const std::string& from, const std::string& to, const HttpRequest& request,
                const WaitingPointer& waiting);

    Schedule& schedule_;
    SeededRandom random_;
    WireFaults faults_;
    WireTally tally_;
    Listener watch_;
    std::map<std::string, Served> served_;
    std::map<std::string, std::vector<std::string>> spread_;
    std::set<std::pair<std::string, std::string>> cuts_;
};

// What one process sends with; ends with it, and nobody hears what comes back later.
class WireClient final : public HttpClient {
public:
    WireClient(Wire& wire, Loop& loop, std::string host)
        : wire_(wire), loop_(loop), host_(std::move(host)) {}
    ~WireClient() override;

    void send(HttpCall call, Done done) override;

private:
    friend class Wire;
    using WaitingPointer = Wire::WaitingPointer;

    void hear(const WaitingPointer& waiting, Result<HttpResponse, Failure> outcome);
    void tell(const WaitingPointer& waiting, Result<HttpResponse, Failure> outcome);

    Wire& wire_;
    Loop& loop_;
    const std::string host_;
    std::uint64_t newest_ = 0;
    std::map<std::uint64_t, WaitingPointer> waiting_;
};

}  // namespace msp::simulation
