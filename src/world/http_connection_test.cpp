#include "world/http_connection.hpp"

#include "world/http_connection_stage_test.hpp"
#include "world/raw_socket.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace msp;

static HttpLimits times() {
    HttpLimits limits;
    limits.header_time = Duration(100);
    limits.body_time = Duration(200);
    limits.idle_time = Duration(300);
    limits.write_time = Duration(400);
    return limits;
}

TEST_CASE(
    "after the last answer the other end has two seconds to close, and what it says is let go") {
    const std::string_view last = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    PlayedOpen waits(times());
    waits.ask(last);
    waits.answer();
    CHECK_FALSE(waits.connection->finished);
    waits.connection->take();
    CHECK(waits.connection->finished);
    waits.ask(std::string(1'000'000, 'x'));
    CHECK(waits.connection->unheard() == 0);
    waits.pass(Duration(1'999));
    CHECK_FALSE(waits.connection->closed);
    waits.pass(Duration(1));
    CHECK(waits.connection->closed);
    CHECK(waits.requests.size() == 1);

    PlayedOpen hangs_up(times());
    hangs_up.ask(last);
    hangs_up.answer();
    hangs_up.connection->take();
    hangs_up.connection->hang_up();
    CHECK(hangs_up.connection->closed);

    PlayedOpen hung_up(times());
    hung_up.ask(last);
    hung_up.connection->hang_up();
    hung_up.answer();
    CHECK_FALSE(hung_up.connection->closed);
    CHECK(statuses(hung_up.connection->take()) == std::vector<int>{200});
    CHECK(hung_up.connection->closed);
}

TEST_CASE("a stream to who writes no more is over, before it begins or after") {
    PlayedOpen before;
    before.ask(get);
    before.connection->hang_up();
    before.exchanges.back()->begin_stream({});
    CHECK_FALSE(before.exchanges.back()->write("for nobody"));
    CHECK(before.connection->closed);

    PlayedOpen after;
    after.ask(get);
    after.exchanges.back()->begin_stream({});
    CHECK(after.exchanges.back()->write("for somebody"));
    after.connection->hang_up();
    CHECK_FALSE(after.exchanges.back()->write("for nobody"));
}

TEST_CASE("a stream may have a megabyte waiting, and not more") {
    PlayedOpen played;
    played.ask(get);
    played.exchanges.back()->begin_stream({});
    played.connection->take();
    const std::string piece(100'000, 'x');
    for (int i = 0; i < 10; ++i) CHECK(played.exchanges.back()->write(piece));
    CHECK_FALSE(played.exchanges.back()->write(piece));
    CHECK(played.connection->closed);
}

TEST_CASE("a refusal has its body, though the request before it was a HEAD") {
    PlayedOpen played;
    played.ask("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
    played.answer();
    played.connection->take();
    played.ask("bad\r\n");
    CHECK(statuses(played.connection->take()) == std::vector<int>{400});
}

TEST_CASE("who has begun to send the body is not told to go on") {
    const std::string head =
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    PlayedOpen sends;
    sends.ask(head + "bo");
    CHECK(sends.connection->take().empty());
    sends.ask("dy");
    CHECK(sends.requests.size() == 1);

    PlayedOpen waits;
    waits.ask(head);
    CHECK(waits.connection->take() == "HTTP/1.1 100 Continue\r\n\r\n");
    waits.ask("bo");
    waits.ask("dy");
    CHECK(waits.connection->take().empty());
    CHECK(waits.requests.size() == 1);
}

TEST_CASE("a request is never handled from inside the answer to the one before") {
    for (const bool at_once : {true, false}) {
        CAPTURE(at_once);
        PlayedOpen played;
        int depth = 0;
        int deepest = 0;
        const auto answer_one = [&] {
            deepest = std::max(deepest, ++depth);
            played.answer();
            --depth;
        };
        played.handle = [&] {
            deepest = std::max(deepest, ++depth);
            if (at_once)
                played.answer();
            else
                played.loop.post(answer_one);
            --depth;
        };
        std::string ten;
        for (int i = 0; i < 10; ++i) ten += get;
        played.ask(ten);
        played.loop.run_ready();
        CHECK(played.requests.size() == 10);
        CHECK(statuses(played.connection->take()) == std::vector<int>(10, 200));
        CHECK(deepest == 1);
    }
}

TEST_CASE("answers that nobody takes hold up the requests behind them") {
    PlayedOpen played;
    played.handle = [&] { played.answer(std::string(100'000, 'x')); };
    std::string many;
    for (int i = 0; i < 1'000; ++i) many += get;
    played.ask(many);
    played.loop.run_ready();
    CHECK(played.requests.size() == 3);
    CHECK(played.connection->unheard() > 20'000);
    std::string taken;
    for (std::string some = played.connection->take(); !some.empty();
         some = played.connection->take()) {
        taken += some;
        played.loop.run_ready();
    }
    CHECK(statuses(taken) == std::vector<int>(1'000, 200));
}

TEST_CASE("an idle connection keeps little room, a body gets more, and a long line what it needs") {
    PlayedOpen played;
    CHECK(played.connection->room() == 4'096);
    played.ask(post(100'000));
    CHECK(played.connection->room() == 65'536);
    played.ask(std::string(100'000, 'x'));
    played.answer();
    CHECK(played.connection->room() <= 65'536);
    played.connection->take();
    played.ask("GET /" + std::string(7'000, 'x') + " HTTP/1.1\r\nHost: a\r\n");
    CHECK(played.connection->room() > 0);
    played.ask("\r\n");
    CHECK(played.requests.size() == 2);
    played.answer();
    CHECK(played.connection->room() == 4'096);
}

TEST_CASE("while a request is handled no more than the room of an idle connection is read ahead") {
    PlayedOpen played;
    played.ask(get);
    played.ask(std::string(100'000, 'x'));
    CHECK(played.connection->unheard() >= 100'000 - 4'096);
    CHECK(played.connection->room() == 0);
}

TEST_CASE("a drain closes who is idle or shakes hands, and waits for who is in the middle") {
    PlayedOpen idle;
    idle.connection->drain();
    CHECK(idle.connection->finished);

    Played shaking;
    shaking.connection->drain();
    CHECK(shaking.connection->closed);

    PlayedOpen speaking;
    speaking.ask("GET /");
    speaking.service->draining = true;
    speaking.connection->drain();
    CHECK(speaking.open());
    speaking.ask("x HTTP/1.1\r\nHost: a\r\n\r\n");
    speaking.answer();
    CHECK(speaking.connection->take().find("Connection: close\r\n") != std::string::npos);
    CHECK(speaking.connection->finished);
}

TEST_CASE("bodies on their way in share a bound; who goes beyond it is told to come back") {
    HttpLimits limits;
    limits.incoming_body_bytes = 100;
    PlayedOpen played(limits);
    const auto another = [&] {
        auto made = std::make_shared<PlayedConnection>(played.service, HttpPeer{"peer", "peer:2"});
        made->open();
        made->shake_hands();
        made->say(post(90));
        return made;
    };
    const auto second = another();
    const auto third = another();
    played.ask(post(90) + std::string(60, 'x'));
    second->say(std::string(60, 'x'));
    CHECK(statuses(second->take()) == std::vector<int>{503});
    third->say(std::string(30, 'x'));
    CHECK(statuses(third->take()) == std::vector<int>{503});
    played.ask(std::string(30, 'x'));
    CHECK(played.requests.size() == 1);

    second->close();
    third->close();
    CHECK(played.service->incoming_body_bytes == 0);
    const auto fourth = another();
    fourth->say(std::string(90, 'x'));
    CHECK(played.requests.size() == 2);
    played.exchanges.clear();
}

TEST_CASE("an exchange may outlive its connection, and does nothing then") {
    std::shared_ptr<HttpExchange> answered;
    std::shared_ptr<HttpExchange> streamed;
    {
        PlayedOpen one;
        PlayedOpen other;
        one.ask(get);
        other.ask(get);
        answered = one.exchanges.back();
        streamed = other.exchanges.back();
        streamed->begin_stream({});
    }
    answered->respond({});
    CHECK_FALSE(streamed->write("for nobody"));
    streamed->end_stream();
}
