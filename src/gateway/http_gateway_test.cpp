#include "gateway/http_gateway.hpp"

#include "access/json.hpp"
#include "gateway/gateway_stage_test.hpp"

#include <doctest/doctest.h>

#include <string>

namespace msp {

static std::string header(const HttpResponse& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or("absent"));
}

// "<status> <code>", or "200 <result>".
static std::string gist(const HttpResponse& response) {
    auto parsed = JsonObject::parse(response.body);
    REQUIRE(parsed);
    JsonObject body = std::move(parsed).value();
    const bool ok = response.status == 200;
    CHECK(header(response, "Content-Type") ==
          (ok ? "application/json" : "application/problem+json"));
    if (!ok) CHECK_FALSE(body.text("/hint").value_or("").empty());
    return std::to_string(response.status) + " " +
           body.text(ok ? "/result" : "/code").value_or("?");
}

static std::string card_body(std::string_view device, int card) {
    return R"({"device_id":")" + std::string(device) + R"(","iccid":")" +
           std::string(iccid_of(card).text()) + R"(","imsi":")" +
           std::string(imsi_of(card).text()) + "\"}";
}

TEST_CASE("a report is answered with what became of it") {
    GatewayStage stage;
    const HttpResponse bound = stage.post("mk-1", maker, card_body("mk-1", 1));
    CHECK(gist(bound) == "200 bound");
    CHECK(bound.body == R"({"result":"bound","device_id":"mk-1","iccid":")" +
                            std::string(iccid_of(1).text()) + "\"}");
    CHECK(header(bound, "Cache-Control") == "no-store");
    CHECK(gist(stage.post("mk-1", maker, card_body("mk-1", 1))) == "200 unchanged");

    const HttpResponse refused = stage.post("mk-2", maker, card_body("mk-2", 1));
    CHECK(gist(refused) == "409 card-bound-elsewhere");
    CHECK(refused.body.find("\"claim\":\"") != std::string::npos);
    CHECK(refused.body.find(iccid_of(1).text()) == std::string::npos);

    CHECK(gist(stage.post("mk-1", maker, R"({"device_id":"mk-1","equipment_id":"E"})")) ==
          "409 not-an-equipment-provider");
}

TEST_CASE("who shows no good credential is not let in, and not told why") {
    GatewayStage stage;
    const HttpResponse wrong = stage.post("mk-1", rival, card_body("mk-1", 1));
    CHECK(gist(wrong) == "401 unauthenticated");
    CHECK(header(wrong, "WWW-Authenticate") == "Basic realm=\"msp\"");
    const HttpResponse unknown = stage.post("nobodys-1", maker, card_body("nobodys-1", 1));
    CHECK(unknown.body == wrong.body);
    HttpRequest bare;
    bare.method = "POST";
    bare.target = "/v1/device-reports";
    CHECK(stage.send(bare).body == wrong.body);
    CHECK(stage.commits.empty());
}

TEST_CASE("a certificate of the provider's authority lets its device in") {
    GatewayStage stage;
    HttpRequest request;
    request.method = "POST";
    request.target = "/v1/device-reports";
    request.headers.add("Content-Type", "application/json");
    request.body = card_body("mk-1", 1);
    request.secure = true;
    request.peer_common_name = "mk-1";
    request.peer_authority = std::string(64, '2');
    CHECK(gist(stage.send(request)) == "401 unauthenticated");
    request.peer_authority = std::string(64, '1');
    CHECK(gist(stage.send(request)) == "200 bound");
    request.peer_common_name = "mk-2";
    CHECK(gist(stage.send(request)) == "403 not-this-device");
}

TEST_CASE("wrong credentials are counted, and who failed too often waits, right or wrong") {
    GatewayStage stage;
    for (int i = 0; i < 10; ++i)
        CHECK(gist(stage.post("mk-1", rival, "{}")) == "401 unauthenticated");
    const HttpResponse waits = stage.post("mk-1", maker, card_body("mk-1", 1));
    CHECK(gist(waits) == "429 too-many-failures");
    CHECK(header(waits, "Retry-After") == "60");
    CHECK(gist(stage.post("mk-2", maker, card_body("mk-2", 2))) == "200 bound");
    stage.loop.run_for(Duration(60'000));
    CHECK(gist(stage.post("mk-1", maker, card_body("mk-1", 1))) == "200 bound");
}

TEST_CASE("a device that is refused too often is told when to come again") {
    GatewayStage stage;
    for (int i = 0; i < 6; ++i)
        CHECK(gist(stage.post("mk-1", maker, card_body("mk-1", 4))) == "409 not-admitted");
    stage.loop.run_for(Duration(10'500));
    const HttpResponse waits = stage.post("mk-1", maker, card_body("mk-1", 1));
    CHECK(gist(waits) == "429 too-many-reports");
    CHECK(header(waits, "Retry-After") == "50");
}

TEST_CASE("a device reports about itself alone over HTTP too") {
    GatewayStage stage;
    CHECK(gist(stage.post("mk-2", maker, card_body("mk-1", 1))) == "403 not-this-device");
}

TEST_CASE("bad bodies are refused before anything is decided") {
    GatewayStage stage;
    CHECK(gist(stage.post("mk-1", maker, "")) == "400 malformed-json");
    CHECK(gist(stage.post("mk-1", maker, R"({"device_id":"mk-1"})")) == "400 invalid");
    HttpRequest request;
    request.method = "POST";
    request.target = "/v1/device-reports";
    const std::string secret = device_secret(stage.enrolment_key(maker), device("mk-1"));
    request.headers.add("Authorization", "Bearer mk-1:" + secret);
    request.headers.add("Content-Type", "text/plain");
    request.body = card_body("mk-1", 1);
    CHECK(gist(stage.send(request)) == "415 unsupported-media-type");
    CHECK(stage.commits.empty());
}

TEST_CASE("the door takes one path and one method") {
    GatewayStage stage;
    HttpRequest request;
    request.method = "GET";
    request.target = "/v1/device-reports";
    CHECK(HttpGateway::takes(request));
    CHECK(gist(stage.send(request)) == "405 method-not-allowed");
    CHECK(header(stage.send(request), "Allow") == "POST");
    request.method = "POST";
    request.target = "/v1/device-reports?dry_run=true";
    CHECK(HttpGateway::takes(request));
    CHECK(gist(stage.send(request)) == "400 unknown-parameter");
    for (const char* other : {"/", "/v1/device-reports/", "/v1/devices", "/v1/device-reportsx"}) {
        request.target = other;
        CHECK_FALSE(HttpGateway::takes(request));
        CHECK(gist(stage.send(request)) == "404 not-found");
    }
}

}  // namespace msp
