// A party's feed as server-sent events (WHATWG HTML, section 9.2): GET /v1/events/stream.
//
//   retry: 2000
//
//   id: 345
//   data: {"specversion":"1.0", …}
//
//   : 15 s without an event
//
// Law: a reader that comes back with the last id it saw in Last-Event-ID misses nothing and gets
// nothing twice; ids also come without an event, where a filter skipped some. What cannot keep up
// is cut and comes back by itself. No event of its own name is used: `onmessage` gets them all.
// Threads: the loop's only.
#pragma once

#include "notices/feed.hpp"
#include "notices/feed_follower.hpp"
#include "world/http_server.hpp"
#include "world/loop.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace msp {

struct EventStreamQuery {
    PartyId reader;
    TypeFilter types;
    std::optional<std::uint64_t> after;  // nothing: from now on
};

// What a client sends back in Last-Event-ID: a number of its feed.
std::optional<std::uint64_t> parse_event_number(std::string_view);

class EventStreams {
public:
    // All three outlive it.
    EventStreams(Loop&, Reader&, FeedFollower&);
    ~EventStreams();  // ends every stream
    EventStreams(const EventStreams&) = delete;
    EventStreams& operator=(const EventStreams&) = delete;

    void open(std::shared_ptr<HttpExchange>, const EventStreamQuery&);
    std::size_t size() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace msp
