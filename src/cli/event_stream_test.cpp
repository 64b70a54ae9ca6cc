#include "cli/event_stream.hpp"

#include "cli/stage_test.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace msp;
using namespace msp::cli;

namespace {

const std::string stream =
    ": welcome\r\n"
    "retry: 1000\n"
    "\n"
    "id: 7\n"
    "data: {\"a\":1}\n"
    "\n"
    "id:8\r\n"
    "event: ignored\r\n"
    "data:first\r\n"
    "data: second\r\n"
    "\r\n"
    ": a sign of life\n"
    "id: 9\n"
    "\n"
    "data\n"
    "\n"
    "id: 10\n"
    "data: not ended\n";

std::string told(const std::vector<StreamedEvent>& events) {
    std::string out;
    for (const StreamedEvent& event : events) out += event.id + "=" + event.data + ";";
    return out;
}

std::string event_of(int number) {
    const std::string n = std::to_string(number);
    return "id: " + n + "\ndata: {\"type\":\"t\",\"subject\":\"s/" + n +
           "\",\"time\":\"now\",\"data\":{\"summary\":\"said\"}}\n\n";
}

}  // namespace

TEST_CASE("a stream is cut into the same events wherever its pieces fall") {
    for (std::size_t first = 0; first <= stream.size(); ++first)
        for (std::size_t second = first; second <= stream.size(); ++second) {
            EventCutter cutter("6");
            std::string seen = told(cutter.take(std::string_view(stream).substr(0, first)));
            seen += told(cutter.take(std::string_view(stream).substr(first, second - first)));
            seen += told(cutter.take(std::string_view(stream).substr(second)));
            if (seen != "7={\"a\":1};8=first\nsecond;" || cutter.last_id() != "9") {
                CAPTURE(first);
                CAPTURE(second);
                CHECK(seen == "7={\"a\":1};8=first\nsecond;");
                CHECK(cutter.last_id() == "9");
            }
        }
}

TEST_CASE("an event that broke off is not told, and is asked for again") {
    Stage stage;
    stage.will_answer(200, event_of(5) + "id: 6\ndata: {\"broken");
    stage.will_answer(200, event_of(6) + event_of(7));
    CHECK(stage.run({"event", "watch", "--after", "4", "--limit", "3"}) == exit_done);
    CHECK(stage.out.str() ==
          "5  now  t  s/5  said\n"
          "6  now  t  s/6  said\n"
          "7  now  t  s/7  said\n");
    REQUIRE(stage.calls.size() == 2);
    CHECK(stage.header(0, "Last-Event-ID") == "4");
    CHECK(stage.header(1, "Last-Event-ID") == "5");
    CHECK(stage.header(0, "Accept") == "text/event-stream");
    CHECK(stage.time == std::chrono::seconds(1));
}

TEST_CASE("from now on means that no number is named, until one came") {
    Stage stage;
    stage.will_answer(200, "");
    stage.will_answer(200, "id: 41\n\n");
    stage.will_answer(200, event_of(42));
    CHECK(stage.run({"event", "watch", "--limit", "1", "-o", "json"}) == exit_done);
    CHECK(stage.header(0, "Last-Event-ID").empty());
    CHECK(stage.header(1, "Last-Event-ID").empty());
    CHECK(stage.header(2, "Last-Event-ID") == "41");
    CHECK(stage.out.str().starts_with("{\"type\":\"t\""));
}

TEST_CASE("a watch ends at once where it may not listen, and after a minute out of reach") {
    Stage stage;
    stage.will_answer(403, R"({"title":"Forbidden","code":"not-for-your-party"})");
    CHECK(stage.run({"event", "watch"}) == exit_forbidden);
    CHECK(stage.calls.size() == 1);

    for (int i = 0; i < 100; ++i) stage.will_fail({Failure::Kind::unreachable, "cannot connect"});
    stage.time = {};
    CHECK(stage.run({"event", "watch"}) == exit_unreachable);
    CHECK(stage.time == std::chrono::minutes(1));
}

TEST_CASE("whoever watches a terminal is told that it waits, and a program is not") {
    for (const bool terminal : {true, false}) {
        Stage stage;
        stage.around.terminal_err = terminal;
        stage.will_answer(200, event_of(1));
        CHECK(stage.run({"event", "watch", "--limit", "1"}) == exit_done);
        CHECK((stage.err.str().find("waiting for the next event") != std::string::npos) ==
              terminal);
    }
}

TEST_CASE("patience begins anew with every event") {
    Stage stage;
    for (int i = 0; i < 59; ++i) stage.will_fail({Failure::Kind::unreachable, "cannot connect"});
    stage.will_answer(200, event_of(1));
    for (int i = 0; i < 58; ++i) stage.will_fail({Failure::Kind::unreachable, "cannot connect"});
    stage.will_answer(200, event_of(2));
    CHECK(stage.run({"event", "watch", "--limit", "2"}) == exit_done);
}

TEST_CASE("events are watched in every format, each as it stands in a list of that format") {
    const std::vector<std::pair<std::string, std::string>> formats{
        {"json", R"({"type":"t","subject":"s/5","time":"now","data":{"summary":"said"}})"
                 "\n"},
        {"csv", "number,time,type,subject,data.summary\n,now,t,s/5,said\n,now,t,s/6,said\n"},
        {"yaml",
         "- type: \"t\"\n  subject: \"s/5\"\n  time: \"now\"\n"
         "  data:\n    summary: \"said\"\n- type: \"t\"\n  subject: \"s/6\""}};
    for (const auto& one : formats) {
        const auto& text = one.second;
        CAPTURE(one.first);
        Stage stage;
        stage.will_answer(200, event_of(5));
        stage.will_answer(200, event_of(6));
        CHECK(stage.run({"event", "watch", "--limit", "2", "-o", one.first}) == exit_done);
        CHECK(stage.out.str().substr(0, text.size()) == text);
    }
    Stage stage;
    stage.will_answer(200, event_of(5));
    stage.run({"event", "watch", "--limit", "1", "-o", "csv", "--no-headers"});
    CHECK(stage.out.str() == ",now,t,s/5,said\n");
    stage.will_answer(200, "id: 5\ndata: {\"id\":\"e-5\"}\n\n");
    stage.run({"event", "watch", "--limit", "1", "-o", "id"});
    CHECK(stage.out.str() == "e-5\n");
}
