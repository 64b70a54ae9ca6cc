#include "cast/operator_simulator.hpp"

#include "cast/operator_documents.hpp"
#include "cast/simulate_operator.hpp"
#include "world/files.hpp"
#include "world/loop_thread.hpp"
#include "world/manual_loop.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

using namespace msp;
using namespace std::chrono_literals;

namespace {

class Dialogue {
public:
    explicit Dialogue(const OperatorKnobs& knobs, std::uint64_t seed = 1)
        : simulator(
              loop, http, seed, knobs,
              {"t0ken", "http://platform.test/events", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"}) {
        for (int i = 1; i <= 20; ++i)
            simulator.played().book().add("s" + std::to_string(i), "imsi" + std::to_string(i));
        http.listen("http://platform.test",
                    [this](const HttpRequest& request, const HttpRespond& respond) {
                        heard.push_back(request);
                        HttpResponse response;
                        response.status = platform_answers;
                        respond(response);
                    });
    }

    // The answer, or nothing where the request was dropped or is still unanswered.
    std::optional<HttpResponse> ask(const std::string& method, const std::string& target,
                                    std::string body = {}, Duration within = 2s) {
        HttpRequest request;
        request.method = method;
        request.target = target;
        request.body = std::move(body);
        request.headers.add("Authorization", "Bearer t0ken");
        std::optional<HttpResponse> out;
        simulator.handle(request,
                         [&out](const std::optional<HttpResponse>& response) { out = response; });
        loop.run_for(within);
        return out;
    }
    std::optional<HttpResponse> order(const std::string& subscription, const std::string& what,
                                      int generation) {
        return ask(
            "PUT", "/subscriptions/" + subscription + "/orders/r" + std::to_string(++orders_),
            "{\"order\":\"" + what + "\",\"generation\":" + std::to_string(generation) + "}");
    }
    std::uint64_t count(const std::string& what) const {
        const auto found = simulator.counts().find(what);
        return found == simulator.counts().end() ? 0 : found->second;
    }

    ManualLoop loop;
    DirectHttp http{loop};
    std::vector<HttpRequest> heard;
    int platform_answers = 204;
    OperatorSimulator simulator;

private:
    int orders_ = 0;
};

OperatorKnobs with(std::string_view name, std::string_view value) {
    OperatorKnobs out;
    REQUIRE(set_knob(out, name, value));
    return out;
}

std::string whole_story(std::uint64_t seed) {
    Dialogue play(*operator_profile("hostile"), seed);
    std::string out;
    for (int i = 0; i < 300; ++i) {
        const auto answer = play.order("s" + std::to_string(i % 20 + 1),
                                       i % 3 == 0 ? "de-activate" : "activate", i);
        out += answer ? std::to_string(answer->status) + answer->body.substr(0, 200) : "none";
    }
    play.loop.run_for(2min);
    for (const JournalEntry& entry : play.simulator.played().book().journal())
        out += entry.subscription + std::string(entry.what) + rfc3339(entry.at);
    for (const HttpRequest& request : play.heard) out += request.body;
    return out;
}

}  // namespace

TEST_CASE("the documented requests have the documented answers") {
    Dialogue play({});
    CHECK(play.order("s1", "activate", 1)->status == 200);
    CHECK(play.ask("GET", "/subscriptions/s1")->body ==
          R"({"reference":"s1","state":"active","session":true,"pending":false,"change":1,)"
          R"("suspended":false})");
    CHECK(play.ask("GET", "/subscriptions/s1/orders/r1")->body ==
          R"({"order_reference":"r1","order":"activate","generation":1,"status":"done"})");
    CHECK(play.ask("GET", "/subscriptions/s1/orders/r9")->status == 404);
    CHECK(play.ask("GET", "/subscriptions/nobody")->status == 404);
    CHECK(play.ask("PUT", "/subscriptions/s1/orders/r2", "{}")->status == 400);
    CHECK(play.ask("PUT", "/subscriptions/s1/orders/r2", R"({"order":"explode","generation":1})")
              ->status == 400);
    CHECK(play.order("s1", "activate", 0)->status == 409);
    CHECK(play.ask("GET", "/elsewhere")->status == 404);
    HttpRequest stranger;
    stranger.method = "GET";
    stranger.target = "/subscriptions/s1";
    int status = 0;
    play.simulator.handle(stranger, [&](std::optional<HttpResponse> r) { status = r->status; });
    CHECK(status == 401);
}

TEST_CASE("the list is paged in an order that does not change") {
    Dialogue play({});
    std::string after;
    int items = 0;
    for (int page = 0; page < 10; ++page) {
        const std::string body =
            play.ask("GET", "/subscriptions?limit=7" + (after.empty() ? "" : "&after=" + after))
                ->body;
        for (std::size_t at = 0; (at = body.find("\"reference\"", at)) != std::string::npos; ++at)
            ++items;
        const std::size_t next = body.find("\"next\":\"");
        if (next == std::string::npos) break;
        after = body.substr(next + 8, body.find('"', next + 8) - next - 8);
    }
    CHECK(items == 20);
}

TEST_CASE("each knob does what its name says to the answer and to the effect") {
    struct Row {
        const char* knob;
        int status;  // 0: no answer
        bool effect;
    };
    const Row rows[] = {
        {"lost-before", 0, false},  {"lost-after", 0, true},     {"error-before", 500, false},
        {"error-after", 500, true}, {"too-many", 429, false},    {"unavailable", 503, false},
        {"hang", 0, true},          {"asynchronous", 202, true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.knob);
        Dialogue play(with(row.knob, "1"));
        const auto answer = play.order("s1", "activate", 1);
        CHECK((answer ? answer->status : 0) == row.status);
        play.loop.run_for(20s);
        CHECK(play.simulator.played().book().find("s1")->in_service() == row.effect);
    }
    CHECK(Dialogue(with("malformed", "1")).order("s1", "activate", 1)->body[0] == '<');
    CHECK(Dialogue(with("truncated", "1")).order("s1", "activate", 1)->body.back() != '}');
    CHECK(Dialogue(with("oversized", "1")).order("s1", "activate", 1)->body.size() > 9'000'000);
    Dialogue odd(with("unknown-word", "1"));
    CHECK(odd.ask("GET", "/subscriptions/s1")->body.find("INVENTORY") != std::string::npos);
}

TEST_CASE("nothing takes effect later than its life, and a duplicate does take effect again") {
    OperatorKnobs knobs = with("duplicated", "1");
    knobs.asynchronous = 0.5;
    knobs.completion_median = knobs.completion_p99 = 1h;
    knobs.kind = OperatorKind::serial;
    Dialogue play(knobs);
    std::map<std::string, Time> sent;
    for (int i = 1; i <= 20; ++i) {
        sent["r" + std::to_string(i)] = play.loop.now();
        play.order("s" + std::to_string(i), "activate", 1);
    }
    play.loop.run_for(1min);
    const auto& journal = play.simulator.played().book().journal();
    CHECK(journal.size() > 20);
    for (const JournalEntry& entry : journal)
        CHECK(entry.at - sent.at(entry.order_reference) <= knobs.life);
}

TEST_CASE("its own doing is reported, signed, repeated until it is taken, late and twice as told") {
    Dialogue play(with("callback-duplicated", "1"));
    CHECK(play.simulator.played().act("imsi3", OperatorBook::Deed::suspend, "unpaid"));
    play.loop.run_for(1s);
    REQUIRE(play.heard.size() == 2);
    CHECK(play.heard[0].body == play.heard[1].body);
    CHECK(play.heard[0].headers.find("webhook-id"));
    CHECK(play.heard[0].body.find("\"subscription.suspended\"") != std::string::npos);
    CHECK(play.count("report taken") == 2);

    play.simulator.played().knobs() = {};
    play.platform_answers = 503;
    play.simulator.played().act("s3", OperatorBook::Deed::resume, {});
    play.loop.run_for(6s);
    CHECK(play.count("report not taken") == 2);
    play.platform_answers = 204;
    play.loop.run_for(6s);
    CHECK(play.count("report taken") == 3);

    play.simulator.played().knobs().callback_lost = 1;
    play.simulator.played().act("s4", OperatorBook::Deed::terminate, {});
    play.loop.run_for(1min);
    CHECK(play.count("report lost") == 1);
    CHECK(play.count("report taken") == 3);
}

TEST_CASE("it suspends, resumes, terminates and changes at its rates") {
    OperatorKnobs knobs;
    knobs.suspensions_per_hour = 3'600;
    knobs.suspended_for = 2s;
    Dialogue play(knobs);
    play.loop.run_for(100s);
    std::map<std::string_view, int> happened;
    for (const JournalEntry& entry : play.simulator.played().book().journal())
        ++happened[entry.what];
    CHECK(happened["suspended"] > 60);
    CHECK(happened["resumed"] >= happened["suspended"] - 5);
    play.simulator.played().knobs().terminations_per_hour = 3'600;
    play.loop.run_for(200s);
    for (const auto& [reference, one] : play.simulator.played().book().subscriptions())
        CHECK(one.state == SimulatedSubscription::State::terminated);
}

TEST_CASE("who directs the play turns knobs, acts, restores and reads the journal") {
    Dialogue play({});
    CHECK(play.ask("POST", "/control/knobs", R"({"lost-after":"0.5","kind":"serial"})")->status ==
          200);
    CHECK(play.simulator.played().knobs().lost_after == 0.5);
    CHECK(play.ask("POST", "/control/knobs", R"({"lost-after":"0.1","kind":"odd"})")->status ==
          400);
    CHECK(play.simulator.played().knobs().lost_after == 0.5);
    CHECK(play.ask("GET", "/control/knobs")->body.find("\"lost-after\":\"0.5\"") !=
          std::string::npos);
    play.simulator.played().knobs() = {};
    CHECK(play.ask("POST", "/control/restore")->status == 409);
    CHECK(play.ask("POST", "/control/snapshot")->status == 200);
    CHECK(play.order("s1", "activate", 1)->status == 200);
    CHECK(play.ask("POST", "/control/suspend", R"({"subscription":"imsi1","cause":"c"})")->status ==
          200);
    CHECK(play.ask("POST", "/control/suspend", R"({"subscription":"s1"})")->status == 409);
    CHECK(play.ask("POST", "/control/suspend", R"({"subscription":1})")->status == 400);
    CHECK(play.ask("POST", "/control/explode")->status == 404);
    CHECK(play.ask("POST", "/control/restore")->status == 200);
    const std::string journal = play.ask("GET", "/journal?after=1&limit=2")->body;
    CHECK(journal.find("\"suspended\"") != std::string::npos);
    CHECK(journal.find("\"restored\"") != std::string::npos);
    CHECK(journal.find("\"activated\"") == std::string::npos);
    CHECK(play.ask("GET", "/control/counts")->body.find("\"order\":\"1\"") != std::string::npos);
}

TEST_CASE("the same seed plays the same story, another another") {
    const std::string once = whole_story(5);
    CHECK(once == whole_story(5));
    CHECK(once != whole_story(6));
}

TEST_CASE("every knob has a name, shows what was set, and refuses what it does not take") {
    OperatorKnobs knobs = *operator_profile("hostile");
    OperatorKnobs copy;
    for (const auto& [name, value] : knob_values(knobs)) {
        const std::string_view knob = name;
        CAPTURE(knob);
        CHECK(set_knob(copy, name, value));
        CHECK_FALSE(set_knob(copy, name, "-1"));
        CHECK_FALSE(set_knob(copy, name, "odd"));
        CHECK_FALSE(set_knob(copy, name, ""));
    }
    CHECK(copy == knobs);
    CHECK_FALSE(set_knob(copy, "lost-after", "1.5"));
    CHECK(set_knob(copy, "changes-per-hour", "1000"));
    CHECK_FALSE(set_knob(copy, "no-such-knob", "1"));
    CHECK_FALSE(operator_profile("moody"));
}

TEST_CASE("cards are read by the names of their columns") {
    const auto cards = read_simulated_cards(
        "imsi,iccid,reference,msisdn\r\n262070000000001,8944500000000000016,,49\r\n"
        "\"262070000000002\", 8944500000000000024 ,sub-2,\n\n");
    REQUIRE(cards);
    REQUIRE(cards->size() == 2);
    CHECK((*cards)[0].reference == "8944500000000000016");
    CHECK((*cards)[1].reference == "sub-2");
    CHECK((*cards)[1].imsi == "262070000000002");
    CHECK_FALSE(read_simulated_cards("iccid,msisdn\n1,2\n"));
    CHECK_FALSE(read_simulated_cards("iccid,imsi\n8944500000000000016\n"));
    CHECK(read_simulated_cards("")->empty());
}

TEST_CASE("it listens on a socket, with the cards and knobs that it was given") {
    const TemporaryFolder folder("simulated-operator");
    REQUIRE(write_file(folder.path() + "/cards.csv", "iccid,imsi\n89445,262070000000001\n"));
    SimulateOperatorOptions options;
    options.subscriptions = folder.path() + "/cards.csv";
    options.knobs = {{"latency-median-ms", "1"}};
    LoopThread thread;
    std::unique_ptr<ListeningOperator> listening;
    thread.run(
        [&] { listening = std::move(ListeningOperator::listen(thread.loop(), options)).value(); });
    HttpCall call;
    call.request.method = "GET";
    call.request.target =
        "http://127.0.0.1:" + std::to_string(listening->port()) + "/subscriptions/89445";
    const auto answer = call_http(call);
    REQUIRE(answer);
    CHECK(answer->status == 200);
    thread.run([&] { listening.reset(); });

    options.profile = "moody";
    CHECK_FALSE(ListeningOperator::listen(thread.loop(), options));
    options.profile = "calm";
    options.knobs = {{"life-ms", "soon"}};
    CHECK_FALSE(ListeningOperator::listen(thread.loop(), options));
    options.knobs.clear();
    options.subscriptions = folder.path() + "/none.csv";
    std::string told;
    CHECK(simulate_operator(options, [&told](const std::string& sentence) { told = sentence; }) ==
          1);
    CHECK_FALSE(told.empty());
}
