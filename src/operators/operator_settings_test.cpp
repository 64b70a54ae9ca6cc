#include "operators/operator_settings.hpp"

#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

static OperatorSettings unusual() {
    OperatorSettings out{.id = east};
    out.name = "East";
    out.base_url = "https://east.test/m2m";
    out.token = "t0ken";
    out.callback_secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
    out.profile.can = {.fences_by_generation = true,
                       .request_life = 7s,
                       .ignores_repeated_reference = true,
                       .status_field = StatusField::overwritten,
                       .tells_cause = true,
                       .notifies = true,
                       .lists_in_bulk = true,
                       .cuts_sessions = true};
    out.profile.pace = {.answer_deadline = 2s,
                        .completion_deadline = 3s,
                        .poll_every = 4s,
                        .allowed_pause = 500ms,
                        .assumed_life = 6s,
                        .parked_retry = 7s,
                        .backoff_least = 8ms,
                        .backoff_most = 9s};
    out.profile.drift = DriftPolicy::accept;
    out.limits = {.per_second = 0.5, .burst = 3, .concurrency = 4};
    out.breaker = {.failures = 5, .open_least = 2s, .open_most = 3s};
    out.audit = {.on = false,
                 .page_size = 7,
                 .page_every = 20ms,
                 .sweep_every = 5s,
                 .drift_share = 0.25,
                 .drift_least = 2};
    out.paused = true;
    return out;
}

TEST_CASE("settings are read back as they were written") {
    const auto back = decode_operator_settings(east, encode(unusual()));
    REQUIRE(back);
    CHECK(*back == unusual());
    OperatorSettings plain{.id = east};
    plain.base_url = "http://x";
    CHECK(decode_operator_settings(east, encode(plain)).value() == plain);
    CHECK(decode_operator_settings(east, R"({"base_url":"http://x"})").value() == plain);
}

TEST_CASE("a mobile core has addresses of its own, and nobody else has") {
    OperatorSettings core{.id = east};
    core.connector = "osmo-hlr";
    core.base_url = "ctrl://192.0.2.7:4259";
    core.core = {.gsup = "192.0.2.7:4223",
                 .sgsn = "[2001:db8::8]:4251",
                 .vty = "192.0.2.7:4258",
                 .circuit_switched = true};
    CHECK(decode_operator_settings(east, encode(core)).value() == core);
    const auto place = [](const std::string& members) {
        const auto settings = decode_operator_settings(east, "{" + members + "}");
        return settings ? std::string("none") : settings.reason().pointer;
    };
    const std::string connector = R"("connector":"osmo-hlr",)";
    const std::string url = R"("base_url":"ctrl://192.0.2.7:4259")";
    CHECK(place(connector + url) == "none");
    CHECK(place(connector + R"("base_url":"http://x")") == "/base_url");
    CHECK(place(connector + R"("base_url":"ctrl://hlr.example:4259")") == "/base_url");
    CHECK(place(connector + url + R"(,"core":{"gsup":"192.0.2.7"})") == "/core/gsup");
    CHECK(place(connector + url + R"(,"core":{"sgsn":"sgsn:1"})") == "/core/sgsn");
    CHECK(place(connector + url + R"(,"core":{"vty":"4258"})") == "/core/vty");
    CHECK(place(connector + url + R"(,"core":{"hlr":"192.0.2.7:1"})") == "/core/hlr");
    CHECK(place(R"("base_url":"http://x","core":{})") == "/core");
    CHECK(place(url) == "/base_url");
}

TEST_CASE("what is wrong in settings is refused at its place") {
    const auto place = [](const std::string& members) {
        const auto settings =
            decode_operator_settings(east, R"({"base_url":"http://x",)" + members + "}");
        return settings ? "none" : settings.reason().pointer;
    };
    CHECK(place(R"("name":"n")") == "none");
    CHECK(place(R"("name":7)") == "/name");
    CHECK(place(R"("nmae":"n")") == "/nmae");
    CHECK(place(R"("connector":"carrier-pigeon")") == "/connector");
    CHECK(place(R"("token":"a b")") == "/token");
    CHECK(place(R"("callback_secret":"abc")") == "/callback_secret");
    CHECK(place(R"("callback_secret":"whsec_AAAA")") == "/callback_secret");
    CHECK(place(R"("can":7)") == "/can");
    CHECK(place(R"("can":"lenient")") == "/can");
    CHECK(place(R"("can":"separate")") == "/can");
    CHECK(place(R"("can":{"request_life_ms":0})") == "/can/request_life_ms");
    CHECK(place(R"("can":{"request_life_ms":null})") == "none");
    CHECK(place(R"("can":{"fences":true})") == "/can/fences");
    CHECK(place(R"("can":{"status_field":"x"})") == "/can/status_field");
    CHECK(place(R"("pace":{"poll_every_ms":1})") == "/pace/poll_every_ms");
    CHECK(place(R"("pace":{"answer_deadline_ms":1000})") == "/pace/allowed_pause_ms");
    CHECK(place(R"("pace":{"backoff_least_ms":70000})") == "/pace/backoff_least_ms");
    CHECK(place(R"("limits":{"per_second":0})") == "/limits/per_second");
    CHECK(place(R"("limits":{"burst":1.5})") == "/limits/burst");
    CHECK(place(R"("limits":{"concurrency":0})") == "/limits/concurrency");
    CHECK(place(R"("breaker":{"open_least_ms":60000})") == "/breaker/open_least_ms");
    CHECK(place(R"("audit":{"drift_share":1.01})") == "/audit/drift_share");
    CHECK(place(R"("drift_policy":"shrug")") == "/drift_policy");
    CHECK(place(R"("paused":"yes")") == "/paused");
    for (const char* url :
         {"", "x", "ftp://x", "http://x/", "http://u@x", "http://x?a", "http://ü"})
        CHECK(decode_operator_settings(east, R"({"base_url":")" + std::string(url) + "\"}")
                  .reason()
                  .pointer == "/base_url");
    CHECK_FALSE(decode_operator_settings(east, "[]"));
    CHECK_FALSE(decode_operator_settings(east, "{"));
}

TEST_CASE("the kinds of operator have names, and settings may say them") {
    CHECK(capabilities_of("fenced")->fences_by_generation);
    CHECK(capabilities_of("serial")->status_field == StatusField::separate);
    CHECK(capabilities_of("serial")->request_life);
    CHECK(capabilities_of("combined")->status_field == StatusField::combined);
    CHECK(capabilities_of("overwritten")->status_field == StatusField::overwritten);
    CHECK(capabilities_of("overwritten-combined")->status_field ==
          StatusField::overwritten_combined);
    CHECK_FALSE(capabilities_of("separate"));
    CHECK_FALSE(capabilities_of(""));
    const auto said = decode_operator_settings(east, R"({"base_url":"http://x","can":"combined"})");
    CHECK(said.value().profile.can == *capabilities_of("combined"));
}
