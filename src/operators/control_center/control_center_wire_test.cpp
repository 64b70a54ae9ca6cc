#include "operators/control_center/control_center_wire.hpp"

#include "operators/http_answer_test.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>

using namespace msp;
using namespace msp::control_center;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

const Access access{"https://cc.test", "user:key"};
const std::string iccid = "8944500000000000016";

Errand errand(Order order = Order::activate) {
    return errand_about(iccid, Errand::Kind::order, order);
}

std::string error(const std::string& code) {
    return R"({"errorMessage":"not so, 262070000000001","errorCode":")" + code + R"("})";
}

Outcome ordered(const HttpAnswer& answer, Order order = Order::activate) {
    return decode_order(answer, errand(order));
}

}  // namespace

TEST_CASE("requests are those of the interface") {
    const HttpRequest order = encode_order(access, errand(Order::reclaim));
    CHECK(order.method == "PUT");
    CHECK(order.target == "https://cc.test/rws/api/v1/devices/" + iccid);
    CHECK(order.headers.find("Authorization") == "Basic dXNlcjprZXk=");
    CHECK(order.body == R"({"status":"RETIRED"})");
    CHECK(encode_order(access, errand(Order::activate)).body == R"({"status":"ACTIVATED"})");
    CHECK(encode_order(access, errand(Order::de_activate)).body == R"({"status":"DEACTIVATED"})");
    const HttpRequest read = encode_read(access, errand());
    CHECK(read.method == "GET");
    CHECK(read.body.empty());
    const Time since{std::chrono::seconds(1'700'000'000)};
    CHECK(encode_list(access, {3, since}, 1'000).target ==
          "https://cc.test/rws/api/v1/devices?modifiedSince=2023-11-14T22%3A13%3A20Z"
          "&pageSize=50&pageNumber=3");
}

TEST_CASE("an order is done when the answer says so of this card, and only then") {
    using Kind = Outcome::Kind;
    CHECK(ordered(http(200, R"({"iccid":"8944500000000000016"})")).kind == Kind::done);
    CHECK(ordered(http(200, R"({"iccid":"8944500000000000024"})")).kind == Kind::unknown);
    CHECK(ordered(http(200, "{}")).kind == Kind::unknown);
    CHECK(ordered(http(202, R"({"iccid":"8944500000000000016"})")).kind == Kind::unknown);
    CHECK(ordered(http(500, error("30000001"))).kind == Kind::unknown);
    CHECK(ordered(http(503, "<html>")).kind == Kind::unknown);
    CHECK(ordered(Failure{Failure::Kind::unknown, "reset"}).kind == Kind::unknown);
    CHECK(ordered(Failure{Failure::Kind::unreachable, "refused"}).kind == Kind::not_sent);
}

TEST_CASE("an error code decides: already so, too fast, or refused") {
    using Kind = Outcome::Kind;
    CHECK(ordered(http(400, error("10030000"))).kind == Kind::done);
    CHECK(ordered(http(400, error("10030000")), Order::reclaim).kind == Kind::refused);
    for (const int status : {400, 429, 500}) {
        const Outcome busy = ordered(http(status, error("40000029")));
        CHECK(busy.kind == Kind::busy);
        CHECK(busy.retry_after == 1s);
    }
    CHECK(ordered(http(401, error("10000001"))).kind == Kind::busy);
    CHECK(ordered(http(429)).kind == Kind::busy);
    const Outcome refused = ordered(http(400, error("10000029")));
    CHECK(refused.kind == Kind::refused);
    CHECK(refused.reason == "cc-10000029: not so, …");
    CHECK(ordered(http(404, error("10000004"))).kind == Kind::refused);
    CHECK(ordered(http(404, "<html>a console, not the interface</html>")).kind == Kind::unknown);
    CHECK(ordered(http(400, error("262070000000001"))).kind == Kind::unknown);
    CHECK(ordered(http(400, error("tired"))).kind == Kind::unknown);
}

TEST_CASE("each status has one meaning, and what is not in the table has none") {
    const std::pair<const char*, NetworkState> rows[] = {
        {"INVENTORY", NetworkState::de_active},     {"TEST_READY", NetworkState::active},
        {"ACTIVATION_READY", NetworkState::active}, {"ACTIVATED", NetworkState::active},
        {"DEACTIVATED", NetworkState::de_active},   {"RETIRED", NetworkState::reclaimed},
        {"PURGED", NetworkState::reclaimed},        {"REPLACED", NetworkState::unknown},
        {"SUSPENDED", NetworkState::unknown},       {"activated", NetworkState::unknown},
        {"ACTIVATED ", NetworkState::unknown},      {"", NetworkState::unknown}};
    for (const auto& [word, state] : rows) CHECK(meaning(word) == state);
}

TEST_CASE("a read shows the operator's own word beside its meaning") {
    const auto read = [](const std::string& body) {
        return decode_reading(http(200, body), errand());
    };
    const auto odd = read(R"({"iccid":"8944500000000000016","status":"GLOBAL_TRANSFER"})");
    REQUIRE(odd);
    CHECK(odd->state == NetworkState::unknown);
    CHECK(odd->native == Text<32>("GLOBAL_TRANSFER"));
    CHECK_FALSE(read(R"({"iccid":"8944500000000000024","status":"ACTIVATED"})"));
    CHECK_FALSE(read(R"({"iccid":"8944500000000000016"})"));
    CHECK_FALSE(read(R"({"iccid":"8944500000000000016","status":7})"));
    CHECK_FALSE(read(R"({"iccid":"8944500000000000016","sta)"));
    CHECK(decode_reading(http(429), errand()).reason().kind == Failure::Kind::overloaded);
    CHECK(decode_reading(http(404), errand()).reason().kind == Failure::Kind::unknown);
}

TEST_CASE("a page leads to the next, and a page that is not the one asked for is none") {
    const Place third{3, Time(std::chrono::seconds(1'700'000'000))};
    const auto listed = [&third](const std::string& body) {
        return decode_list(http(200, body), third);
    };
    const std::string row = R"({"iccid":"8944500000000000016","status":"ACTIVATED"})";
    const auto page = listed(R"({"pageNumber":3,"lastPage":false,"devices":[)" + row + "]}");
    REQUIRE(page);
    CHECK(page->entries.size() == 1);
    const auto next = read_cursor(page->next.value());
    REQUIRE(next);
    CHECK(next->page == 4);
    CHECK(next->since == third.since);
    const auto last = listed(R"({"pageNumber":3,"lastPage":true,"devices":[]})");
    REQUIRE(last);
    CHECK_FALSE(last->next);
    CHECK_FALSE(listed(R"({"pageNumber":3,"lastPage":false,"devices":[]})"));
    CHECK_FALSE(listed(R"({"pageNumber":1,"lastPage":true,"devices":[]})"));
    CHECK_FALSE(listed(R"({"pageNumber":3,"devices":[]})"));
    CHECK_FALSE(listed(R"({"pageNumber":3,"lastPage":true,"devices":[{"status":"ACTIVATED"}]})"));
    for (const char* wrong : {"", "1", "0.5", "1.", "-1.5", "1.99999999999999", "x.y", "1.5x"})
        CHECK_FALSE(read_cursor(wrong));
}
