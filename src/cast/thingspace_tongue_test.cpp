#include "cast/operator_simulator.hpp"
#include "world/manual_loop.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

using namespace msp;
using namespace std::chrono_literals;

namespace {

class Desk {
public:
    Desk() {
        simulator_.played().book().add("8944500000000000016", "262070000000001");
        token("/api/ts/v1/oauth2/token", "Basic a2V5OnNlY3JldA==", "", bearer_);
        log_in();
    }

    void log_in() {
        token("/api/m2m/v1/session/login", "Bearer " + bearer_,
              R"({"username":"user","password":"word"})", session_);
    }
    HttpResponse ask(const std::string& method, const std::string& target,
                     const std::string& authorization, std::string body) {
        HttpRequest request;
        request.method = method;
        request.target = target;
        request.headers.add("Authorization", authorization);
        request.headers.add("VZ-M2M-Token", session_);
        request.body = std::move(body);
        std::optional<HttpResponse> out;
        simulator_.handle(request, [&out](const std::optional<HttpResponse>& said) { out = said; });
        loop_.run_for(1s);
        REQUIRE(out);
        return *out;
    }
    HttpResponse act(const std::string& verb, const std::string& more = "") {
        return ask("POST", "/api/m2m/v1/devices/actions/" + verb, "Bearer " + bearer_,
                   R"({"accountName":"1","devices":[{"deviceIds":[{"id":"8944500000000000016",)"
                   R"("kind":"iccid"}]}])" +
                       more + "}");
    }
    HttpResponse read() {
        return ask("POST", "/api/m2m/v1/devices/actions/list", "Bearer " + bearer_,
                   R"({"accountName":"1","deviceId":{"id":"8944500000000000016","kind":"iccid"}})");
    }
    void settle() { loop_.run_for(30s); }
    void pass(Duration span) { loop_.run_for(span); }
    OperatorKnobs& knobs() { return simulator_.played().knobs(); }

private:
    void token(const std::string& target, const std::string& who, const std::string& body,
               std::string& out) {
        const HttpResponse said = ask("POST", target, who, body);
        REQUIRE(said.status == 200);
        for (const char* start : {"bearer-", "session-"}) {
            const std::size_t at = said.body.find(start);
            if (at != std::string::npos) out = said.body.substr(at, said.body.find('"', at) - at);
        }
        REQUIRE_FALSE(out.empty());
    }

    ManualLoop loop_;
    DirectHttp http_{loop_};
    OperatorSimulator simulator_{
        loop_, http_, 1, {}, {"key:secret:user:word", "", "", "thingspace"}};
    std::string bearer_;
    std::string session_;
};

bool says(const HttpResponse& response, int status, const std::string& part) {
    return response.status == status && response.body.find(part) != std::string::npos;
}

const std::string plan = R"(,"servicePlan":"m2m4G","mdnZipCode":"98801")";

}  // namespace

TEST_CASE(
    "the simulated ThingSpace accepts first, locks the line, and keeps what goes from where") {
    Desk desk;
    CHECK(says(desk.read(), 200, "pre-active"));
    CHECK(says(desk.act("suspend"), 400, "InvalidTransition"));
    CHECK(says(desk.act("restore"), 400, "InvalidTransition"));
    CHECK(says(desk.act("activate"), 400, "INPUT_INVALID"));
    desk.knobs().completion_median = desk.knobs().completion_p99 = 8s;
    CHECK(says(desk.act("activate", plan), 202, "requestId"));
    CHECK(says(desk.read(), 200, "pending restore"));
    CHECK(says(desk.act("suspend"), 400, "DeviceStatePending"));
    desk.settle();
    CHECK(says(desk.read(), 200, R"("active")"));
    CHECK(says(desk.act("activate", plan), 400, "DeviceAlreadyActive"));
    desk.knobs().locked_for = 60s;
    CHECK(says(desk.act("suspend"), 400, "DeviceStatePending"));
    desk.knobs().locked_for = 0s;
    CHECK(says(desk.act("suspend"), 202, "requestId"));
    desk.settle();
    CHECK(says(desk.act("suspend"), 400, "DeviceAlreadySuspended"));
    CHECK(says(desk.act("deactivate"), 400, "INPUT_INVALID"));
    CHECK(says(desk.act("deactivate", R"(,"reasonCode":"FF")"), 202, "requestId"));
    desk.settle();
    CHECK(says(desk.read(), 200, "deactive"));
    CHECK(says(desk.act("deactivate", R"(,"reasonCode":"FF")"), 400, "DeviceAlreadyDeactive"));
    CHECK(says(desk.act("gotostate"), 404, "INPUT_INVALID"));
}

TEST_CASE("the simulated ThingSpace knows its application and its user, for twenty idle minutes") {
    Desk desk;
    CHECK(desk.ask("POST", "/api/ts/v1/oauth2/token", "Basic bm9ib2R5", "").status == 401);
    CHECK(desk.ask("POST", "/api/m2m/v1/devices/actions/list", "Bearer nobody", "{}").status ==
          401);
    desk.pass(19min);
    CHECK(desk.read().status == 200);
    desk.pass(19min);
    CHECK(desk.read().status == 200);
    desk.pass(21min);
    CHECK(says(desk.read(), 400, "SessionToken.Expired"));
    desk.log_in();
    CHECK(desk.read().status == 200);
}
