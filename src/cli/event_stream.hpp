// The events of a party as they happen: reads text/event-stream (WHATWG HTML, clause 9.2.6) in
// pieces, and comes back where it broke off.
#pragma once

#include "cli/invocation.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace msp::cli {

struct StreamedEvent {
    std::string id;
    std::string data;
};

// Cuts a stream into events, however its pieces fall.
class EventCutter {
public:
    explicit EventCutter(std::string last_id = {}) : last_id_(std::move(last_id)) {}

    std::vector<StreamedEvent> take(std::string_view piece);
    // The last id that came, also of what held no event.
    const std::string& last_id() const { return last_id_; }

private:
    void take_line(std::string_view line, std::vector<StreamedEvent>&);

    std::string rest_;
    std::string last_id_;
    std::string coming_id_;
    bool has_id_ = false;
    std::string data_;
};

// Follows the stream from --after on, until `each` answers false (0), the platform refuses, or it
// cannot be reached over and over (7).
int follow_events(Invocation&, const std::function<bool(const StreamedEvent&)>& each);

}  // namespace msp::cli
