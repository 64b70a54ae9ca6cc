// The events of a party as they happen: reads text/event-stream (WHATWG HTML, server-sent events) in pieces.
#pragma once

#include "cli/invocation.hpp"

namespace msp::cli {

struct StreamedEvent {
    std::string id;
    std::string type;
    std::string data;
};

// Cuts a stream into events, however its pieces fall.
class EventCutter {
public:
    std::vector<StreamedEvent> take(std::string_view piece);

private:
    std::string rest_;
    StreamedEvent event_;
};

// Follows the stream, coming back where it broke off, until `each` answers false or the platform refuses.
int follow_events(Invocation&, std::string last_id,
                  const std::function<bool(const StreamedEvent&)>& each);

void add_event_commands(Commands&);

}  // namespace msp::cli
