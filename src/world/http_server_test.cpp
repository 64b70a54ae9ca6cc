#include "world/http_server.hpp"

#include "world/http_framing_cases.hpp"
#include "world/http_served.hpp"
#include "world/random.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace msp;

TEST_CASE("each case of the framing table is answered as it should be, over the wire") {
    SeededRandom chance(7);
    HttpServed served(answer_empty, framing_limits());
    std::uint64_t faults = 0;
    std::uint64_t requests = 0;
    for (const FramingCase& each : framing_cases()) {
        CAPTURE(each.name);
        const std::string bytes = each.bytes + std::string(next_request);
        CHECK(statuses(served.ask(bytes)) == each.statuses);

        RawSocket cut = served.connect();
        const std::size_t half = chance.below(bytes.size());
        cut.send(std::string_view(bytes).substr(0, half));
        cut.send(std::string_view(bytes).substr(half));
        cut.send_no_more();
        CHECK(statuses(cut.receive_all()) == each.statuses);
        CHECK_FALSE(cut.was_reset());

        for (int status : each.statuses) ++(status == 200 ? requests : faults);
    }
    CHECK(served.figures().requests == 2 * requests);
    CHECK(served.figures().rejected == 2 * faults);
    CHECK(served.comes_down_to(0));
}

TEST_CASE("a refusal is a problem that says what to do, and the last word") {
    HttpServed served(answer_empty);
    const std::string answer = served.ask("GET / HTTP/1.1\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\nDate: "));
    CHECK(has(answer, "\r\nContent-Type: application/problem+json\r\n"));
    CHECK(has(answer, "\r\nConnection: close\r\n"));
    CHECK(answer.ends_with(
        R"({"type":"about:blank","title":"Bad Request","status":400,"code":"framing",)"
        R"("hint":"Send exactly one Host field, with a host in it."})"));
}

TEST_CASE("a handler gets the request as it was sent, and who sent it") {
    KeptRequests kept;
    HttpServed served(kept.handler());
    RawSocket socket = served.connect();
    socket.send(request("/v1/cards?a=b", "X-Name: value\r\n", "{}"));
    kept.await(1);
    REQUIRE(kept.requests.size() == 1);
    const HttpRequest& got = kept.requests.front();
    CHECK(got.method == "GET");
    CHECK(got.target == "/v1/cards?a=b");
    CHECK(got.headers.find("x-name") == "value");
    CHECK(got.body == "{}");
    CHECK(got.peer.starts_with("127.0.0.1:"));
    CHECK_FALSE(got.secure);
    CHECK(got.peer_common_name.empty());
}

TEST_CASE("pipelined requests are answered in order, and one at a time is with the handler") {
    KeptRequests kept;
    HttpServed served(kept.handler());
    RawSocket socket = served.connect();
    socket.send(request("/1") + request("/2") + request("/3"));
    for (int i = 1; i <= 3; ++i) {
        kept.await(i);
        served.loop().post([&kept, i] {
            CHECK(kept.requests.size() == static_cast<std::size_t>(i));
            const auto& got = kept.requests.back();
            kept.exchanges.back()->respond(answer("answer to " + got.target));
        });
    }
    const std::string answers = socket.receive_until("answer to /3");
    CHECK(answers.find("answer to /1") < answers.find("answer to /2"));
    CHECK(answers.find("answer to /2") < answers.find("answer to /3"));
    CHECK(answers.ends_with("answer to /3"));
}

TEST_CASE("a thousand pipelined requests get a thousand answers in their order") {
    HttpServed served(answer_target);
    std::string requests;
    std::string expected;
    for (int i = 0; i < 1'000; ++i) requests += request("/" + std::to_string(i));
    RawSocket socket = served.connect();
    std::thread sending([&] {
        socket.send(requests);
        socket.send_no_more();
    });
    const std::string answers = socket.receive_all();
    sending.join();
    CHECK(statuses(answers) == std::vector<int>(1'000, 200));
    std::size_t at = 0;
    for (int i = 0; i < 1'000 && at != std::string::npos; ++i)
        at = answers.find("/" + std::to_string(i) + " ", at);
    CHECK(at != std::string::npos);
}

TEST_CASE("who pipelines without reading is not read on for ever") {
    std::atomic<int> handled = 0;
    HttpServed served([&](const HttpRequest&, const std::shared_ptr<HttpExchange>& exchange) {
        ++handled;
        exchange->respond(answer(std::string(64 * 1024, 'x')));
    });
    RawSocket socket = served.connect();
    std::string requests;
    for (int i = 0; i < 1'000; ++i) requests += request("/");
    std::thread sending([&] { socket.send(requests); });
    sending.join();
    // Many turns later all requests wait in buffers; answers of 64 MB do not.
    for (int turn = 0; turn < 200; ++turn) served.figures();
    CHECK(handled < 500);
    socket.send_no_more();
    CHECK(statuses(socket.receive_all()) == std::vector<int>(1'000, 200));
}

TEST_CASE("HEAD is answered with the length of the body and without it") {
    HttpServed served(answer_target);
    const std::string answer = served.ask("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(has(answer, "\r\nContent-Length: 5\r\n"));
    CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("who writes no more still gets the answer") {
    KeptRequests kept;
    HttpServed served(kept.handler());
    RawSocket socket = served.connect();
    socket.send(request("/"));
    socket.send_no_more();
    kept.await(1);
    served.loop().post([&] { kept.exchanges.back()->respond(answer("late but here")); });
    CHECK(has(socket.receive_all(), "late but here"));
}

TEST_CASE("100 Continue is sent to who waits for it, and only to them") {
    HttpServed served(answer_target);
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n";
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";

    RawSocket waits = served.connect();
    waits.send(head + "Expect: 100-continue\r\n\r\n");
    CHECK(waits.receive_until("\r\n\r\n") == interim);
    waits.send("body");
    CHECK(waits.receive_until("/ body").starts_with("HTTP/1.1 200"));
    waits.send(head + "Expect: 100-continue\r\n\r\n");
    CHECK(waits.receive_until("\r\n\r\n") == interim);

    RawSocket does_not = served.connect();
    does_not.send(head + "Expect: 100-continue\r\n\r\nbody");
    CHECK(does_not.receive_until("/ body").starts_with("HTTP/1.1 200"));

    RawSocket too_large = served.connect();
    too_large.send(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n"
        "Expect: 100-continue\r\n\r\n");
    CHECK(statuses(too_large.receive_all()) == std::vector<int>{413});
}

TEST_CASE("a refused body is refused in words, though it is still being sent") {
    HttpServed served(answer_target);
    RawSocket socket = served.connect();
    socket.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n");
    std::thread sending([&] { socket.send(std::string(4'000'000, 'x')); });
    const std::string answer = socket.receive_until("}");
    sending.join();
    CHECK(statuses(answer) == std::vector<int>{413});
    CHECK_FALSE(socket.was_reset());
}

TEST_CASE("a large body arrives whole, sized or in chunks") {
    HttpLimits limits;
    limits.large_body_prefix = "/v1/card-batches";
    HttpServed served(
        [](const HttpRequest& got, const std::shared_ptr<HttpExchange>& exchange) {
            exchange->respond(answer(std::to_string(std::hash<std::string>()(got.body))));
        },
        limits);
    std::string body(5'000'000, ' ');
    SeededRandom chance(8);
    chance.fill(std::as_writable_bytes(std::span(body)));
    const std::string expected = std::to_string(std::hash<std::string>()(body));

    CHECK(served.ask(request("/v1/card-batches?x", "", body)).ends_with(expected));

    std::string chunked = request("/v1/card-batches", "Transfer-Encoding: chunked\r\n");
    for (std::size_t at = 0; at < body.size(); at += 100'000)
        chunked += "186a0\r\n" + body.substr(at, 100'000) + "\r\n";
    CHECK(served.ask(chunked + "0\r\n\r\n").ends_with(expected));
}

TEST_CASE("a large answer arrives whole") {
    const std::string body(8'000'000, 'y');
    HttpServed served([&](const HttpRequest&, const std::shared_ptr<HttpExchange>& exchange) {
        exchange->respond(answer(body));
    });
    CHECK(served.ask(request("/")).ends_with("\r\n\r\n" + body));
}

TEST_CASE("what cannot be listened on is a failure that says so") {
    HttpServed served(answer_target);
    AsioLoop loop;
    HttpListen listen;
    listen.port = served.port();
    const auto taken = listen_http(loop, listen, answer_target);
    REQUIRE_FALSE(taken);
    CHECK(has(taken.reason().what, std::to_string(served.port())));

    listen.port = 0;
    listen.address = "nowhere";
    CHECK_FALSE(listen_http(loop, listen, answer_target));
}
