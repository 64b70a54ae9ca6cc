#include "world/http_server.hpp"

#include "world/http_framing_cases.hpp"
#include "world/loop_thread.hpp"
#include "world/random.hpp"
#include "world/raw_socket.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace msp;

namespace {

// A server on a loop of its own thread. The handler runs there.
class Served {
public:
    explicit Served(HttpHandler handler, HttpLimits limits = {}) {
        HttpListen listen;
        listen.limits = std::move(limits);
        threaded_.run([&] {
            auto listening = listen_http(threaded_.loop(), listen, std::move(handler));
            REQUIRE(listening);
            server_ = *std::move(listening);
            return 0;
        });
        port_ = server_->port();
    }
    ~Served() {
        threaded_.run([&] { return server_.reset(), 0; });
    }

    std::uint16_t port() const { return port_; }
    RawSocket connect() const { return RawSocket::connect(port_); }
    AsioLoop& loop() { return threaded_.loop(); }
    HttpServerFigures figures() {
        return threaded_.run([&] { return server_->figures(); });
    }
    std::future<void> drain(Duration patience) {
        auto done = std::make_shared<std::promise<void>>();
        threaded_.run([&] {
            server_->drain(patience, [done] { done->set_value(); });
            return 0;
        });
        return done->get_future();
    }

    // Waits, turn by turn of the loop, until all connections are gone.
    bool becomes_empty() {
        for (int turn = 0; turn < 1'000'000; ++turn)
            if (figures().connections == 0) return true;
        return false;
    }

    std::string ask(std::string_view bytes) const {
        RawSocket socket = connect();
        socket.send(bytes);
        socket.send_no_more();
        return socket.receive_all();
    }

private:
    LoopThread threaded_;
    std::unique_ptr<HttpServer> server_;
    std::uint16_t port_ = 0;
};

// Requests whose answers a test gives itself, on the loop.
class Kept {
public:
    HttpHandler handler() {
        return [this](HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
            requests.push_back(std::move(request));
            exchanges.push_back(std::move(exchange));
            arrivals_.fetch_add(1);
            arrivals_.notify_all();
        };
    }
    void await(int count) {
        for (int seen = arrivals_; seen < count; seen = arrivals_) arrivals_.wait(seen);
    }

    std::vector<HttpRequest> requests;                     // the loop's
    std::vector<std::shared_ptr<HttpExchange>> exchanges;  // the loop's

private:
    std::atomic<int> arrivals_ = 0;
};

}  // namespace

static HttpResponse with(std::string body) {
    HttpResponse response;
    response.body = std::move(body);
    return response;
}

static void answer_target(HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
    exchange->respond(with(request.target + " " + request.body));
}

static void answer_empty(HttpRequest, std::shared_ptr<HttpExchange> exchange) {
    exchange->respond({});
}

static std::string request(std::string_view target, std::string_view fields = "",
                           std::string_view body = "") {
    std::string bytes = "GET ";
    (bytes += target) += " HTTP/1.1\r\nHost: a\r\n";
    if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    ((bytes += fields) += "\r\n") += body;
    return bytes;
}

static bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

TEST_CASE("each case of the framing table is answered as it should be, over the wire") {
    SeededRandom chance(7);
    Served served(answer_empty, framing_limits());
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
    CHECK(served.becomes_empty());
}

TEST_CASE("a refusal is a problem that says what to do, and the last word") {
    Served served(answer_empty);
    const std::string answer = served.ask("GET / HTTP/1.1\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\nDate: "));
    CHECK(has(answer, "\r\nContent-Type: application/problem+json\r\n"));
    CHECK(has(answer, "\r\nConnection: close\r\n"));
    CHECK(answer.ends_with(
        R"({"type":"about:blank","title":"Bad Request","status":400,"code":"framing",)"
        R"("hint":"Send exactly one Host field, with a host in it."})"));
}

TEST_CASE("a handler gets the request as it was sent, and who sent it") {
    Kept kept;
    Served served(kept.handler());
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
    Kept kept;
    Served served(kept.handler());
    RawSocket socket = served.connect();
    socket.send(request("/1") + request("/2") + request("/3"));
    for (int i = 1; i <= 3; ++i) {
        kept.await(i);
        served.loop().post([&kept, i] {
            CHECK(kept.requests.size() == static_cast<std::size_t>(i));
            const auto& got = kept.requests.back();
            kept.exchanges.back()->respond(with("answer to " + got.target));
        });
    }
    const std::string answers = socket.receive_until("answer to /3");
    CHECK(answers.find("answer to /1") < answers.find("answer to /2"));
    CHECK(answers.find("answer to /2") < answers.find("answer to /3"));
    CHECK(answers.ends_with("answer to /3"));
}

TEST_CASE("a thousand pipelined requests get a thousand answers in their order") {
    Served served(answer_target);
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
    Served served([&](HttpRequest, std::shared_ptr<HttpExchange> exchange) {
        ++handled;
        exchange->respond(with(std::string(64 * 1024, 'x')));
    });
    RawSocket socket = served.connect();
    std::string requests;
    for (int i = 0; i < 1'000; ++i) requests += request("/");
    std::thread sending([&] { socket.send(requests); });
    sending.join();
    // All requests wait in buffers by now; answers of 64 MB do not.
    served.figures();
    CHECK(handled < 500);
    socket.send_no_more();
    CHECK(statuses(socket.receive_all()) == std::vector<int>(1'000, 200));
}

TEST_CASE("HEAD is answered with the length of the body and without it") {
    Served served(answer_target);
    const std::string answer = served.ask("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(has(answer, "\r\nContent-Length: 5\r\n"));
    CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("who writes no more still gets the answer") {
    Kept kept;
    Served served(kept.handler());
    RawSocket socket = served.connect();
    socket.send(request("/"));
    socket.send_no_more();
    kept.await(1);
    served.loop().post([&] { kept.exchanges.back()->respond(with("late but here")); });
    CHECK(has(socket.receive_all(), "late but here"));
}

TEST_CASE("100 Continue is sent to who waits for it, and only to them") {
    Served served(answer_target);
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
    Served served(answer_target);
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
    Served served(
        [](HttpRequest got, std::shared_ptr<HttpExchange> exchange) {
            exchange->respond(with(std::to_string(std::hash<std::string>()(got.body))));
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
    const std::string body(20'000'000, 'y');
    Served served([&](HttpRequest, std::shared_ptr<HttpExchange> exchange) {
        exchange->respond(with(body));
    });
    CHECK(served.ask(request("/")).ends_with("\r\n\r\n" + body));
}

TEST_CASE("slow heads and bodies are answered 408, idle connections closed without a word") {
    HttpLimits limits;
    limits.header_time = Duration(40);
    limits.body_time = Duration(40);
    limits.idle_time = Duration(40);
    Served served(answer_target, limits);

    const auto answer_to = [&](std::string_view bytes) {
        RawSocket socket = served.connect();
        socket.send(bytes);
        return socket.receive_all();
    };
    const std::string half_a_head = answer_to("GET / HTTP/1.1\r\nHost: ");
    CHECK(statuses(half_a_head) == std::vector<int>{408});
    CHECK(has(half_a_head, "\"code\":\"too-slow\""));
    CHECK(statuses(answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo")) ==
          std::vector<int>{408});
    CHECK(answer_to("").empty());
    CHECK(statuses(answer_to(request("/1"))) == std::vector<int>{200});
    CHECK(served.becomes_empty());
    CHECK(served.figures().rejected == 2);
}

// One byte every few milliseconds never lets the connection fall silent, and still has no more time.
TEST_CASE("a head that trickles is cut off at the same time") {
    HttpLimits limits;
    limits.header_time = Duration(60);
    limits.request_line_bytes = 64 * 1024 * 1024;
    Served served(answer_target, limits);
    RawSocket socket = served.connect();
    std::atomic<bool> over = false;
    std::thread trickling([&] {
        while (!over && socket.send("X")) std::this_thread::yield();
    });
    CHECK(statuses(socket.receive_until("}")) == std::vector<int>{408});
    over = true;
    trickling.join();
}

TEST_CASE("a handler may take its time: no deadline runs meanwhile") {
    HttpLimits limits;
    limits.header_time = limits.body_time = limits.idle_time = limits.write_time = Duration(30);
    Kept kept;
    Served served(kept.handler(), limits);
    RawSocket socket = served.connect();
    socket.send(request("/"));
    kept.await(1);
    served.loop().post([&] {
        served.loop().after(Duration(200), [&] { kept.exchanges.back()->respond(with("done")); });
    });
    CHECK(has(socket.receive_until("done"), "done"));
}

TEST_CASE("who does not take the answer is let go of after the write time") {
    HttpLimits limits;
    limits.write_time = Duration(50);
    Served served(
        [](HttpRequest, std::shared_ptr<HttpExchange> exchange) {
            exchange->respond(with(std::string(32'000'000, 'z')));
        },
        limits);
    RawSocket socket = served.connect();
    socket.take_little();
    socket.send(request("/"));
    CHECK(socket.receive().starts_with("HTTP/1.1 200"));
    CHECK(served.becomes_empty());
}

TEST_CASE("an unanswered request that is dropped closes the connection") {
    Served served([](HttpRequest, std::shared_ptr<HttpExchange>) {});
    CHECK(served.ask(request("/")).empty());
    CHECK(served.becomes_empty());
}

TEST_CASE("an answer after the other end is gone is let go") {
    Kept kept;
    Served served(kept.handler());
    {
        RawSocket socket = served.connect();
        socket.send(request("/") + request("/unread"));
        kept.await(1);
        served.loop().post(
            [&] { kept.exchanges.back()->respond(with(std::string(100'000, 'x'))); });
        socket.receive();
    }
    kept.await(2);
    served.loop().post([&] {
        kept.exchanges.back()->respond(with("for nobody"));
        kept.exchanges.clear();
    });
    CHECK(served.becomes_empty());
}

TEST_CASE("a stream comes piece by piece in chunks, and the connection goes on after it") {
    Kept kept;
    Served served(kept.handler());
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
    served.loop().post([&] { kept.exchanges[1]->respond(with("after the stream")); });
    CHECK(has(socket.receive_until("after the stream"), "HTTP/1.1 200"));
}

TEST_CASE("a stream to HTTP/1.0 has no chunks and ends with the connection") {
    Served served([](HttpRequest, std::shared_ptr<HttpExchange> exchange) {
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
    Served served([](HttpRequest, std::shared_ptr<HttpExchange> exchange) {
        exchange->begin_stream({});
        CHECK_FALSE(exchange->write("piece"));
        exchange->end_stream();
    });
    const std::string answer = served.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(answer.ends_with("Transfer-Encoding: chunked\r\n\r\n"));
}

TEST_CASE("a stream whose reader is gone or does not keep up says so and is over") {
    Kept kept;
    Served served(kept.handler());

    auto gone = std::make_unique<RawSocket>(served.connect());
    gone->send(request("/gone"));
    kept.await(1);
    served.loop().post([&] { kept.exchanges[0]->begin_stream({}); });
    gone->receive_until("\r\n\r\n");
    gone.reset();
    CHECK(served.becomes_empty());
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
    CHECK(served.becomes_empty());
}

TEST_CASE("a stream that is dropped before its end is cut off, not ended") {
    Served served([](HttpRequest, std::shared_ptr<HttpExchange> exchange) {
        exchange->begin_stream({});
        exchange->write("half");
    });
    CHECK_FALSE(has(served.ask(request("/")), "0\r\n\r\n"));
}

TEST_CASE("connections beyond the caps are told to come back later") {
    HttpLimits limits;
    limits.connections_per_address = 2;
    Served served(answer_target, limits);
    RawSocket first = served.connect();
    first.send(request("/1"));
    first.receive_until("/1 ");
    {
        RawSocket second = served.connect();
        second.send(request("/2"));
        second.receive_until("/2 ");
        RawSocket third = served.connect();
        const std::string answer = third.receive_all();
        CHECK(statuses(answer) == std::vector<int>{503});
        CHECK(has(answer, "too-many-connections"));
        CHECK(served.figures().connections == 2);
    }
    while (served.figures().connections > 1) {
    }
    RawSocket fourth = served.connect();
    fourth.send(request("/4"));
    CHECK(has(fourth.receive_until("/4 "), "HTTP/1.1 200"));

    limits.connections = 1;
    Served small(answer_target, limits);
    RawSocket only = small.connect();
    only.send(request("/"));
    only.receive_until("/ ");
    CHECK(statuses(small.connect().receive_all()) == std::vector<int>{503});
}

TEST_CASE("drain closes idle connections, lets answers finish and takes no newcomers") {
    Kept kept;
    Served served(kept.handler());
    auto idle = std::make_unique<RawSocket>(served.connect());
    auto busy = std::make_unique<RawSocket>(served.connect());
    busy->send(request("/busy") + request("/behind"));
    kept.await(1);
    while (served.figures().connections < 2) {
    }
    auto drained = served.drain(Duration(60'000));
    CHECK(idle->receive_all().empty());
    idle.reset();
    served.loop().post([&] { kept.exchanges.back()->respond(with("finished")); });
    const std::string answer = busy->receive_all();
    busy.reset();
    CHECK(has(answer, "finished"));
    CHECK(has(answer, "\r\nConnection: close\r\n"));
    CHECK(statuses(answer) == std::vector<int>{200});
    drained.wait();
    CHECK(served.figures().connections == 0);
}

TEST_CASE("drain has patience with a stream, but not for ever") {
    Kept kept;
    Served served(kept.handler());
    RawSocket socket = served.connect();
    socket.send(request("/events"));
    kept.await(1);
    served.loop().post([&] { kept.exchanges[0]->begin_stream({}); });
    socket.receive_until("\r\n\r\n");
    served.drain(Duration(50)).wait();
    CHECK(socket.receive_all().empty());
    CHECK(served.figures().connections == 0);
}

TEST_CASE("drain of an empty server is done at once") {
    Served served(answer_target);
    served.drain(Duration(60'000)).wait();
    CHECK(served.figures().connections == 0);
}

TEST_CASE("a server may go while requests are with its handler") {
    Kept kept;
    {
        LoopThread threaded;
        std::unique_ptr<HttpServer> server;
        threaded.run([&] {
            server = *listen_http(threaded.loop(), {}, kept.handler());
            return 0;
        });
        RawSocket socket = RawSocket::connect(server->port());
        socket.send(request("/"));
        kept.await(1);
        threaded.run([&] { return server.reset(), 0; });
        CHECK(socket.receive_all().empty());
        threaded.run([&] {
            kept.exchanges.back()->respond(with("too late"));
            kept.exchanges.clear();
            return 0;
        });
    }
}

TEST_CASE("what cannot be listened on is a failure that says so") {
    Served served(answer_target);
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
