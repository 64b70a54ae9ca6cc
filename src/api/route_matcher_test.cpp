#include "api/route_matcher.hpp"

#include "api/target.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace msp;

namespace {

constexpr Route row(std::string_view method, std::string_view path) {
    return {method, path, Who::party, Role::viewer, nullptr, "x"};
}

constexpr Route sample[] = {
    row("GET", "/livez"),
    row("GET", "/v1/devices"),
    row("POST", "/v1/devices/handover"),
    row("GET", "/v1/devices/{device_id}"),
    row("POST", "/v1/devices/{device_id}:check"),
    row("PUT", "/v1/devices/{device_id}/hold/{code}"),
    row("DELETE", "/v1/devices/{device_id}/hold/{code}"),
    row("POST", "/v1/devices/{device_id}/hold/{code}:preview"),
    row("POST", "/v1/devices/{device_id}/hold/{code}:preview-lift"),
    row("POST", "/v1/devices/{device_id}/m2m-service:preview"),
};

struct Expected {
    std::string_view method, path;
    int status;
    std::string_view answer;  // the row's path and its arguments, or Allow
};

std::string told(const Result<RouteMatch, RouteMiss>& result) {
    if (!result) return result.reason().allow;
    std::string out(result->route->path);
    for (const auto& [name, value] : result->arguments)
        out += " " + std::string(name) + "=" + value;
    return out;
}

// What a path finds: the row and its arguments, the methods that it has, or nothing.
constexpr Expected rows[] = {
    {"GET", "/livez", 200, "/livez"},
    {"HEAD", "/livez", 200, "/livez"},
    {"POST", "/livez", 405, "GET, HEAD"},
    {"GET", "/v1/devices", 200, "/v1/devices"},
    {"GET", "/v1/devices/", 404, ""},
    {"GET", "/v1//devices", 404, ""},
    {"GET", "/v1", 404, ""},
    {"GET", "/", 404, ""},
    {"GET", "", 404, ""},
    {"GET", "*", 404, ""},
    {"GET", "/v1/devices/D-1", 200, "/v1/devices/{device_id} device_id=D-1"},
    {"GET", "/v1/devices/D%2D1", 200, "/v1/devices/{device_id} device_id=D-1"},
    {"GET", "/v1/devices/D%252D1", 200, "/v1/devices/{device_id} device_id=D%2D1"},
    {"GET", "/v1/devices/D%2F1", 400, ""},
    {"GET", "/v1/devices/D%001", 400, ""},
    {"GET", "/v1/devices/D%0a1", 400, ""},
    {"GET", "/v1/devices/D%2", 400, ""},
    {"GET", "/v1/devices/D%zz", 400, ""},
    {"GET", "/v1/devices/a:b:c", 200, "/v1/devices/{device_id} device_id=a:b:c"},
    {"POST", "/v1/devices/a:b:check", 200, "/v1/devices/{device_id}:check device_id=a:b"},
    {"GET", "/v1/devices/a:check", 405, "POST"},
    {"GET", "/v1/devices/a%3Acheck", 200, "/v1/devices/{device_id} device_id=a:check"},
    {"POST", "/v1/devices/a%3Acheck:check", 200, "/v1/devices/{device_id}:check device_id=a:check"},
    {"POST", "/v1/devices/:check", 404, ""},
    {"POST", "/v1/devices/handover", 200, "/v1/devices/handover"},
    {"GET", "/v1/devices/handover", 200, "/v1/devices/{device_id} device_id=handover"},
    {"POST", "/v1/devices/D-1", 405, "GET, HEAD"},
    {"PUT", "/v1/devices/handover", 405, "GET, HEAD, POST"},
    {"PATCH", "/v1/devices/D-1/hold/unpaid", 405, "DELETE, PUT"},
    {"PUT", "/v1/devices/D-1/hold/unpaid", 200,
     "/v1/devices/{device_id}/hold/{code} device_id=D-1 code=unpaid"},
    {"PUT", "/v1/devices/a:check/hold/unpaid", 200,
     "/v1/devices/{device_id}/hold/{code} device_id=a:check code=unpaid"},
    {"POST", "/v1/devices/D-1/hold/unpaid:preview", 200,
     "/v1/devices/{device_id}/hold/{code}:preview device_id=D-1 code=unpaid"},
    {"POST", "/v1/devices/D-1/hold/unpaid:preview-lift", 200,
     "/v1/devices/{device_id}/hold/{code}:preview-lift device_id=D-1 code=unpaid"},
    {"POST", "/v1/devices/D-1/m2m-service:preview", 200,
     "/v1/devices/{device_id}/m2m-service:preview device_id=D-1"},
    {"GET", "/v1/devices/D-1/hold", 404, ""},
};

}  // namespace

TEST_CASE("A path finds its row, with arguments decoded once") {
    const RouteMatcher matcher(sample);
    for (const Expected& row : rows) {
        CAPTURE(row.method);
        CAPTURE(row.path);
        const auto result = matcher.match(row.method, row.path);
        CHECK((result ? 200 : result.reason().status) == row.status);
        CHECK(told(result) == row.answer);
    }
}

TEST_CASE("A query is decoded once, and what could be understood twice is refused") {
    const auto query = Query::parse("a=1&b=x%20y+z&c&d=%3D&&e=");
    REQUIRE(query);
    CHECK(query->find("a") == "1");
    CHECK(query->find("b") == "x y z");
    CHECK(query->find("c") == "");
    CHECK(query->find("d") == "=");
    CHECK(query->find("e") == "");
    CHECK_FALSE(query->has("f"));
    for (const std::string_view bad :
         {"a=1&a=2", "a=%", "a=%4", "a=%xy", "a=%00", "%0d=1", "a=1&%61=2"}) {
        CAPTURE(bad);
        CHECK_FALSE(Query::parse(bad));
    }
    std::string many = "a0=1";
    for (int i = 1; i < 40; ++i) many += "&a" + std::to_string(i) + "=1";
    CHECK_FALSE(Query::parse(many));
}

TEST_CASE("What is encoded for a path comes back from it") {
    for (const std::string_view text :
         {"D-1", "a:check", "100%", "a b", "\xE5\xA4\x87", "a.b_c~"}) {
        CHECK(decoded_segment(encoded_segment(text)) == text);
        CHECK(encoded_segment(text).find(':') == std::string::npos);
    }
}
