#include "cli/calls.hpp"
#include "cli/event_stream.hpp"

#include <boost/json.hpp>

#include <ostream>
#include <thread>

namespace msp::cli {

namespace json = boost::json;

std::vector<StreamedEvent> EventCutter::take(std::string_view piece) {
    std::vector<StreamedEvent> out;
    rest_ += piece;
    for (std::size_t end; (end = rest_.find('\n')) != std::string::npos; rest_.erase(0, end + 1)) {
        std::string line = rest_.substr(0, end);
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) {
            if (!event_.data.empty()) out.push_back(event_);
            event_ = {};
            continue;
        }
        const std::size_t colon = line.find(':');
        const std::string name = line.substr(0, colon);
        std::string value = colon == std::string::npos ? "" : line.substr(colon + 1);
        if (value.starts_with(' ')) value.erase(0, 1);
        if (name == "id")
            event_.id = value;
        else if (name == "event")
            event_.type = value;
        else if (name == "data")
            event_.data += (event_.data.empty() ? "" : "\n") + value;
    }
    return out;
}

int follow_events(Invocation& invocation, std::string last_id,
                  const std::function<bool(const StreamedEvent&)>& each) {
    bool go_on = true;
    for (int broken = 0; go_on && broken < 60;) {
        EventCutter cutter;
        HttpHeaders headers;
        headers.set("Accept", "text/event-stream");
        if (!last_id.empty()) headers.set("Last-Event-ID", last_id);
        const auto answer =
            invocation.stream(fill(invocation, "/v1/events/stream?type={--type}"), headers,
                              [&](std::string_view piece) {
                                  for (const StreamedEvent& event : cutter.take(piece)) {
                                      if (!event.id.empty()) last_id = event.id;
                                      broken = 0;
                                      if (go_on) go_on = each(event);
                                  }
                                  return go_on;
                              });
        if (!go_on) break;
        if (!answer && invocation.exit_code != exit_unreachable &&
            invocation.exit_code != exit_failed)
            return invocation.exit_code;
        ++broken;
        std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    return go_on ? int(exit_unreachable) : int(exit_done);
}

namespace {

std::string line_of(const StreamedEvent& event) {
    boost::system::error_code error;
    const json::value parsed = json::parse(event.data, error);
    if (error || !parsed.is_object()) return event.data;
    const auto text = [](const json::value& from, std::string_view name) {
        const json::value* found = from.is_object() ? from.get_object().if_contains(name) : nullptr;
        return found && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    const json::value* data = parsed.get_object().if_contains("data");
    return text(parsed, "time") + "  " + text(parsed, "type") + "  " + text(parsed, "subject") +
           "  " + (data ? text(*data, "summary") : "");
}

int watch(Invocation& invocation) {
    const bool raw = invocation.has("--output") && invocation.value("--output") != "table";
    const long limit = invocation.has("--limit") ? std::stol("0" + invocation.value("--limit")) : 0;
    long seen = 0;
    return follow_events(invocation, invocation.value("--after"), [&](const StreamedEvent& event) {
        invocation.out() << (raw ? event.data : line_of(event)) << "\n" << std::flush;
        return limit == 0 || ++seen < limit;
    });
}

}  // namespace

void add_event_commands(Commands& commands) {
    commands.push_back(
        {"event",
         "list",
         {},
         "list the events of your feed",
         joined({{"--after", "NUMBER", "only later ones"}, {"--type", "TYPE", "of one type"}},
                list_flags),
         {"msp event list --after 1200"},
         list_of("/v1/events?after={--after}&type={--type}",
                 {{"NUMBER", "number"},
                  {"TIME", "time"},
                  {"TYPE", "type"},
                  {"SUBJECT", "subject"},
                  {"SUMMARY", "data.summary"}},
                 "id")});
    commands.push_back({"event",
                        "watch",
                        {},
                        "show events as they happen; goes on where it broke off",
                        {{"--after", "NUMBER", "begin behind this one"},
                         {"--type", "TYPE", "of one type"},
                         {"--limit", "N", "end after so many"}},
                        {"msp event watch", "msp event watch -o json | jq .data.summary"},
                        watch});
}

}  // namespace msp::cli
