#include "cast/operator_simulator.hpp"
#include "world/manual_loop.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

using namespace msp;
using namespace std::chrono_literals;

namespace {

class Counter {
public:
    Counter() { simulator_.played().book().add("8944500000000000016", "262070000000001"); }

    HttpResponse ask(const std::string& method, const std::string& path, std::string body = {},
                     const std::string& who = "Basic dXNlcjprZXk=") {
        HttpRequest request;
        request.method = method;
        request.target = "/rws/api/v1" + path;
        request.headers.add("Authorization", who);
        request.body = std::move(body);
        std::optional<HttpResponse> out;
        simulator_.handle(request, [&out](const std::optional<HttpResponse>& said) { out = said; });
        loop_.run_for(5s);
        REQUIRE(out);
        return *out;
    }
    HttpResponse put(const std::string& status) {
        return ask("PUT", "/devices/8944500000000000016", R"({"status":")" + status + R"("})");
    }
    bool says(const HttpResponse& response, int status, const std::string& part) const {
        return response.status == status && response.body.find(part) != std::string::npos;
    }
    std::string since(Duration ago) const { return rfc3339(loop_.now() - ago); }

private:
    ManualLoop loop_;
    DirectHttp http_{loop_};
    OperatorSimulator simulator_{loop_, http_, 1, {}, {"user:key", "", "", "control-center"}};
};

}  // namespace

TEST_CASE("the simulated Control Center keeps its statuses as the real one does") {
    Counter counter;
    CHECK(counter.says(counter.ask("GET", "/devices/8944500000000000016"), 200, "INVENTORY"));
    CHECK(counter.says(counter.put("ACTIVATED"), 200, "8944500000000000016"));
    CHECK(counter.says(counter.put("ACTIVATED"), 400, "10030000"));
    CHECK(counter.says(counter.put("TEST_READY"), 400, "10000029"));
    CHECK(counter.says(counter.put("DEACTIVATED"), 200, "8944500000000000016"));
    CHECK(counter.says(counter.ask("GET", "/devices/8944500000000000016"), 200, "DEACTIVATED"));
    CHECK(counter.says(counter.put("RETIRED"), 200, "8944500000000000016"));
    CHECK(counter.says(counter.put("ACTIVATED"), 400, "1000559"));
    CHECK(counter.says(counter.ask("PUT", "/devices/8944500000000000016", "{}"), 400, "10000003"));
    CHECK(counter.says(counter.ask("GET", "/devices/1"), 404, "errorCode"));
}

TEST_CASE("the simulated Control Center has bounds: who, how many rows, how far back") {
    Counter counter;
    CHECK(counter.says(counter.ask("GET", "/devices/1", "", "Basic bm9ib2R5"), 401, "10000001"));
    const std::string list = "/devices?modifiedSince=" + counter.since(1h);
    CHECK(counter.says(counter.ask("GET", list), 200, R"("lastPage":true)"));
    CHECK(counter.says(counter.ask("GET", list + "&pageSize=51"), 400, "10000003"));
    CHECK(counter.says(counter.ask("GET", "/devices"), 400, "10000024"));
    const std::string old = "/devices?modifiedSince=" + counter.since(24h * 400);
    CHECK(counter.says(counter.ask("GET", old), 400, "10000024"));
}

TEST_CASE("what nobody speaks is no tongue") {
    CHECK_FALSE(make_tongue(
        {.token = {}, .callback_url = {}, .callback_secret = {}, .speaks = "carrier-pigeon"}));
}
