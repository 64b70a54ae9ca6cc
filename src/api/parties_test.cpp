// Parties and their keys: who may do what, what is shown once, what ends.

#include "api/stage_test.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace msp::api_stage;

namespace {

HttpRequest with_token(const Stage& stage, const std::string& token, std::string_view method,
                       std::string_view target) {
    return stage.request("", method, target, {}, {{"Authorization", "Bearer " + token}});
}

}  // namespace

TEST_CASE("A party is registered once, with an enrolment key that is shown once") {
    Stage stage;
    const std::string body =
        R"({"party":"modemworks","name":"Modem Works","roles":["device-provider"],)"
        R"("device_prefixes":["MW-"]})";
    const Fields key{{"Idempotency-Key", "k-1"}};
    const Reply made = stage.done("m2m-sp/admin", "POST", "/v1/parties", body, key);
    CHECK(made.status == 201);
    CHECK(made.header("Location") == "/v1/parties/modemworks");
    CHECK(made.at("enrolment_key").size() == 43);
    CHECK(stage.done("m2m-sp/admin", "GET", "/v1/parties/modemworks").at("enrolment_key").empty());
    CHECK(stage.done("m2m-sp/admin", "POST", "/v1/parties", body, key).status == 201);
    const Reply twice = stage.call("m2m-sp/admin", "POST", "/v1/parties", body);
    CHECK(twice.status == 409);
    CHECK(stage.call("ep-one/admin", "POST", "/v1/parties", body).status == 403);
    CHECK(stage.call("m2m-sp/viewer", "POST", "/v1/parties", body).code() == "role-too-small");
}

TEST_CASE("A prefix belongs to one device provider, and none begins like another's") {
    Stage stage;
    const auto add = [&stage](std::string_view id, std::string_view prefix) {
        return stage.call("m2m-sp/admin", "POST", "/v1/parties",
                          R"({"party":")" + std::string(id) +
                              R"(","roles":["device-provider"],"device_prefixes":[")" +
                              std::string(prefix) + R"("]})");
    };
    CHECK(add("dp-three", "ONE-").status == 409);
    CHECK(add("dp-three", "ONE-9").status == 409);
    CHECK(add("dp-three", "O").status == 400);
    CHECK(add("dp-three", "THREE-").status == 201);
}

TEST_CASE("A key is shown once, works until it is revoked or expires, and is its party's own") {
    Stage stage;
    const Reply made =
        stage.done("ep-one/admin", "POST", "/v1/keys", R"({"name":"epba","role":"operator"})");
    CHECK(made.status == 201);
    const std::string token = made.at("token");
    CHECK(token.starts_with("msp_"));
    const Reply listed = stage.done("ep-one/admin", "GET", "/v1/keys");
    CHECK(listed.has("\"epba\""));
    CHECK_FALSE(listed.has(token.substr(token.rfind('_'))));

    const Reply me = stage.call(with_token(stage, token, "GET", "/v1/me"));
    CHECK(me.at("party") == "ep-one");
    CHECK(me.at("role") == "operator");
    const std::string path = "/v1/keys/" + made.at("key");
    CHECK(stage.call("ep-two/admin", "DELETE", path).code() == "no-such-key");
    CHECK(stage.done("ep-one/admin", "DELETE", path).status == 204);
    CHECK(stage.call(with_token(stage, token, "GET", "/v1/me")).status == 401);

    const Reply brief = stage.done("m2m-sp/admin", "POST", "/v1/keys",
                                   R"({"name":"visitor","role":"viewer","party":"ep-one",)"
                                   R"("expires":"2026-01-01T01:00:00Z"})");
    CHECK(stage.call(with_token(stage, brief.at("token"), "GET", "/v1/me")).at("party") ==
          "ep-one");
    stage.loop.run_for(std::chrono::hours(2));
    CHECK(stage.call(with_token(stage, brief.at("token"), "GET", "/v1/me")).status == 401);
}

TEST_CASE("Who guesses keys is told to wait, and others are not") {
    Stage stage;
    int waits = 0;
    for (int i = 0; i < 30; ++i) {
        HttpRequest guess = with_token(stage, "msp_abcdefgh_" + std::to_string(i), "GET", "/v1/me");
        guess.peer = "192.0.2.9:4000";
        const Reply reply = stage.call(std::move(guess));
        CHECK((reply.status == 401 || reply.status == 429));
        waits += reply.status == 429;
    }
    CHECK(waits >= 10);
    CHECK(stage.call("ep-one/viewer", "GET", "/v1/me").status == 200);
    stage.loop.run_for(std::chrono::minutes(2));
    HttpRequest later = with_token(stage, "msp_abcdefgh_x", "GET", "/v1/me");
    later.peer = "192.0.2.9:4000";
    CHECK(stage.call(std::move(later)).status == 401);
}

TEST_CASE("A party that is closed keeps its things and can do nothing more") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    CHECK(stage.call("closed-ep/admin", "GET", "/v1/me").status == 401);
    stage.done("m2m-sp/admin", "PATCH", "/v1/parties/ep-one", R"({"open":false})");
    CHECK(stage.call("ep-one/admin", "GET", "/v1/equipment").status == 401);
    const Reply kept = stage.done("m2m-sp/viewer", "GET", "/v1/equipment/EX-1?provider=ep-one");
    CHECK(kept.at("status") == "active");
    stage.done("m2m-sp/admin", "PATCH", "/v1/parties/ep-one", R"({"open":true})");
    CHECK(stage.call("ep-one/admin", "GET", "/v1/equipment").status == 200);
}

TEST_CASE("A key, a party and a webhook that are previewed are not there, and open nothing") {
    Stage stage;
    const auto ask_for = [&stage](const char* who, const char* path, const char* body) {
        return stage.done(who, "POST", path, body);
    };
    const Reply key = ask_for("ep-one/admin", "/v1/keys:preview", R"({"name":"x","role":"admin"})");
    CHECK(key.at("token") == "null");
    CHECK(key.at("key").empty());
    CHECK(key.at("role") == "admin");
    const Reply party = ask_for("m2m-sp/op", "/v1/parties:preview",
                                R"({"party":"dp-new","roles":["device-provider"]})");
    CHECK(party.at("roles") == R"(["device-provider"])");
    CHECK(stage.call("m2m-sp/op", "GET", "/v1/parties/dp-new").code() == "no-such-party");
    const Reply hook =
        ask_for("ep-one/admin", "/v1/webhooks:preview", R"({"url":"https://HOOKS.example.com"})");
    CHECK(hook.at("url") == "https://hooks.example.com/");
    CHECK(hook.at("id").empty());
    CHECK(stage.done("ep-one/admin", "GET", "/v1/webhooks").at("items") == "[]");
}
