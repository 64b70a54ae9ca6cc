#include "operators/rest/rest_wire.hpp"

#include "operators/http_answer_test.hpp"
#include "world/random.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

const RestAccess access{"https://operator.test/m2m", "t0ken"};

Errand errand(Errand::Kind kind, Order order = Order::activate) {
    return errand_about("sub/1 ü", kind, order);
}

Outcome ordered(const HttpAnswer& answer) {
    return decode_order(answer, errand(Errand::Kind::order));
}
Outcome polled(const HttpAnswer& answer) {
    return decode_poll(answer, errand(Errand::Kind::poll));
}
Result<Reading, Failure> read(const std::string& body, StatusField field = StatusField::separate,
                              int status = 200) {
    return decode_reading(http(status, body), errand(Errand::Kind::read), field);
}

std::string order_body(const std::string& rest) {
    return R"({"order_reference":"r-1","order":"activate","generation":7,)" + rest + "}";
}
std::string read_body(const std::string& rest) {
    return R"({"reference":"sub/1 ü","change":4,)" + rest + "}";
}

const Failure no_answer{Failure::Kind::unknown, "timeout"};
const Failure refused_connection{Failure::Kind::unreachable, "refused"};

using enum Outcome::Kind;

}  // namespace

TEST_CASE("requests are written as documented") {
    const HttpRequest order = encode_order(access, errand(Errand::Kind::order));
    CHECK(order.method == "PUT");
    CHECK(order.target == "https://operator.test/m2m/subscriptions/sub%2F1%20%C3%BC/orders/r-1");
    CHECK(order.body == R"({"order":"activate","generation":7})");
    CHECK(order.headers.find("Authorization") == "Bearer t0ken");
    CHECK(order.headers.find("Content-Type") == "application/json");

    const HttpRequest poll = encode_poll(access, errand(Errand::Kind::poll));
    CHECK(poll.method == "GET");
    CHECK(poll.target == order.target);
    CHECK(poll.body.empty());

    const HttpRequest one = encode_read(access, errand(Errand::Kind::read));
    CHECK(one.target == "https://operator.test/m2m/subscriptions/sub%2F1%20%C3%BC");
    CHECK(encode_list(access, "", 50).target == "https://operator.test/m2m/subscriptions?limit=50");
    CHECK(encode_list(access, "a&b", 50).target ==
          "https://operator.test/m2m/subscriptions?limit=50&after=a%26b");
    CHECK_FALSE(
        encode_read({"http://x", ""}, errand(Errand::Kind::read)).headers.find("Authorization"));
}

TEST_CASE("an order's answer is done, accepted or refused only where document and status agree") {
    const std::string done = order_body(R"("status":"done")");
    const std::string accepted = order_body(R"("status":"accepted")");
    const std::string refused_body =
        order_body(R"("status":"refused","code":"contract","reason":"not in your tariff")");
    CHECK(ordered(http(200, done)).kind == Outcome::Kind::done);
    CHECK(ordered(http(202, accepted)).kind == Outcome::Kind::accepted);
    CHECK(ordered(http(409, refused_body)).kind == refused);
    CHECK(ordered(http(409, refused_body)).reason == "contract: not in your tariff");
    for (const int status : {200, 201, 202, 204, 302, 400, 404, 409, 410, 418, 500, 502, 504}) {
        CAPTURE(status);
        if (status != 200) CHECK(ordered(http(status, done)).kind == unknown);
        if (status != 202) CHECK(ordered(http(status, accepted)).kind == unknown);
        if (status != 409) CHECK(ordered(http(status, refused_body)).kind == unknown);
        CHECK(ordered(http(status)).kind == unknown);
    }
}

TEST_CASE(
    "a refusal by the operator's own suspension is told from others, a pending lock is busy") {
    const Outcome suspended = ordered(
        http(409, order_body(R"("status":"refused","code":"suspended","reason":"bill unpaid")")));
    CHECK(suspended.kind == refused_suspended);
    CHECK(suspended.reason == "suspended: bill unpaid");
    CHECK(ordered(http(409, order_body(R"("status":"refused","code":"pending")"))).kind == busy);
    CHECK(ordered(http(409, order_body(R"("status":"refused")"))).kind == unknown);
    CHECK(ordered(http(409, order_body(R"("status":"refused","code":7)"))).kind == unknown);
}

TEST_CASE("what did not begin comes again, after the time that was asked for") {
    for (const int status : {401, 403, 429, 503}) {
        CAPTURE(status);
        HttpResponse response;
        response.status = status;
        CHECK(ordered(response).kind == busy);
        CHECK(ordered(response).reason == "http-" + std::to_string(status));
        CHECK_FALSE(ordered(response).retry_after);
        response.headers.add("Retry-After", "120");
        CHECK(ordered(response).retry_after == Duration(120s));
        for (const char* odd : {"-1", "1.5", "soon", "Fri, 31 Dec 1999 23:59:59 GMT", "99999999"}) {
            response.headers.set("Retry-After", odd);
            CHECK_FALSE(ordered(response).retry_after);
        }
    }
}

TEST_CASE("an answer about another order, or none at all, tells nothing") {
    CHECK(ordered(http(200, R"({"order_reference":"r-2","status":"done"})")).kind == unknown);
    CHECK(ordered(http(200, R"({"status":"done"})")).kind == unknown);
    CHECK(
        ordered(http(200, R"({"order_reference":"r-1","order":"reclaim","status":"done"})")).kind ==
        unknown);
    CHECK(ordered(http(200, R"({"order_reference":"r-1","status":"done"})")).kind ==
          Outcome::Kind::done);
    CHECK(ordered(no_answer).kind == unknown);
    CHECK(ordered(Failure{Failure::Kind::malformed, "x"}).kind == unknown);
    CHECK(ordered(refused_connection).kind == not_sent);
}

TEST_CASE("a poll tells the outcome, or that the order is not known, or nothing yet") {
    CHECK(polled(http(200, order_body(R"("status":"done")"))).kind == Outcome::Kind::done);
    CHECK(polled(http(200, order_body(R"("status":"accepted")"))).kind == Outcome::Kind::accepted);
    CHECK(polled(http(200, order_body(R"("status":"refused","code":"contract")"))).kind == refused);
    CHECK(polled(http(200, order_body(R"("status":"refused","code":"suspended")"))).kind ==
          refused_suspended);
    CHECK(polled(http(404, R"({"code":"no-such-order"})")).kind == unknown);
    for (const HttpAnswer& nothing :
         {http(404, R"({"code":"no-such-page"})"), http(404), http(500), http(429), http(200),
          http(200, "[]"), http(200, R"({"order_reference":"r-2","status":"done"})"),
          http(202, order_body(R"("status":"done")")), HttpAnswer(no_answer),
          HttpAnswer(refused_connection)})
        CHECK(polled(nothing).kind == Outcome::Kind::accepted);
}

TEST_CASE("a reading has the words of its kind of status field and no other") {
    struct Row {
        StatusField field;
        const char* state;
        NetworkState shown;
        bool suspended;
    };
    using enum StatusField;
    const Row rows[] = {
        {separate, "active", NetworkState::active, false},
        {separate, "de-active", NetworkState::de_active, false},
        {separate, "inactive", NetworkState::unknown, false},
        {separate, "terminated", NetworkState::reclaimed, false},
        {combined, "active", NetworkState::active, false},
        {combined, "inactive", NetworkState::de_active, false},
        {combined, "de-active", NetworkState::unknown, false},
        {overwritten, "active", NetworkState::active, false},
        {overwritten, "de-active", NetworkState::de_active, false},
        {overwritten, "suspended", NetworkState::de_active, true},
        {overwritten_combined, "inactive", NetworkState::de_active, false},
        {overwritten_combined, "de-active", NetworkState::unknown, false},
        {overwritten_combined, "terminated", NetworkState::reclaimed, false},
        {separate, "ACTIVE", NetworkState::unknown, false},
        {combined, "", NetworkState::unknown, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.state);
        const auto reading = read(read_body(R"("pending":false,"suspended":false,"state":")" +
                                            std::string(row.state) + "\""),
                                  row.field);
        REQUIRE(reading);
        CHECK(reading->state == row.shown);
        CHECK(reading->suspended == row.suspended);
        CHECK(reading->native.view() == row.state);
    }
}

TEST_CASE("a reading carries suspension, cause, session and what is still going on") {
    const auto reading = read(read_body(
        R"("state":"active","suspended":true,"cause":"bill 12345678 unpaid","session":true,
           "pending":true)"));
    REQUIRE(reading);
    CHECK(reading->suspended);
    CHECK(reading->cause == "bill … unpaid");
    CHECK(reading->session == true);
    CHECK(reading->changing);
    const auto without = read(read_body(R"("state":"active","suspended":false,"pending":false)"));
    REQUIRE(without);
    CHECK_FALSE(without->session);
}

TEST_CASE("a read that lacks something, or is about something else, is no reading") {
    for (const char* body :
         {R"("state":"active","pending":false)", R"("state":"active","suspended":false)",
          R"("suspended":false,"pending":false)", R"("state":1,"suspended":false,"pending":false)",
          R"("state":"active","suspended":"no","pending":false)"}) {
        CAPTURE(body);
        const auto reading = read(read_body(body));
        REQUIRE_FALSE(reading);
        CHECK(reading.reason().kind == Failure::Kind::malformed);
    }
    const std::string good = R"("state":"active","suspended":false,"pending":false)";
    CHECK_FALSE(read(R"({"reference":"other",)" + good + "}"));
    CHECK_FALSE(read("{" + good + "}"));
    CHECK(read(read_body(good), StatusField::separate, 404).reason().kind ==
          Failure::Kind::unknown);
    CHECK(read(read_body(good), StatusField::separate, 503).reason().kind ==
          Failure::Kind::overloaded);
    CHECK(decode_reading(no_answer, errand(Errand::Kind::read), StatusField::separate).reason() ==
          no_answer);
}

TEST_CASE("a list is whole or nothing, but for words that are not known") {
    const std::string one = R"({"reference":"a","state":"active","suspended":false,
                                "pending":false,"change":1})";
    const std::string odd = R"({"reference":"b","state":"lost","suspended":false,
                                "pending":false,"change":2})";
    const auto list = [](const std::string& body) {
        return decode_list(http(200, body), StatusField::separate);
    };
    const auto page = list(R"({"items":[)" + one + "," + odd + R"(],"next":"b"})");
    REQUIRE(page);
    REQUIRE(page->entries.size() == 2);
    CHECK(page->entries[0].reference == SubscriptionReference("a"));
    CHECK(page->entries[0].reading.state == NetworkState::active);
    CHECK(page->entries[1].reading.state == NetworkState::unknown);
    CHECK(page->entries[1].change == 2);
    CHECK(page->next == "b");
    CHECK_FALSE(list(R"({"items":[]})")->next);
    for (const std::string& bad :
         {std::string("[]"), std::string("{}"), std::string(R"({"items":{}})"),
          std::string(R"({"items":[1]})"), R"({"items":[)" + one + R"(],"next":""})",
          std::string(R"({"items":[{"reference":"a"}]})"),
          R"({"items":[{"reference":")" + std::string(65, 'x') +
              R"(","state":"active","suspended":false,"pending":false,"change":1}]})"})
        CHECK_FALSE(list(bad));
    CHECK(decode_list(http(429), StatusField::separate).reason().kind == Failure::Kind::overloaded);
}

TEST_CASE("no byte of an answer that is changed makes it say something else") {
    const std::string done = order_body(R"("status":"done")");
    const std::string reading = read_body(R"("state":"active","suspended":false,"pending":false)");
    SeededRandom random(11);
    int told = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string body = i % 2 == 0 ? done : reading;
        body.resize(random.below(8) == 0 ? random.below(body.size()) : body.size());
        for (std::uint64_t n = random.below(3); n > 0 && !body.empty(); --n)
            body[random.below(body.size())] = static_cast<char>(random.below(256));
        const Outcome outcome = ordered(http(200, body));
        const bool fair = outcome.kind == unknown || outcome.kind == Outcome::Kind::done;
        CHECK(fair);
        if (const auto shown = read(body); shown && shown->state != NetworkState::unknown) {
            CHECK(shown->state == NetworkState::active);
            ++told;
        }
    }
    CHECK(told > 100);
}

TEST_CASE("an operator's words lose long numbers and control characters, and keep their letters") {
    const auto reason = [](const std::string& said) {
        return ordered(http(409, order_body(R"("status":"refused","code":"x","reason":")" + said +
                                            "\"")))
            .reason;
    };
    CHECK(reason("IMSI 262070000000001 is barred") == "x: IMSI … is barred");
    CHECK(reason("line 12345 of 3") == "x: line 12345 of 3");
    CHECK(reason("a\\u0007b\\nc") == "x: abc");
    CHECK(reason(std::string(300, 'y')) == "x: " + std::string(200, 'y'));
    CHECK(reason(std::string(199, 'y') + "é") == "x: " + std::string(199, 'y'));
}
