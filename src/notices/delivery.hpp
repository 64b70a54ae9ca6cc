// The delivery of one endpoint: reads its party's feed, sends what is due, keeps how far it came.
//
//      load ──► run ──► save, some 200 ms or 100 attempts after the first unsaved one
//       ▲        │        │ stale: somebody else wrote, or a replay was asked for
//       └────────┴────────┘
//
// Law: law 8 of docs/laws.md, and endpoint_progress.hpp: at least once, in order per chain, and
// after a crash what was delivered since the last save, and little else, is delivered again.
// What cannot be saved stops further sending after a while, so that this window stays small.
// Threads: the loop's only. Destroyed at any time: what was under way is not waited for, what came
// of the rest is saved.
#pragma once

#include "domain/refusal.hpp"
#include "notices/address_guard.hpp"
#include "notices/backlog.hpp"
#include "notices/delivery_log.hpp"
#include "notices/endpoint.hpp"
#include "notices/feed_follower.hpp"
#include "world/http_client.hpp"
#include "world/log.hpp"
#include "world/loop.hpp"
#include "world/metrics.hpp"
#include "world/random.hpp"

#include <functional>
#include <memory>

namespace msp {

struct DeliverySettings {
    BacklogLimits limits;
    Duration timeout{15'000};  // of one attempt
    Duration save_after{200};
    std::size_t save_most = 100;                          // attempts
    Duration disable_after = std::chrono::hours(24 * 5);  // of nothing but failure
    std::size_t endpoints_most = 50;                      // of one party
    std::string ca_file;  // trust this instead of the system's, when set
};

// What deliveries stand on; all of it outlives them.
struct DeliveryWorld {
    Loop& loop;
    Store& store;
    Reader& reader;
    HttpClient& client;
    Random& random;
    Log& log;
    Metrics& metrics;
    FeedFollower& follower;
    std::shared_ptr<const AddressGuard> guard;
};

class EndpointDelivery {
public:
    EndpointDelivery(const DeliveryWorld&, const DeliverySettings&, Endpoint);
    ~EndpointDelivery();
    EndpointDelivery(const EndpointDelivery&) = delete;
    EndpointDelivery& operator=(const EndpointDelivery&) = delete;

    const Endpoint& endpoint() const;
    // The same endpoint, changed: holds for what is sent from now on.
    void change(Endpoint);

    using Attempted = std::function<void(Result<Attempt, Refusal>)>;
    using Replayed = std::function<void(Result<Done, Refusal>)>;
    using Possible = std::function<void(Result<Done, Refusal>)>;
    // Sends one event now, beside the lanes, whatever became of it before.
    void resend(std::uint64_t number, const Attempted& done);
    void can_resend(std::uint64_t number, const Possible& done);  // and nothing is sent
    // Sends what a receiver needs to see whether it works; nothing of it is kept.
    void test(Attempted done);
    // Sends all from this number on anew. `done` runs once that is stored.
    void replay(std::uint64_t from, const Replayed& done);
    void can_replay(std::uint64_t from, const Possible& done);  // and nothing is stored

private:
    class Run;
    std::shared_ptr<Run> run_;
};

}  // namespace msp
