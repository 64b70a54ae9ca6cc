#include "world/http_server.hpp"

#include "world/http_served.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace msp;

TEST_CASE("slow heads and bodies are answered 408, idle connections closed without a word") {
    HttpLimits limits;
    limits.header_time = Duration(40);
    limits.body_time = Duration(40);
    limits.idle_time = Duration(40);
    HttpServed served(answer_target, limits);

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
    CHECK(served.comes_down_to(0));
    CHECK(served.figures().rejected == 2);
}

// A byte now and then never lets the connection fall silent, and still has no more time.
TEST_CASE("a head that trickles is cut off at the same time") {
    HttpLimits limits;
    limits.header_time = Duration(60);
    limits.request_line_bytes = 64 * 1024 * 1024;
    HttpServed served(answer_target, limits);
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
    KeptRequests kept;
    HttpServed served(kept.handler(), limits);
    RawSocket socket = served.connect();
    socket.send(request("/"));
    kept.await(1);
    served.loop().post([&] {
        served.loop().after(Duration(200), [&] { kept.exchanges.back()->respond(answer("done")); });
    });
    CHECK(has(socket.receive_until("done"), "done"));
}

TEST_CASE("who does not take the answer is let go of after the write time") {
    HttpLimits limits;
    limits.write_time = Duration(50);
    HttpServed served(
        [](const HttpRequest&, const std::shared_ptr<HttpExchange>& exchange) {
            exchange->respond(answer(std::string(8'000'000, 'z')));
        },
        limits);
    RawSocket socket = served.connect();
    socket.take_little();
    socket.send(request("/"));
    CHECK(socket.receive().starts_with("HTTP/1.1 200"));
    CHECK(served.comes_down_to(0));
}

TEST_CASE("an unanswered request that is dropped closes the connection") {
    HttpServed served([](const HttpRequest&, const std::shared_ptr<HttpExchange>&) {});
    CHECK(served.ask(request("/")).empty());
    CHECK(served.comes_down_to(0));
}

TEST_CASE("an answer after the other end is gone is let go") {
    KeptRequests kept;
    HttpServed served(kept.handler());
    {
        RawSocket socket = served.connect();
        socket.send(request("/") + request("/unread"));
        kept.await(1);
        served.loop().post(
            [&] { kept.exchanges.back()->respond(answer(std::string(100'000, 'x'))); });
        socket.receive();
    }
    kept.await(2);
    served.loop().post([&] {
        kept.exchanges.back()->respond(answer("for nobody"));
        kept.exchanges.clear();
    });
    CHECK(served.comes_down_to(0));
}

TEST_CASE("connections beyond the caps are told to come back later") {
    HttpLimits limits;
    limits.connections_per_address = 2;
    HttpServed served(answer_target, limits);
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
    CHECK(served.comes_down_to(1));
    RawSocket fourth = served.connect();
    fourth.send(request("/4"));
    CHECK(has(fourth.receive_until("/4 "), "HTTP/1.1 200"));

    limits.connections = 1;
    HttpServed small(answer_target, limits);
    RawSocket only = small.connect();
    only.send(request("/"));
    only.receive_until("/ ");
    CHECK(statuses(small.connect().receive_all()) == std::vector<int>{503});
}

TEST_CASE("drain closes idle connections, lets answers finish and takes no newcomers") {
    KeptRequests kept;
    HttpServed served(kept.handler());
    auto idle = std::make_unique<RawSocket>(served.connect());
    auto busy = std::make_unique<RawSocket>(served.connect());
    busy->send(request("/busy") + request("/behind"));
    kept.await(1);
    CHECK(served.figures().connections == 2);
    auto drained = served.drain(Duration(60'000));
    CHECK(idle->receive_all().empty());
    idle.reset();
    served.loop().post([&] { kept.exchanges.back()->respond(answer("finished")); });
    const std::string answer = busy->receive_all();
    busy.reset();
    CHECK(has(answer, "finished"));
    CHECK(has(answer, "\r\nConnection: close\r\n"));
    CHECK(statuses(answer) == std::vector<int>{200});
    drained.wait();
    CHECK(served.figures().connections == 0);
}

TEST_CASE("drain has patience with a stream, but not for ever") {
    KeptRequests kept;
    HttpServed served(kept.handler());
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
    HttpServed served(answer_target);
    served.drain(Duration(60'000)).wait();
    CHECK(served.figures().connections == 0);
}

TEST_CASE("a server may go while requests are with its handler") {
    KeptRequests kept;
    {
        LoopThread threaded;
        std::unique_ptr<HttpServer> server;
        threaded.run([&] { server = *listen_http(threaded.loop(), {}, kept.handler()); });
        RawSocket socket = RawSocket::connect(server->port());
        socket.send(request("/"));
        kept.await(1);
        threaded.run([&] { server.reset(); });
        CHECK(socket.receive_all().empty());
        threaded.run([&] {
            kept.exchanges.back()->respond(answer("too late"));
            kept.exchanges.clear();
        });
    }
}
