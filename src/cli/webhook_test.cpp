#include "cli/stage_test.hpp"

#include <doctest/doctest.h>

using namespace msp;
using namespace msp::cli;

namespace {

// The example of Standard Webhooks 1.0.0.
const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n";
const std::string body = R"({"test": 2432232314})";
const std::string headers =
    "Host: epba.example\r\n"
    "Webhook-Id: msg_p5jXN8AQM9LWM0D4loKWxJek\r\n"
    "Webhook-Timestamp: 1614265330\r\n"
    "Webhook-Signature: v1,bm9ldHU5eWJ1ZGVqbGFuZ3VhZ2U= "
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r\n";

int verify(Stage& stage, const std::string& with_secret, const std::string& with_body,
           const std::string& with_headers) {
    return stage.run({"webhook", "verify", "--secret-file", stage.file("s", with_secret), "--body",
                      stage.file("b", with_body), "--headers", stage.file("h", with_headers)});
}

std::string without(std::string text, std::string_view part) {
    return text.erase(text.find(part), part.size());
}

}  // namespace

TEST_CASE("the example of the standard verifies, also as the second of two signatures") {
    Stage stage;
    CHECK(verify(stage, secret, body, headers) == exit_done);
    CHECK(stage.out.str() == "the signature is right\n");
    CHECK(stage.calls.empty());
}

TEST_CASE("whatever was changed on the way is noticed") {
    Stage stage;
    for (std::size_t i = 0; i < body.size(); ++i) {
        std::string changed = body;
        changed[i] = char(changed[i] ^ 1);
        CHECK(verify(stage, secret, changed, headers) == exit_failed);
    }
    CHECK(verify(stage, secret, body + "\n", headers) == exit_failed);
    for (const char* part : {"D4", "30\r", "+OT", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                             "Webhook-Id: ", "Webhook-Timestamp: 1614265330\r\n"})
        CHECK(verify(stage, secret, body, without(headers, part)) == exit_failed);
    CHECK(verify(stage, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx", body, headers) == exit_failed);
}

TEST_CASE("a header that is missing, and a secret that is none, are said to be so") {
    Stage stage;
    CHECK(verify(stage, secret, body, "") == exit_failed);
    CHECK(stage.out.str().find("no webhook-signature header") != std::string::npos);
    CHECK(verify(stage, "whsec_!!", body, headers) == exit_usage);
    CHECK(stage.run({"webhook", "verify", "--secret-file", "/no/such/file", "--body", "b",
                     "--headers", "h"}) == exit_usage);
}

TEST_CASE("listening forwards each event, signed so that verifying it holds") {
    Stage stage;
    const std::string event =
        R"({"id":"e-1","type":"m2m.equipment.bound","subject":"equipment/E"})";
    stage.will_answer(200, "id: 7\ndata: " + event + "\n\nid: 8\ndata: {\"id\":\"e-2\"}\n\n");
    stage.will_answer(204, "");
    stage.will_fail({Failure::Kind::unreachable, "cannot connect"});
    CHECK(stage.run({"webhook", "listen", "--forward-to", "http://127.0.0.1:9/hook", "--after", "6",
                     "--limit", "2"}) == exit_done);
    CHECK(stage.out.str() == "7  m2m.equipment.bound  equipment/E  204\n8      cannot connect\n");
    REQUIRE(stage.calls.size() == 3);
    CHECK(stage.calls[1].request.target == "http://127.0.0.1:9/hook");
    CHECK(stage.calls[1].request.body == event);
    CHECK(stage.header(1, "Authorization").empty());

    const std::string said = stage.err.str();
    const std::size_t at = said.find("whsec_");
    std::string sent;
    for (const HttpHeader& header : stage.calls[1].request.headers.all())
        sent += header.name + ": " + header.value + "\n";
    Stage receiver;
    CHECK(verify(receiver, said.substr(at, said.find(' ', at) - at), event, sent) == exit_done);
    CHECK(sent.find("webhook-timestamp: 1700000000\n") != std::string::npos);
}

TEST_CASE("a test or a resend that did not arrive is a failure") {
    Stage stage;
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"webhook", "test", "w1"}, {"webhook", "resend", "w1", "7"}}) {
        stage.will_answer(200, R"({"delivered":false,"status":503})");
        CHECK(stage.run(words) == exit_failed);
        stage.will_answer(200, R"({"delivered":true,"status":204})");
        CHECK(stage.run(words) == exit_done);
    }
}
