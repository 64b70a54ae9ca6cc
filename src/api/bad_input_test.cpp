// Input that is none: every kind is refused with code, sentence and hint, and changes nothing.

#include "api/stage_test.hpp"

#include <doctest/doctest.h>

using namespace msp;
using namespace msp::api_stage;

namespace {

struct Bad {
    std::string_view name;
    std::string_view method;
    std::string target;
    std::string body;
    int status;
    std::string_view code;
    std::string_view pointer = {};
    Fields fields = {};
};

std::string deep(int levels) {
    return R"({"labels":)" + std::string(static_cast<std::size_t>(levels), '[') +
           std::string(static_cast<std::size_t>(levels), ']') + "}";
}

const std::string service = "/v1/devices/ONE-1/m2m-service";
const std::string equipment = "/v1/equipment/EX-1";

std::vector<Bad> bad_bodies() {
    return {
        {"no body", "PUT", service, "", 415, ""},
        {"no JSON", "PUT", service, "status=active", 400, "malformed-json"},
        {"no object", "PUT", service, "[]", 400, "malformed-json"},
        {"cut off", "PUT", service, R"({"status":"act)", 400, "malformed-json"},
        {"text behind", "PUT", service, R"({"status":"active"}x)", 400, "malformed-json"},
        {"twice", "PUT", service, R"({"status":"active","status":"de-active"})", 400,
         "malformed-json"},
        {"broken UTF-8", "PUT", equipment, "{\"name\":\"\xC3\x28\"}", 400, "malformed-json"},
        {"too deep", "PUT", equipment, deep(40), 400, "malformed-json"},
        {"huge number", "PUT", service, R"({"status":1e999})", 400, "malformed-json"},
        {"unknown member", "PUT", service, R"({"status":"active","x":1})", 400, "invalid", "/x"},
        {"wrong type", "PUT", service, R"({"status":true})", 400, "invalid", "/status"},
        {"unknown word", "PUT", service, R"({"status":"on"})", 400, "invalid", "/status"},
        {"missing member", "PUT", service, "{}", 400, "invalid", "/status"},
        {"until is no time", "PUT", service, R"({"status":"active","until":"soon"})", 400,
         "invalid", "/until"},
        {"until without offset", "PUT", service,
         R"({"status":"active","until":"2026-03-02T18:00:00"})", 400, "invalid", "/until"},
        {"until is in no year", "PUT", service,
         R"({"status":"active","until":"9999-12-31T23:59:59-23:00"})", 400, "invalid", "/until"},
        {"until is past", "PUT", service, R"({"status":"active","until":"2020-01-01T00:00:00Z"})",
         400, "until-past", "/until"},
        {"until with de-active", "PUT", service,
         R"({"status":"de-active","until":"2036-01-01T00:00:00Z"})", 400, "invalid", "/until"},
        {"another media type",
         "PUT",
         service,
         R"({"status":"active"})",
         415,
         "",
         "",
         {{"Content-Type", "text/plain"}}},
        {"label is no text", "PUT", equipment, R"({"labels":{"a":1}})", 400, "invalid",
         "/labels/a"},
        {"no identifier", "POST", "/v1/devices/handover", R"({"device_ids":["a b"],"to":"ep-one"})",
         400, "invalid", "/device_ids/0"},
        {"no party", "POST", "/v1/devices/handover", R"({"device_ids":[],"to":"EP ONE"})", 400,
         "invalid", "/to"},
        {"a body where none is taken", "POST", "/v1/devices/ONE-1:check", R"({"a":1})", 400,
         "body-not-expected"},
        {"too large", "PUT", equipment, "{\"name\":\"" + std::string(1'100'000, 'x') + "\"}", 413,
         "body-too-large"},
    };
}

std::vector<Bad> bad_targets() {
    return {
        {"no such path", "GET", "/v1/nothing", "", 404, "no-such-path"},
        {"no such method", "PATCH", "/v1/devices/ONE-1", "", 405, "no-such-method"},
        {"broken escape", "GET", "/v1/devices/%zz", "", 400, "malformed-path"},
        {"slash inside", "GET", "/v1/devices/a%2Fb", "", 400, "malformed-path"},
        {"NUL inside", "GET", "/v1/devices/a%00b", "", 400, "malformed-path"},
        {"no device ID", "GET", "/v1/devices/a%20b", "", 400, "invalid-path", "{device_id}"},
        {"no ICCID", "GET", "/v1/cards/123", "", 403, "not-for-your-party"},
        {"unknown parameter", "GET", "/v1/devices?x=1", "", 400, "invalid-query", "?x"},
        {"parameter twice", "GET", "/v1/devices?limit=1&limit=2", "", 400, "malformed-query"},
        {"limit 0", "GET", "/v1/devices?limit=0", "", 400, "invalid-query", "?limit"},
        {"limit too large", "GET", "/v1/devices?limit=1001", "", 400, "invalid-query", "?limit"},
        {"no number", "GET", "/v1/devices?limit=ten", "", 400, "invalid-query", "?limit"},
        {"bad cursor", "GET", "/v1/devices?cursor=AAAA", "", 400, "invalid-query", "?cursor"},
        {"bad flag", "GET", "/v1/devices?pending=yes", "", 400, "invalid-query", "?pending"},
        {"bad word", "GET", "/v1/devices?status=on", "", 400, "invalid-query", "?status"},
        {"bad wait", "POST", "/v1/devices/ONE-1:check?wait=5", "", 400, "invalid-query", "?wait"},
        {"long wait", "POST", "/v1/devices/ONE-1:check?wait=61s", "", 400, "invalid-query",
         "?wait"},
        {"bad type", "GET", "/v1/events?type=m2m.nothing", "", 400, "invalid-query", "?type"},
        {"bad history place", "GET", "/v1/history?after=xyz", "", 400, "invalid-query", "?after"},
        {"two objects", "GET", "/v1/history?chain=1&device=ONE-1", "", 400, "invalid-query",
         "?chain"},
        {"no such hold", "GET", "/v1/devices/ONE-1/hold/unpaid", "", 405, "no-such-method"},
    };
}

void check(Stage& stage, const Bad& bad) {
    CAPTURE(bad.name);
    const Reply reply = stage.call("ep-one/op", bad.method, bad.target, bad.body, bad.fields);
    CAPTURE(reply.body);
    CHECK(reply.status == bad.status);
    if (!bad.code.empty()) CHECK(reply.code() == bad.code);
    CHECK(reply.header("Content-Type") == "application/problem+json");
    CHECK_FALSE(reply.at("title").empty());
    CHECK_FALSE(reply.at("detail").empty());
    CHECK_FALSE(reply.at("hint").empty());
    CHECK(reply.at("trace_id").size() == 32);
    if (!bad.pointer.empty()) CHECK(reply.at("errors.0.pointer") == bad.pointer);
}

}  // namespace

TEST_CASE("Bad input is refused with code, sentence and hint, and changes nothing") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", false);
    stage.settle();
    const auto before = stage.chain(Name::of(iccid(1)));
    std::size_t rows = 0;
    for (const auto& table : {bad_bodies(), bad_targets()})
        for (const Bad& bad : table) {
            check(stage, bad);
            ++rows;
        }
    CHECK(stage.chain(Name::of(iccid(1))) == before);
    MESSAGE(rows << " rows");
}

TEST_CASE("405 names the methods there are, 401 the credential, 429 the time to wait") {
    Stage stage;
    CHECK(stage.call("ep-one/op", "PATCH", "/v1/devices/X").header("Allow") == "GET, HEAD");
    const Reply unknown = stage.call("", "GET", "/v1/me");
    CHECK(unknown.status == 401);
    CHECK(unknown.header("WWW-Authenticate").starts_with("Bearer"));
    const Fields wrong{{"Authorization", "Bearer msp_abcdefghij_" + std::string(43, 'A')}};
    for (int i = 0; i < 10; ++i) CHECK(stage.call("", "GET", "/v1/me", {}, wrong).status == 401);
    const Reply waiting = stage.call("", "GET", "/v1/me", {}, wrong);
    CHECK(waiting.status == 429);
    CHECK_FALSE(waiting.header("Retry-After").empty());
    CHECK(stage.call("ep-one/op", "GET", "/v1/me").status == 200);
    stage.loop.run_for(Duration(61'000));
    CHECK(stage.call("", "GET", "/v1/me", {}, wrong).status == 401);
}

TEST_CASE("A trace that the caller begins is kept through answer, problem and history") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const Fields field{{"traceparent", "00-" + trace + "-00f067aa0ba902b7-01"}};
    const Reply done =
        stage.call("ep-one/op", "PUT", equipment + "/service", R"({"status":"de-active"})", field);
    CHECK(done.header("Traceparent").starts_with("00-" + trace + "-"));
    CHECK(stage.call("ep-one/op", "GET", "/v1/devices/NONE", {}, field).at("trace_id") == trace);
    CHECK(stage.done("ep-one/op", "GET", "/v1/history?device=ONE-1").has(trace));
    for (const std::string& bad : {"00-" + std::string(32, '0') + "-00f067aa0ba902b7-01",
                                   "ff-" + trace + "-00f067aa0ba902b7-01", "00-" + trace, trace}) {
        const Reply reply = stage.call("", "GET", "/v1/me", {}, {{"traceparent", bad}});
        CHECK(reply.at("trace_id").size() == 32);
        CHECK(reply.at("trace_id") != trace);
    }
}
