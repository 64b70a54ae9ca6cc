#include "cli/calls.hpp"

#include "cli/answer.hpp"
#include "cli/event_stream.hpp"
#include "cli/render.hpp"
#include "cli/show.hpp"
#include "cli/text.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <utility>

namespace msp::cli {

// ------------------------------------------------------------------------------------------ stream

std::vector<StreamedEvent> EventCutter::take(std::string_view piece) {
    std::vector<StreamedEvent> out;
    rest_ += piece;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = rest_.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
        std::string_view line = std::string_view(rest_).substr(begin, end - begin);
        if (line.ends_with('\r')) line.remove_suffix(1);
        take_line(line, out);
    }
    rest_.erase(0, begin);
    return out;
}

void EventCutter::take_line(std::string_view line, std::vector<StreamedEvent>& out) {
    if (line.empty()) {
        if (std::exchange(has_id_, false)) last_id_ = coming_id_;
        if (!data_.empty()) out.push_back({last_id_, std::exchange(data_, {})});
        return;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "id") {
        coming_id_ = value;
        has_id_ = true;
    } else if (name == "data") {
        data_ += (data_.empty() ? "" : "\n");
        data_ += value;
    }
}

int follow_events(Invocation& invocation, const std::function<bool(const StreamedEvent&)>& each) {
    constexpr int attempts_most = 60;
    std::string last_id = invocation.value("--after");
    const std::string target = fill(invocation, "/v1/events/stream?type={--type}");
    bool go_on = true;
    for (int broken = 0; broken < attempts_most; ++broken) {
        EventCutter cutter(last_id);
        HttpHeaders headers;
        headers.set("Accept", "text/event-stream");
        if (!last_id.empty()) headers.set("Last-Event-ID", last_id);
        const auto answer = invocation.stream(target, headers, [&](std::string_view piece) {
            broken = 0;
            for (const StreamedEvent& event : cutter.take(piece)) go_on = go_on && each(event);
            return go_on;
        });
        if (!go_on) return exit_done;
        if (!answer && invocation.exit_code != exit_unreachable) return invocation.exit_code;
        last_id = cutter.last_id();
        invocation.around().pause(std::chrono::seconds(1));
    }
    return exit_unreachable;
}

// ---------------------------------------------------------------------------------------- commands

static const std::vector<Column> feed_columns{{"NUMBER", "number"},
                                              {"TIME", "time"},
                                              {"TYPE", "type"},
                                              {"SUBJECT", "subject"},
                                              {"SUMMARY", "data.summary"}};

// A line for people; columns would have to know what is still to come.
static std::string line_of(const StreamedEvent& event) {
    std::string out = event.id;
    for (const std::string_view path : {"time", "type", "subject", "data.summary"})
        out += "  " + text_at(event.data, path);
    return printable(out) + "\n";
}

// One event as it stands in a list of this format, so that the stream is that list as far as it is
// known; of JSON, which would need its end, one object a line.
static std::string item_of(const StreamedEvent& event, const std::string& format, bool headers) {
    const ListLook look{.format = format == "json" ? "ndjson" : format,
                        .columns = feed_columns,
                        .id_path = "id",
                        .headers = headers};
    return render_list("[" + event.data + "]", look);
}

static int watch(Invocation& invocation) {
    const std::string format = invocation.format();
    const bool for_people = format == "table" || format == "wide";
    bool headers = !invocation.has("--no-headers");
    std::uint64_t left = invocation.number("--limit").value_or(0);
    if (invocation.around().terminal_err && !invocation.has("--after"))
        invocation.err() << "msp: waiting for the next event; Ctrl-C ends\n";
    return follow_events(invocation, [&](const StreamedEvent& event) {
        const std::string text = for_people ? line_of(event) : item_of(event, format, headers);
        headers = false;
        invocation.out() << terminal_text(text, invocation.around().terminal_out) << std::flush;
        return --left != 0;
    });
}

static const Flag types{"--type", "TYPE", "of these types, such as m2m.equipment.*"};

void add_event_commands(Commands& commands) {
    commands.push_back({"event",
                        "list",
                        {},
                        "list the events of your feed",
                        joined({{"--after", "N", "only later ones"}, types}, list_flags),
                        {"msp event list --after 1200"},
                        list_of("/v1/events?after={--after}&type={--type}", feed_columns, "id")});
    commands.push_back({"event",
                        "watch",
                        {},
                        "show events as they happen; goes on where it broke off",
                        {{"--after", "N", "begin behind this number (from now on)"},
                         types,
                         {"--limit", "N", "end after so many"}},
                        {"msp event watch", "msp event watch -o json | jq .data.summary"},
                        watch});
}

}  // namespace msp::cli
