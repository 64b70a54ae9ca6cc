// How far an endpoint has come, as it is stored: its position with a few figures, and a row for
// each stuck lane.
//
// Law: only the endpoint's one delivery writes it, and only over what it wrote last; another writer
// is found out by that.
// Values and pure functions; read_progress() within a job of the Reader.
#pragma once

#include "domain/decision.hpp"
#include "notices/backlog.hpp"
#include "notices/delivery_log.hpp"
#include "notices/endpoint.hpp"
#include "store/archive.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

struct EndpointProgress {
    std::uint64_t position = 0;         // up to here all was delivered, but for what is stuck
    std::optional<Time> failing_since;  // nothing but failure since then
    std::optional<Time> last_delivered;
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;  // attempts
    std::uint64_t dead = 0;
    friend bool operator==(const EndpointProgress&, const EndpointProgress&) = default;
};
std::string encode(const EndpointProgress&);
std::optional<EndpointProgress> decode_endpoint_progress(std::string_view);

Name progress_name(const EndpointId&);
Name stuck_lane_name(const EndpointId&, const LaneId&);
std::string encode(const StuckLane&);
std::optional<StuckLane> decode_stuck_lane(std::string_view);

struct StoredProgress {
    std::optional<std::string> record;  // as it stands: what is written next is written over this
    EndpointProgress progress;
    std::vector<StuckLane> stuck;
};
// An endpoint that did not begin yet stands where it was created.
StoredProgress read_progress(Archive&, const Endpoint&);

// Stores what moved, with the attempts that moved it. Refuses: no_such_webhook, and revision_stale
// when `over` is not what stands there.
struct KeepProgress {
    EndpointId id;
    std::optional<std::string> over;
    EndpointProgress progress;
    std::vector<StuckLane> stuck;
    std::vector<LaneId> free;
    std::vector<LogLine> log;
};
std::vector<Name> names(const KeepProgress&);
Decision decide(const View&, const KeepProgress&);

}  // namespace msp
