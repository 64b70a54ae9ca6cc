// What a party is told through the door: its feed by pages and as a stream, webhooks and what
// became of them, and the history that staff read.

#include "api/stage_test.hpp"
#include "cast/webhook_receiver.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <set>

using namespace msp;
using namespace msp::api_stage;

namespace {

void switch_machine(Stage& stage, std::string_view status) {
    stage.done("ep-one/op", "PUT", "/v1/equipment/EX-1/service",
               R"({"status":")" + std::string(status) + R"("})");
    stage.settle();
}

// The numbers in a stream, by its `id:` lines.
std::vector<std::string> ids(const std::string& streamed) {
    std::vector<std::string> out;
    for (std::size_t at = streamed.find("id: "); at != std::string::npos;
         at = streamed.find("id: ", at + 1))
        out.push_back(streamed.substr(at + 4, streamed.find('\n', at) - at - 4));
    return out;
}

// An endpoint of ep-one and who listens there.
struct Hooked {
    explicit Hooked(Stage& on) : stage(on), receiver(on.loop, 5, {}) {
        stage.http.listen("https://hooks.example.com",
                          [this](const HttpRequest& request, const HttpRespond& respond) {
                              if (broken) return respond(HttpResponse{503, {}, {}});
                              receiver.handle(request, respond);
                          });
        const Reply made = stage.done("ep-one/admin", "POST", "/v1/webhooks",
                                      R"({"url":"https://hooks.example.com/in"})");
        CHECK(made.status == 201);
        path = "/v1/webhooks/" + made.at("id");
        receiver.trust({made.at("secret")});
        secret = made.at("secret");
        stage.settle();
    }

    Stage& stage;
    WebhookReceiver receiver;
    std::string path, secret;
    bool broken = false;
};

}  // namespace

TEST_CASE("A feed has every number once, in order, page by page, and is the same as a stream") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    switch_machine(stage, "de-active");
    switch_machine(stage, "active");

    std::vector<std::string> paged;
    std::string after = "0";
    while (true) {
        const Reply page = stage.done("ep-one/viewer", "GET", "/v1/events?limit=3&after=" + after);
        for (int i = 0; i < 3 && !page.at("items." + std::to_string(i) + ".number").empty(); ++i)
            paged.push_back(page.at("items." + std::to_string(i) + ".number"));
        if (page.at("next_cursor") == "null") break;
        after = page.at("next_cursor");
    }
    REQUIRE(paged.size() > 6);
    for (std::size_t i = 0; i < paged.size(); ++i) CHECK(paged[i] == std::to_string(i + 1));

    const auto stream =
        stage.begin(stage.request("ep-one/viewer", "GET", "/v1/events/stream?after=0"));
    stage.loop.run_ready();
    CHECK(ids(stream->streamed) == paged);

    const auto resumed = stage.begin(
        stage.request("ep-one/viewer", "GET", "/v1/events/stream", {}, {{"Last-Event-ID", "4"}}));
    stage.loop.run_ready();
    CHECK(ids(resumed->streamed).front() == "5");
    switch_machine(stage, "de-active");
    CHECK(ids(resumed->streamed).size() > paged.size() - 4);
}

TEST_CASE("A feed can be asked for some types only, and refuses types that there are none of") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    const Reply some =
        stage.done("ep-one/viewer", "GET", "/v1/events?type=m2m.equipment.status-changed");
    CHECK(some.at("items.0.type") == "m2m.equipment.status-changed");
    CHECK(some.at("items.0.data.after.equipment") == "active");
    CHECK(some.at("items.1.number").empty());
    CHECK(stage.call("ep-one/viewer", "GET", "/v1/events?type=m2m.nothing").status == 400);
    const char* hook = R"({"url":"https://hooks.example.com"})";
    for (const Reply& none : {stage.call("m2m-sp/admin", "GET", "/v1/events"),
                              stage.call("m2m-sp/admin", "POST", "/v1/webhooks", hook),
                              stage.call("m2m-sp/admin", "POST", "/v1/webhooks:preview", hook)}) {
        CHECK(none.status == 409);
        CHECK(none.code() == "no-feed");
    }
}

TEST_CASE("An endpoint is told everything in order, rightly signed, and shows what it was told") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    Hooked hooked(stage);
    switch_machine(stage, "de-active");
    CHECK(hooked.receiver.tally().bad_signature == 0);
    CHECK(hooked.receiver.tally().gaps == 0);
    CHECK(hooked.receiver.numbers().size() >= 3);

    const Reply endpoint = stage.done("ep-one/admin", "GET", hooked.path);
    CHECK(endpoint.at("delivered") == std::to_string(hooked.receiver.numbers().size()));
    CHECK(endpoint.at("secret").empty());
    const Reply deliveries = stage.done("ep-one/admin", "GET", hooked.path + "/deliveries?limit=2");
    CHECK(deliveries.at("items.0.state") == "delivered");
    CHECK(deliveries.at("items.0.status") == "204");
    CHECK(deliveries.at("next_cursor") != "null");
}

TEST_CASE("What could not be delivered is retried, shown, and can be sent again by hand") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    Hooked hooked(stage);
    hooked.broken = true;
    switch_machine(stage, "de-active");
    const Reply stuck =
        stage.done("ep-one/admin", "GET", hooked.path + "/deliveries?state=retrying");
    CHECK(stuck.at("items.0.status") == "503");
    const std::string number = stuck.at("items.0.number");
    const std::string resend = hooked.path + "/deliveries/" + number + ":resend";

    const Reply again = stage.done("ep-one/admin", "POST", resend);
    CHECK(again.at("delivered") == "false");
    CHECK(again.at("by_hand") == "true");
    hooked.broken = false;
    CHECK(stage.done("ep-one/admin", "POST", resend).at("delivered") == "true");
    CHECK(stage.call("ep-one/admin", "POST", hooked.path + "/deliveries/999999:resend").code() ==
          "no-such-delivery");
    CHECK(stage.call("ep-two/admin", "POST", resend).code() == "no-such-webhook");
    stage.loop.run_for(std::chrono::hours(1));
    CHECK(hooked.receiver.tally().gaps == 0);
    CHECK(stage.done("ep-one/admin", "GET", hooked.path).at("failing") == "false");
}

TEST_CASE("A new secret signs beside the old one for a day; a replay tells everything once more") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    Hooked hooked(stage);
    const Reply rotated = stage.done("ep-one/admin", "POST", hooked.path + ":rotate");
    CHECK(rotated.at("secret") != hooked.secret);
    switch_machine(stage, "de-active");
    CHECK(hooked.receiver.tally().bad_signature == 0);
    stage.loop.run_for(std::chrono::hours(25));
    hooked.receiver.trust({rotated.at("secret")});
    switch_machine(stage, "active");
    CHECK(hooked.receiver.tally().bad_signature == 0);

    const std::set<std::uint64_t> told = hooked.receiver.numbers();
    const std::uint64_t repeats = hooked.receiver.tally().repeated;
    stage.done("ep-one/admin", "POST", hooked.path + ":replay", R"({"from":1})");
    stage.settle();
    CHECK(hooked.receiver.numbers().size() == *told.rbegin());
    CHECK(hooked.receiver.tally().repeated == repeats + told.size());
    CHECK(hooked.receiver.tally().bad_signature == 0);
    CHECK(stage.done("ep-one/admin", "POST", hooked.path + ":test").at("delivered") == "true");
}

TEST_CASE("An endpoint that is switched off waits, one that is removed is gone") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    Hooked hooked(stage);
    stage.done("ep-one/admin", "PATCH", hooked.path, R"({"enabled":false})");
    const std::size_t told = hooked.receiver.numbers().size();
    switch_machine(stage, "de-active");
    CHECK(hooked.receiver.numbers().size() == told);
    stage.done("ep-one/admin", "PATCH", hooked.path, R"({"enabled":true})");
    stage.settle();
    CHECK(hooked.receiver.numbers().size() > told);
    CHECK(hooked.receiver.tally().gaps == 0);
    CHECK(stage.call("ep-two/admin", "DELETE", hooked.path).status == 404);
    CHECK(stage.done("ep-one/admin", "DELETE", hooked.path).status == 204);
    CHECK(stage.call("ep-one/admin", "GET", hooked.path).status == 404);
}

TEST_CASE("An address that only the platform's own network has is no endpoint") {
    Stage stage;
    for (const char* url :
         {"https://127.0.0.1/in", "https://10.1.2.3/in", "http://hooks.example.com/in",
          "https://[::1]/in", "https://user@hooks.example.com/", "ftp://hooks.example.com/"}) {
        CAPTURE(url);
        const Reply refused = stage.call("ep-one/admin", "POST", "/v1/webhooks",
                                         R"({"url":")" + std::string(url) + R"("})");
        CHECK(refused.status == 400);
        CHECK(refused.has("/url"));
    }
}

TEST_CASE("History holds everything for staff, and its own part for a party; places go on") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    std::size_t events = 0;
    std::string place;
    while (true) {
        const Reply page = stage.done("m2m-sp/viewer", "GET", "/v1/history?limit=4" + place);
        std::string last;
        for (int i = 0; i < 4; ++i) {
            const std::string id = page.at("items." + std::to_string(i) + ".id");
            if (id.empty()) break;
            CHECK(id != last);
            last = id;
            ++events;
        }
        if (page.at("next_cursor") == "null") break;
        place = "&cursor=" + page.at("next_cursor");
    }
    CHECK(events > 10);
    const Reply machine = stage.done("ep-one/viewer", "GET", "/v1/history?equipment=EX-1&limit=1");
    CHECK(machine.at("items.0.data.after.equipment") == "active");
    CHECK(stage.call("ep-two/viewer", "GET", "/v1/history?equipment=EX-1").code() ==
          "no-such-equipment");
    CHECK(stage.call("m2m-sp/viewer", "GET", "/v1/history?cursor=made-up").status == 400);
}
