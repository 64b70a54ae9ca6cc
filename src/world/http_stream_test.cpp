#include "world/http_server.hpp"

#include "world/http_served.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>

using namespace msp;

TEST_CASE("a stream comes piece by piece in chunks, and the connection goes on after it") {
    KeptRequests kept;
    HttpServed served(kept.handler());
    RawSocket socket = served.connect();
    socket.send(request("/events") + request("/next"));
    kept.await(1);
    served.loop().post([&] {
        HttpResponse head;
        head.headers.add("Content-Type", "text/event-stream");
        kept.exchanges[0]->begin_stream(std::move(head));
    });
    const std::string head = socket.receive_until("\r\n\r\n");
    CHECK(has(head, "\r\nTransfer-Encoding: chunked\r\n"));
    CHECK_FALSE(has(head, "Content-Length"));
    for (const char* piece : {"data: 1\n\n", "data: 2\n\n"}) {
        served.loop().post([&, piece] {
            CHECK(kept.exchanges[0]->write(piece));
            CHECK(kept.exchanges[0]->write(""));
        });
        CHECK(socket.receive_until("\n\n\r\n") == std::string("9\r\n") + piece + "\r\n");
    }
    served.loop().post([&] {
        kept.exchanges[0]->end_stream();
        CHECK_FALSE(kept.exchanges[0]->write("too late"));
    });
    CHECK(socket.receive_until("\r\n\r\n") == "0\r\n\r\n");
    kept.await(2);
    served.loop().post([&] { kept.exchanges[1]->respond(answer("after the stream")); });
    CHECK(has(socket.receive_until("after the stream"), "HTTP/1.1 200"));
}

TEST_CASE("a stream to HTTP/1.0 has no chunks and ends with the connection") {
    HttpServed served([](const HttpRequest&, const std::shared_ptr<HttpExchange>& exchange) {
        exchange->begin_stream({});
        CHECK(exchange->write("one "));
        CHECK(exchange->write("two"));
        exchange->end_stream();
    });
    const std::string answer = served.ask("GET / HTTP/1.0\r\n\r\n");
    CHECK_FALSE(has(answer, "chunked"));
    CHECK(has(answer, "\r\nConnection: close\r\n"));
    CHECK(answer.ends_with("\r\n\r\none two"));
}

TEST_CASE("HEAD of a stream has the head alone") {
    HttpServed served([](const HttpRequest&, const std::shared_ptr<HttpExchange>& exchange) {
        exchange->begin_stream({});
        CHECK_FALSE(exchange->write("piece"));
        exchange->end_stream();
    });
    const std::string answer = served.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(answer.ends_with("Transfer-Encoding: chunked\r\n\r\n"));
}

TEST_CASE("a stream whose reader is gone or does not keep up says so and is over") {
    KeptRequests kept;
    HttpServed served(kept.handler());

    auto gone = std::make_unique<RawSocket>(served.connect());
    gone->send(request("/gone"));
    kept.await(1);
    served.loop().post([&] { kept.exchanges[0]->begin_stream({}); });
    gone->receive_until("\r\n\r\n");
    gone.reset();
    CHECK(served.comes_down_to(0));
    served.loop().post([&] { CHECK_FALSE(kept.exchanges[0]->write("for nobody")); });

    RawSocket slow = served.connect();
    slow.take_little();
    slow.send(request("/slow"));
    kept.await(2);
    std::promise<std::size_t> taken;
    served.loop().post([&] {
        kept.exchanges[1]->begin_stream({});
        std::size_t pieces = 0;
        while (pieces < 1'000 && kept.exchanges[1]->write(std::string(64 * 1024, 'x'))) ++pieces;
        taken.set_value(pieces);
    });
    const std::size_t pieces = taken.get_future().get();
    CHECK(pieces >= 15);
    CHECK(pieces < 1'000);
    CHECK(served.comes_down_to(0));
}

TEST_CASE("a stream that is dropped before its end is cut off, not ended") {
    HttpServed served([](const HttpRequest&, const std::shared_ptr<HttpExchange>& exchange) {
        exchange->begin_stream({});
        exchange->write("half");
    });
    CHECK_FALSE(has(served.ask(request("/")), "0\r\n\r\n"));
}
