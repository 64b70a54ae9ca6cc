#include "notices/webhook.hpp"

#include "notices/cloud_event.hpp"
#include "notices/webhook_answer.hpp"
#include "world/crypto.hpp"

#include <doctest/doctest.h>

using namespace msp;
using namespace std::chrono_literals;

TEST_CASE("a signature is the one that the standard's own libraries are tested with") {
    const auto secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    REQUIRE(secret);
    CHECK(secret->signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1'614'265'330,
                            R"({"test": 2432232314})") ==
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("secrets are written and read back, and are long enough") {
    SeededRandom random(1);
    const WebhookSecret secret = WebhookSecret::fresh(random);
    CHECK(secret.text().starts_with("whsec_"));
    CHECK(WebhookSecret::parse(secret.text()) == secret);
    CHECK_FALSE(WebhookSecret::fresh(random) == secret);
    const auto of_bytes = [](std::size_t count) {
        return WebhookSecret::parse("whsec_" + base64(std::string(count, 'x'))).has_value();
    };
    CHECK_FALSE(of_bytes(23));
    CHECK(of_bytes(24));
    CHECK(of_bytes(64));
    CHECK_FALSE(of_bytes(65));
    for (const char* none : {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                             "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!!"})
        CHECK_FALSE(WebhookSecret::parse(none));
}

TEST_CASE("a request carries the id, the time of the attempt and a signature for each secret") {
    SeededRandom random(2);
    const WebhookSecret fresh = WebhookSecret::fresh(random);
    const WebhookSecret old = WebhookSecret::fresh(random);
    const Time now{Duration(1'614'265'330'999)};
    const HttpRequest request = webhook_request("https://hooks.example.com/in",
                                                std::vector{fresh, old}, "3-4711", now, "{}");
    CHECK(request.method == "POST");
    CHECK(request.target == "https://hooks.example.com/in");
    CHECK(request.body == "{}");
    CHECK(request.headers.find("Content-Type") == event_content_type);
    CHECK(request.headers.find("webhook-id") == "3-4711");
    CHECK(request.headers.find("webhook-timestamp") == "1614265330");
    CHECK(request.headers.find("webhook-signature") ==
          fresh.signature("3-4711", 1'614'265'330, "{}") + " " +
              old.signature("3-4711", 1'614'265'330, "{}"));
}

TEST_CASE("an answer delivers, fails, or says that the receiver is gone for good") {
    using Kind = WebhookAnswer::Kind;
    const Time now{Duration(784'111'777'000)};  // Sun, 06 Nov 1994 08:49:37 GMT
    const auto judged = [now](int status, const std::string& retry_after = {}) {
        HttpResponse response;
        response.status = status;
        if (!retry_after.empty()) response.headers.add("Retry-After", retry_after);
        return judge(response, now);
    };
    for (int status = 100; status < 600; ++status) {
        const Kind expected = status / 100 == 2 ? Kind::delivered
                              : status == 410   ? Kind::gone
                                                : Kind::failed;
        CHECK(judged(status).kind == expected);
        CHECK(judged(status).error.empty() == (expected == Kind::delivered));
    }
    CHECK(judged(429, "120").retry_after == 120s);
    CHECK(judged(503, "Sun, 06 Nov 1994 08:50:37 GMT").retry_after == 60s);
    CHECK(judged(503, "Sun, 06 Nov 1994 08:00:00 GMT").retry_after == 0s);
    CHECK_FALSE(judged(500, "120").retry_after);
    for (const char* none :
         {"soon", "-1", "1.5", "", "99999999999999", "Sun, 06 Nev 1994 08:50:37 GMT",
          "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:37 CET"})
        CHECK_FALSE(judged(429, none).retry_after);

    const WebhookAnswer lost = judge(Failure{Failure::Kind::unknown, "Timeout was reached"}, now);
    CHECK(lost.kind == Kind::failed);
    CHECK(lost.status == 0);
    CHECK(lost.error == "Timeout was reached");
}
