// What all calls work with: the platform's parts, and what the calls share among themselves.
//
// All of it outlives the calls. Threads: the loop's only, but where a part says otherwise.
#pragma once

#include "access/attempts.hpp"
#include "access/keys.hpp"
#include "access/parties.hpp"
#include "api/batch_record.hpp"
#include "api/request_metrics.hpp"
#include "api/turning_away.hpp"
#include "api/waiters.hpp"
#include "domain/time.hpp"
#include "store/archive.hpp"
#include "store/store.hpp"
#include "world/http_server.hpp"
#include "world/log.hpp"
#include "world/loop.hpp"
#include "world/metrics.hpp"
#include "world/random.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace msp {

class EventStreams;
class Operators;
class WebhookEndpoints;

struct ApiParts {
    Store& store;
    Reader& reader;
    Loop& loop;
    Random& random;
    Log& log;
    Metrics& metrics;
    Parties& parties;
    Keys& keys;
    Operators& operators;
    EventStreams& streams;
    WebhookEndpoints& webhooks;
    HttpHandler device_reports;
};

struct ApiOptions {
    std::size_t calls_most = 10'000;       // being answered at once
    unsigned party_calls_per_second = 0;   // on the average, of each party; 0: no bound
    unsigned party_calls_burst = 0;        // at once
    std::size_t body_bytes = 1024 * 1024;  // of a call that is no import
    Duration wait_most{60'000};
    std::size_t imports_most = 4;
    bool metrics_for_everyone = false;        // else for the M2M SP's staff
    std::size_t rejected_rows_kept = 10'000;  // of one import
    std::uint64_t lanes = 1;                  // of history: as many as nodes may write
    std::string version = "0.1.0";
};

struct Desk : std::enable_shared_from_this<Desk> {
    Desk(const ApiParts& its_parts, const ApiOptions& its_options)
        : parts(its_parts),
          options(its_options),
          metrics(parts.metrics),
          pace(options.party_calls_per_second, options.party_calls_burst),
          waiters(parts.store, parts.loop) {}

    const ApiParts parts;
    const ApiOptions options;
    RequestMetrics metrics;
    PartyPace pace;
    Appointments appointments;
    Waiters waiters;
    Attempts attempts;
    std::size_t calls = 0;    // being answered
    std::size_t imports = 0;  // of these, files being read
    // Registered or withdrawn by a call of this process, with what was done so far.
    std::map<BatchId, BatchCounts> batches_at_work{};
    bool draining = false;
};

}  // namespace msp
