#include "world/http_client.hpp"

#include "world/http_served.hpp"
#include "world/loop_thread.hpp"
#include "world/raw_socket.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace msp;
using Kind = Failure::Kind;
using Outcome = Result<HttpResponse, Failure>;

namespace {

// A client on a loop of its own thread; send() waits for the outcome.
class Client {
public:
    Client() {
        threaded_.run([&] { client_ = make_http_client(threaded_.loop()); });
    }
    ~Client() {
        threaded_.run([&] { client_.reset(); });
    }
    Outcome send(HttpCall call) { return begin(std::move(call)).get(); }
    std::future<Outcome> begin(HttpCall call) {
        auto told = std::make_shared<std::promise<Outcome>>();
        threaded_.run([&] {
            client_->send(std::move(call),
                          [told](Outcome outcome) { told->set_value(std::move(outcome)); });
        });
        return told->get_future();
    }
    void drop() {
        threaded_.run([&] { client_.reset(); });
    }

private:
    LoopThread threaded_;
    std::unique_ptr<HttpClient> client_;
};

}  // namespace

constexpr const char* empty_answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

static HttpCall call_to(std::uint16_t port, std::string method = "POST", std::string body = "{}") {
    HttpCall call;
    call.request.method = std::move(method);
    call.request.target = "http://127.0.0.1:" + std::to_string(port) + "/orders?x=1";
    call.request.body = std::move(body);
    return call;
}

static Kind kind(const Outcome& outcome) {
    REQUIRE_FALSE(outcome);
    return outcome.reason().kind;
}

// On each connection one request, one answer and the end, which comes without a reset.
static RawServer::Talk answering(std::string answer, std::string* request = nullptr) {
    return [answer = std::move(answer), request](RawSocket& socket) {
        const std::string got = socket.receive_until("\r\n\r\n");
        if (request != nullptr) *request = got;
        socket.send(answer);
        socket.send_no_more();
        socket.receive_all();
    };
}

TEST_CASE("an answer comes back whole: status, headers, body") {
    RawServer server(
        answering("HTTP/1.1 201 Created\r\nLocation:  /x \r\nSet-Cookie: a\r\n"
                  "set-cookie: b\r\nContent-Length: 3\r\n\r\nabc"));
    Client client;
    const Outcome outcome = client.send(call_to(server.port()));
    REQUIRE(outcome);
    CHECK(outcome->status == 201);
    CHECK(outcome->body == "abc");
    CHECK(outcome->headers.find("location") == "/x");
    CHECK(outcome->headers.count("Set-Cookie") == 2);
}

TEST_CASE("a refusal by status is an answer, not a failure, and no redirect is followed") {
    for (int status : {301, 302, 307, 400, 401, 404, 409, 429, 500, 503}) {
        RawServer server(answering("HTTP/1.1 " + std::to_string(status) +
                                   " X\r\nLocation: http://127.0.0.1:1/\r\n"
                                   "Content-Length: 0\r\n\r\n"));
        Client client;
        const Outcome outcome = client.send(call_to(server.port()));
        REQUIRE(outcome);
        CHECK(outcome->status == status);
    }
}

TEST_CASE("a request goes out as it was given, with nothing added that was not asked for") {
    std::string sent;
    RawServer server([&](RawSocket& socket) {
        sent = socket.receive_until("the body");
        socket.send(empty_answer);
    });
    HttpCall call = call_to(server.port(), "PUT", "the body");
    call.request.headers.add("Content-Type", "application/json");
    call.request.headers.add("X-Empty", "");
    Client client;
    REQUIRE(client.send(std::move(call)));
    const std::string host = "Host: 127.0.0.1:" + std::to_string(server.port());
    CHECK(sent == "PUT /orders?x=1 HTTP/1.1\r\n" + host +
                      "\r\nAccept: */*\r\nContent-Type: application/json\r\nX-Empty:\r\n"
                      "Content-Length: 8\r\n\r\nthe body");
}

TEST_CASE("each method goes out under its name") {
    for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
        std::string sent;
        RawServer server(answering(empty_answer, &sent));
        Client client;
        const Outcome outcome = client.send(call_to(server.port(), method, ""));
        REQUIRE(outcome);
        CHECK(sent.starts_with(std::string(method) + " /orders?x=1 HTTP/1.1\r\n"));
        CHECK(sent.find("Content-Type") == std::string::npos);
    }
}

TEST_CASE("a body of a megabyte arrives, and is not announced with an expectation") {
    const std::string body(1'500'000, 'b');
    std::string sent;
    RawServer server([&](RawSocket& socket) {
        while (sent.find("\r\n\r\n") + 4 + body.size() != sent.size()) sent += socket.receive();
        socket.send(empty_answer);
    });
    Client client;
    CHECK(client.send(call_to(server.port(), "POST", body)));
    CHECK(sent.find("Expect") == std::string::npos);
    CHECK(sent.ends_with("\r\n\r\n" + body));
}

TEST_CASE("what never left is unreachable") {
    Client client;
    std::uint16_t closed_port = 0;
    {
        RawServer server([](RawSocket&) {});
        closed_port = server.port();
    }
    CHECK(kind(client.send(call_to(closed_port))) == Kind::unreachable);

    HttpCall call = call_to(closed_port);
    for (const char* target :
         {"http://no-such-host.invalid/", "ftp://127.0.0.1/", "file:///etc/passwd", "", "http://",
          "127.0.0.1:x", "http://user:secret@127.0.0.1/", "http://127.0.0.1/a\r\nb",
          "gopher://127.0.0.1/"}) {
        CAPTURE(target);
        call.request.target = target;
        CHECK(kind(client.send(call)) == Kind::unreachable);
    }
}

TEST_CASE("a server that does not speak TLS is unreachable over https") {
    RawServer server([](RawSocket& socket) {
        socket.receive();
        socket.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    HttpCall call = call_to(server.port());
    call.request.target = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    Client client;
    CHECK(kind(client.send(call)) == Kind::unreachable);
}

TEST_CASE("a TLS handshake that is not answered in time is unreachable") {
    std::promise<void> over;
    RawServer server([waiting = over.get_future().share()](RawSocket&) { waiting.wait(); });
    HttpCall call = call_to(server.port());
    call.request.target = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    call.timeout = Duration(100);
    Client client;
    CHECK(kind(client.send(call)) == Kind::unreachable);
    over.set_value();
}

TEST_CASE("a request that was read and not answered is unknown") {
    Client client;
    for (const char* half_an_answer :
         {"", "HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal", "220 ready\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
        CAPTURE(half_an_answer);
        RawServer server(answering(half_an_answer));
        CHECK(kind(client.send(call_to(server.port()))) == Kind::unknown);
    }
}

TEST_CASE("an answer that does not come in time is unknown") {
    std::promise<void> over;
    RawServer server([waiting = over.get_future().share()](RawSocket& socket) {
        socket.receive();
        waiting.wait();
    });
    HttpCall call = call_to(server.port());
    call.timeout = Duration(100);
    Client client;
    CHECK(kind(client.send(call)) == Kind::unknown);
    over.set_value();
}

TEST_CASE("a body over the limit is unknown, however it is framed, and one at the limit is fine") {
    Client client;
    const std::string body(1'000, 'x');
    for (const std::string& answer :
         {"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body,
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + body + "\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body}) {
        RawServer server(answering(answer));
        HttpCall call = call_to(server.port());
        call.body_limit = 999;
        CHECK(kind(client.send(call)) == Kind::unknown);
        call.body_limit = 1'000;
        const Outcome outcome = client.send(call);
        REQUIRE(outcome);
        CHECK(outcome->body == body);
    }
}

TEST_CASE("a head without end is unknown") {
    RawServer server([](RawSocket& socket) {
        socket.receive();
        socket.send("HTTP/1.1 200 OK\r\n");
        const std::string line = "X: " + std::string(1'000, 'x') + "\r\n";
        while (socket.send(line)) {
        }
    });
    Client client;
    CHECK(kind(client.send(call_to(server.port()))) == Kind::unknown);
}

// Answers the first request of each connection, and closes on the second without a word.
TEST_CASE("a kept connection that breaks is not a reason to send an order twice") {
    for (const char* method : {"POST", "PUT", "DELETE"}) {
        for (const std::string& body : {std::string("{}"), std::string()}) {
            CAPTURE(method);
            CAPTURE(body);
            std::atomic<int> orders = 0;
            RawServer server([&](RawSocket& socket) {
                for (bool first = true;; first = false) {
                    const std::string request = socket.receive_until("\r\n\r\n");
                    if (request.starts_with(method)) ++orders;
                    if (!first || request.empty()) return;
                    socket.send(empty_answer);
                }
            });
            Client client;
            CHECK(client.send(call_to(server.port(), "GET", "")));
            const Outcome outcome = client.send(call_to(server.port(), method, body));
            // Without a body it takes a fresh connection, which nobody breaks.
            if (!body.empty()) CHECK(kind(outcome) == Kind::unknown);
            if (body.empty()) CHECK(outcome);
            CHECK(orders == 1);
        }
    }
}

TEST_CASE("connections are kept for the next call") {
    std::atomic<int> connections = 0;
    RawServer server([&](RawSocket& socket) {
        ++connections;
        while (!socket.receive_until("{}").empty()) socket.send(empty_answer);
    });
    Client client;
    for (int i = 0; i < 5; ++i) CHECK(client.send(call_to(server.port())));
    CHECK(connections == 1);
}

TEST_CASE("the guard is asked about the address, and its no is unreachable") {
    std::atomic<int> connections = 0;
    RawServer server([&](RawSocket& socket) {
        ++connections;
        while (!socket.receive_until("{}").empty()) socket.send(empty_answer);
    });
    std::string address;
    unsigned port = 0;
    HttpCall call = call_to(server.port());
    call.request.target = "http://localhost:" + std::to_string(server.port()) + "/";
    const auto guarded_by = [&](bool answer) {
        call.guard = std::make_shared<const std::function<bool(std::string_view, unsigned)>>(
            [&, answer](std::string_view its_address, unsigned its_port) {
                if (its_address == "::1") return true;  // not listened on; the next one is tried
                address = its_address;
                port = its_port;
                return answer;
            });
    };
    Client client;
    guarded_by(false);
    CHECK(kind(client.send(call)) == Kind::unreachable);
    CHECK(connections == 0);
    CHECK(address == "127.0.0.1");
    CHECK(port == server.port());

    guarded_by(true);
    CHECK(client.send(call));
    CHECK(connections == 1);
}

TEST_CASE("a connection kept from a call without a guard is not open to one whose guard says no") {
    std::atomic<int> requests = 0;
    RawServer server([&](RawSocket& socket) {
        while (!socket.receive_until("{}").empty()) {
            ++requests;
            socket.send(empty_answer);
        }
    });
    Client client;
    HttpCall call = call_to(server.port());
    CHECK(client.send(call));
    call.guard = std::make_shared<const std::function<bool(std::string_view, unsigned)>>(
        [](std::string_view, unsigned) { return false; });
    CHECK(kind(client.send(call)) == Kind::unreachable);
    CHECK(requests == 1);
}

TEST_CASE("no proxy variable is read") {
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    RawServer server(answering(empty_answer));
    Client client;
    CHECK(client.send(call_to(server.port())));
    ::unsetenv("http_proxy");
    ::unsetenv("ALL_PROXY");
}

TEST_CASE("a header or a method that would break the framing is not sent") {
    std::atomic<int> connections = 0;
    RawServer server([&](RawSocket&) { ++connections; });
    Client client;
    for (const char* value : {"a\r\nX: y", "a\nb", "a\rb"}) {
        HttpCall call = call_to(server.port());
        call.request.headers.add("X-Given", value);
        CHECK(kind(client.send(call)) == Kind::unreachable);
        CHECK(kind(call_http(call)) == Kind::unreachable);
    }
    for (const char* method : {"", "GET / HTTP/1.1\r\nX: y\r\n\r\n"})
        CHECK(kind(client.send(call_to(server.port(), method))) == Kind::unreachable);
    CHECK(connections == 0);
}

TEST_CASE("a hundred calls at once each get their own answer") {
    HttpServed server(answer_target);
    Client client;
    std::vector<std::future<Outcome>> outcomes;
    outcomes.reserve(100);
    for (int i = 0; i < 100; ++i)
        outcomes.push_back(client.begin(call_to(server.port(), "POST", std::to_string(i))));
    for (int i = 0; i < 100; ++i) {
        const Outcome outcome = outcomes[static_cast<std::size_t>(i)].get();
        REQUIRE(outcome);
        CHECK(outcome->body == "/orders?x=1 " + std::to_string(i));
    }
}

TEST_CASE("a client may go while calls are under way: their callers are not told") {
    std::promise<void> reached;
    std::promise<void> over;
    RawServer server([&, waiting = over.get_future().share()](RawSocket& socket) {
        socket.receive();
        reached.set_value();
        waiting.wait();
    });
    Client client;
    auto outcome = client.begin(call_to(server.port()));
    reached.get_future().wait();
    client.drop();
    over.set_value();
    CHECK_THROWS_AS(static_cast<void>(outcome.get()), std::future_error);
}
