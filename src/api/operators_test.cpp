// Operators as staff see and handle them, and what they report by themselves.

#include "api/stage_test.hpp"
#include "world/crypto.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace msp::api_stage;

namespace {

constexpr std::string_view op_east = "/v1/operators/op-east";

std::string device_path(unsigned number) {
    return "/v1/devices/" + Stage::device_id(number, "dp-one");
}

// A report as op-east signs it, from its own side of docs/operators/rest.md.
HttpRequest signed_report(const Stage& stage, const std::string& id, const std::string& body,
                          std::string_view secret = "the secret of op-east, long enough") {
    HttpRequest out = stage.request("", "POST", std::string(op_east) + "/events", body,
                                    {{"Content-Type", "application/json"}});
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(stage.loop.now().time_since_epoch());
    const std::string timestamp = std::to_string(seconds.count());
    out.headers.add("webhook-id", id);
    out.headers.add("webhook-timestamp", timestamp);
    const Digest signature = hmac_sha256(secret, id + "." + timestamp + "." + body);
    out.headers.add("webhook-signature", "v1," + base64(bytes_of(signature)));
    return out;
}

std::string suspended(unsigned number, std::string_view id) {
    const auto member = [](std::string_view name, std::string_view value) {
        return "\"" + std::string(name) + "\":\"" + std::string(value) + "\",";
    };
    return "{" + member("id", id) + member("type", "subscription.suspended") +
           member("reference", iccid(number).text()) + member("imsi", imsi(number).text()) +
           member("time", "2026-01-01T00:00:00.000Z") + "\"number\":13}";
}

}  // namespace

TEST_CASE("An operator is shown with how it fares, and without its secrets") {
    Stage stage;
    stage.device(1, "dp-one", "ep-one");
    stage.settle();
    const Reply one = stage.done("m2m-sp/viewer", "GET", op_east);
    CHECK(one.at("operator") == "op-east");
    CHECK(one.at("state") == "connected");
    CHECK(one.at("queue") == "0");
    CHECK(one.at("breaker") == "closed");
    CHECK(one.at("settings.has_token") == "true");
    CHECK_FALSE(one.has("operator-token-canary"));
    CHECK_FALSE(one.has("whsec_"));
    CHECK(stage.done("m2m-sp/viewer", "GET", "/v1/operators").at("items.0.operator") == "op-east");
    CHECK(stage.call("m2m-sp/viewer", "GET", "/v1/operators/op-west").code() == "no-such-operator");
}

TEST_CASE("Settings that are changed keep the secrets that are left out") {
    Stage stage;
    stage.done("m2m-sp/admin", "PUT", op_east,
               R"({"base_url":"http://op-east.test/api","kind":"fenced","name":"East"})");
    const Reply one = stage.done("m2m-sp/viewer", "GET", op_east);
    CHECK(one.at("name") == "East");
    CHECK(one.at("settings.has_token") == "true");
    stage.equipment(1, "dp-one", "ep-one", true);
    CHECK(stage.done("ep-one/viewer", "GET", "/v1/equipment/EX-1").at("status") == "active");

    const Reply wrong = stage.call("m2m-sp/admin", "PUT", op_east,
                                   R"({"base_url":"gopher://op-east.test","kind":"magic"})");
    CHECK(wrong.status == 400);
    CHECK(wrong.code() == "invalid");
}

TEST_CASE(
    "While an operator is paused nothing is sent; what was wanted goes out when it is resumed") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    CHECK(stage.call("m2m-sp/op", "POST", std::string(op_east) + ":pause", "{}").status == 400);
    const Reply paused = stage.done("m2m-sp/op", "POST", std::string(op_east) + ":pause",
                                    R"({"reason":"maintenance at op-east"})");
    CHECK(paused.at("state") == "paused");
    CHECK(paused.at("paused.reason") == "maintenance at op-east");

    const std::size_t effects = stage.simulator->played().book().journal().size();
    stage.done("ep-one/op", "PUT", "/v1/equipment/EX-1/service", R"({"status":"de-active"})");
    stage.settle();
    CHECK(stage.simulator->played().book().journal().size() == effects);
    const Reply waiting = stage.done("ep-one/viewer", "GET", "/v1/equipment/EX-1");
    CHECK(waiting.at("status") == "de-active");
    CHECK(waiting.at("pending") == "true");

    stage.done("m2m-sp/op", "POST", std::string(op_east) + ":resume");
    stage.settle();
    CHECK(stage.simulator->played().book().journal().size() == effects + 1);
    CHECK(stage.done("ep-one/viewer", "GET", "/v1/equipment/EX-1").at("pending") == "false");
}

TEST_CASE("What an operator reports is taken once it is signed, as a hint that makes us look") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    REQUIRE(stage.simulator->played().act(imsi(1).text(), OperatorBook::Deed::suspend, "roaming"));
    stage.settle();
    const Reply held = stage.done("ep-one/viewer", "GET", "/v1/equipment/EX-1");
    CHECK(held.at("status") == "de-active");
    CHECK(held.at("held_by.0.holder") == "operator");
    CHECK(held.at("held_by.0.may_lift") == R"(["op-east"])");

    REQUIRE(stage.simulator->played().act(imsi(1).text(), OperatorBook::Deed::resume, "paid"));
    stage.settle();
    CHECK(stage.done("ep-one/viewer", "GET", "/v1/equipment/EX-1").at("status") == "active");
}

TEST_CASE(
    "A report is never believed: one that is not so changes nothing, and is answered as heard") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    CHECK(stage.call(signed_report(stage, "evt-lie", suspended(1, "evt-lie"))).status == 204);
    CHECK(stage.call(signed_report(stage, "evt-lie", suspended(1, "evt-lie"))).status == 204);
    stage.settle();
    const Reply now = stage.done("ep-one/viewer", "GET", "/v1/equipment/EX-1");
    CHECK(now.at("status") == "active");
    CHECK(now.at("held_by") == "[]");
}

TEST_CASE("A report that is not signed, signed by another or too old is refused and not heard") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    REQUIRE(stage.simulator->played().act(imsi(1).text(), OperatorBook::Deed::suspend, "roaming"));
    stage.settle();
    HttpRequest bare =
        stage.request("", "POST", std::string(op_east) + "/events", suspended(1, "e0"));
    CHECK(stage.call(bare).status == 401);
    CHECK(stage.call(signed_report(stage, "e1", suspended(1, "e1"), "somebody else's secret"))
              .status == 401);
    HttpRequest late = signed_report(stage, "e2", suspended(1, "e2"));
    stage.loop.run_for(std::chrono::minutes(6));
    CHECK(stage.call(std::move(late)).status == 401);
    HttpRequest changed = signed_report(stage, "e3", suspended(1, "e3"));
    changed.body += " ";
    CHECK(stage.call(std::move(changed)).status == 401);
    CHECK(stage.call(signed_report(stage, "e4", "no JSON")).status == 400);
    CHECK(stage.call(signed_report(stage, "e5", suspended(99, "e5"))).status == 204);
    HttpRequest elsewhere = signed_report(stage, "e6", suspended(1, "e6"));
    elsewhere.target = "/v1/operators/op-west/events";
    CHECK(stage.call(std::move(elsewhere)).status == 401);
}

TEST_CASE("An order that an operator refused waits, visibly, and goes again when staff say so") {
    for (const std::string_view what : {"device", "card", "equipment", "operator"}) {
        CAPTURE(what);
        Stage stage;
        stage.equipment(1, "dp-one", "ep-one", false);
        stage.refuse_orders();
        stage.done("ep-one/op", "PUT", "/v1/equipment/EX-1/service", R"({"status":"de-active"})");
        stage.settle();
        const Reply parked = stage.done("m2m-sp/viewer", "GET", device_path(1));
        CHECK(parked.at("network.confirmed") == "false");
        CHECK(parked.has("contract has ended"));

        stage.http.listen("http://op-east.test",
                          [&stage](HttpRequest request, const HttpRespond& respond) {
                              request.target.erase(0, 4);
                              stage.simulator->handle(request, respond);
                          });
        std::string path = what == "device"      ? device_path(1)
                           : what == "card"      ? "/v1/cards/" + std::string(iccid(1).text())
                           : what == "equipment" ? std::string("/v1/equipment/EX-1")
                                                 : std::string(op_east);
        const std::string query = what == "equipment" ? "?provider=ep-one" : "";
        const Reply woken = stage.done("m2m-sp/op", "POST", path.append(":retry").append(query));
        if (what == "operator") CHECK(woken.at("woken") == "1");
        stage.settle();
        CHECK(stage.done("m2m-sp/viewer", "GET", device_path(1)).at("network.confirmed") == "true");
    }
}

TEST_CASE("An audit finds what an operator changed by itself, and drift is listed and mended") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    stage.done("m2m-sp/admin", "PUT", op_east,
               R"({"base_url":"http://op-east.test/api","kind":"fenced","drift_policy":"ask",)"
               R"("audit":{"on":false}})");
    OperatorKnobs& knobs = stage.simulator->played().knobs();
    knobs.calls_back = false;
    REQUIRE(stage.simulator->played().act(imsi(1).text(), OperatorBook::Deed::change, ""));
    stage.settle();
    CHECK(stage.done("m2m-sp/viewer", "GET", std::string(op_east) + "/drift").at("items") == "[]");

    stage.done("m2m-sp/op", "POST", std::string(op_east) + ":audit", "{}");
    stage.settle();
    const Reply drift = stage.done("m2m-sp/viewer", "GET", std::string(op_east) + "/drift");
    CHECK(drift.at("items.0.device.device_id") == Stage::device_id(1, "dp-one"));
    CHECK(stage.done("ep-one/viewer", "GET", "/v1/equipment/EX-1").at("status") == "de-active");

    stage.done("m2m-sp/op", "POST", device_path(1) + ":retry");
    stage.settle();
    CHECK(stage.done("m2m-sp/viewer", "GET", std::string(op_east) + "/drift").at("items") == "[]");
    CHECK(stage.done("ep-one/viewer", "GET", "/v1/equipment/EX-1").at("status") == "active");
}
