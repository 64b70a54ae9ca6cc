#include "world/http_client.hpp"
#include "world/http_served.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

using namespace msp;
using Kind = Failure::Kind;

static HttpCall getting(std::uint16_t port, const std::string& path) {
    HttpCall call;
    call.request.method = "GET";
    call.request.target = "http://127.0.0.1:" + std::to_string(port) + path;
    return call;
}

static Kind kind_of(const Result<HttpResponse, Failure>& outcome) {
    REQUIRE_FALSE(outcome);
    return outcome.reason().kind;
}

TEST_CASE("a blocking call has the outcomes that the client's calls have") {
    std::uint16_t closed_port = 0;
    {
        HttpServed served(answer_target);
        const auto outcome = call_http(getting(served.port(), "/x"));
        REQUIRE(outcome);
        CHECK(outcome->status == 200);
        CHECK(outcome->body == "/x ");
        closed_port = served.port();
    }
    CHECK(kind_of(call_http(getting(closed_port, "/"))) == Kind::unreachable);

    HttpServed silent([](const HttpRequest&, const std::shared_ptr<HttpExchange>&) {});
    CHECK(kind_of(call_http(getting(silent.port(), "/"))) == Kind::unknown);

    HttpCall broken = getting(silent.port(), "/");
    broken.request.headers.add("X", "a\r\nY: b");
    CHECK(kind_of(call_http(broken)) == Kind::unreachable);
}

namespace {

// Ten pieces: to /all and to the end, to /endless and no end, to /no with a refusal.
struct TenPieces {
    std::vector<std::shared_ptr<HttpExchange>> endless;
    HttpServed served{
        [this](const HttpRequest& request, const std::shared_ptr<HttpExchange>& exchange) {
            HttpResponse head;
            head.status = request.target == "/no" ? 403 : 200;
            exchange->begin_stream(std::move(head));
            for (int i = 0; i < 10; ++i) exchange->write("piece");
            if (request.target != "/endless") return exchange->end_stream();
            endless.push_back(exchange);
        }};
};

}  // namespace

TEST_CASE("a blocking call hears a body piece by piece, with no limit to it") {
    TenPieces pieces;
    HttpCall call = getting(pieces.served.port(), "/all");
    call.body_limit = 20;
    std::string heard;
    const auto outcome = call_http(call, [&](std::string_view piece) {
        heard += piece;
        return true;
    });
    REQUIRE(outcome);
    CHECK(outcome->body.empty());
    CHECK(heard.size() == 50);
}

TEST_CASE("whoever hears the pieces ends the call when it has heard enough") {
    TenPieces pieces;
    int heard = 0;
    const auto outcome = call_http(getting(pieces.served.port(), "/endless"),
                                   [&](std::string_view) { return ++heard, false; });
    REQUIRE(outcome);
    CHECK(outcome->status == 200);
    CHECK(heard == 1);
}

TEST_CASE("a refusal is not heard as pieces, but comes back whole") {
    TenPieces pieces;
    int heard = 0;
    const auto outcome = call_http(getting(pieces.served.port(), "/no"),
                                   [&](std::string_view) { return ++heard, true; });
    REQUIRE(outcome);
    CHECK(outcome->status == 403);
    CHECK(outcome->body.size() == 50);
    CHECK(heard == 0);
}

TEST_CASE("a stream that falls silent ends as unknown after the timeout, not before") {
    TenPieces pieces;
    HttpCall call = getting(pieces.served.port(), "/endless");
    call.timeout = Duration(300);
    std::string heard;
    const auto outcome = call_http(call, [&](std::string_view piece) {
        heard += piece;
        return true;
    });
    CHECK(kind_of(outcome) == Kind::unknown);
    CHECK(heard.size() == 50);
}
