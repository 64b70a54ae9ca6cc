#include "world/http_connection.hpp"

#include "world/manual_loop.hpp"
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

namespace {

// A wire without a network: bytes go in when they are said and come out when they are taken.
class PlayedConnection final : public HttpConnection {
public:
    using HttpConnection::HttpConnection;

    void shake_hands() { opened(false, "", ""); }
    void say(std::string_view bytes) {
        said_ += bytes;
        deliver();
    }
    void hang_up() {
        receiving_ = false;
        ended();
    }
    // Takes so much of what is written, and returns it.
    std::string take(std::size_t most = std::string::npos) {
        std::string taken;
        while (!written_.empty() && taken.size() < most) {
            const std::string_view some = written_.substr(0, most - taken.size());
            taken += some;
            written_ = {};
            sent(some.size());
        }
        return taken;
    }

    std::size_t room() const { return receiving_ ? room_.size() : 0; }
    std::size_t unheard() const { return said_.size(); }
    bool finished = false;
    bool closed = false;

private:
    void wire_open() override {}
    void wire_read(std::span<char> room) override {
        room_ = room;
        receiving_ = true;
        if (!delivering_) deliver();
    }
    void wire_write(std::string_view bytes) override { written_ = bytes; }
    void wire_finish() override { finished = true; }
    void wire_close() override { closed = true; }

    void deliver() {
        delivering_ = true;
        while (receiving_ && !said_.empty() && !closed) {
            receiving_ = false;
            const std::size_t size = said_.copy(room_.data(), room_.size());
            said_.erase(0, size);
            received(size);
        }
        delivering_ = false;
    }

    std::span<char> room_;
    bool receiving_ = false;
    bool delivering_ = false;
    std::string said_;
    std::string_view written_;
};

// One connection in played time, with a handler that keeps what it gets.
struct Played {
    explicit Played(const HttpLimits& limits = {})
        : service(std::make_shared<HttpService>(
              loop, limits,
              [this](HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
                  requests.push_back(std::move(request));
                  exchanges.push_back(std::move(exchange));
                  if (handle) handle();
              })),
          connection(std::make_shared<PlayedConnection>(service, HttpPeer{"peer", "peer:1"})) {
        connection->open();
    }
    ~Played() { connection->close(); }

    void ask(std::string_view bytes) { connection->say(bytes); }
    void answer(std::string body = "") {
        HttpResponse response;
        response.body = std::move(body);
        exchanges.back()->respond(std::move(response));
    }
    // As the listener does, but to the millisecond.
    void pass(Duration time) {
        for (Duration passed{}; passed < time; passed += Duration(1)) {
            loop.run_for(Duration(1));
            for (const auto& each : service->open()) each->expire(loop.monotonic());
        }
    }
    bool open() const { return !connection->finished && !connection->closed; }

    ManualLoop loop;
    std::vector<HttpRequest> requests;
    std::vector<std::shared_ptr<HttpExchange>> exchanges;
    std::function<void()> handle;
    std::shared_ptr<HttpService> service;
    std::shared_ptr<PlayedConnection> connection;
};

struct PlayedOpen : Played {
    explicit PlayedOpen(const HttpLimits& limits = {}) : Played(limits) {
        connection->shake_hands();
    }
};

}  // namespace

constexpr std::string_view get = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

static HttpLimits times() {
    HttpLimits limits;
    limits.header_time = Duration(100);
    limits.body_time = Duration(200);
    limits.idle_time = Duration(300);
    limits.write_time = Duration(400);
    return limits;
}

static std::string post(std::size_t size) {
    return "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

TEST_CASE("a handshake has the time of a head, and so has the first request to begin") {
    Played silent(times());
    silent.pass(Duration(99));
    CHECK(silent.open());
    silent.pass(Duration(1));
    CHECK(silent.connection->closed);

    PlayedOpen shaken(times());
    shaken.pass(Duration(99));
    CHECK(shaken.open());
    shaken.pass(Duration(1));
    CHECK(shaken.connection->finished);
    CHECK(shaken.connection->take().empty());
}

TEST_CASE("a kept connection may be idle for the idle time after each answer") {
    PlayedOpen played(times());
    for (int i = 0; i < 4; ++i) {
        // Answered at once, or a turn later.
        played.handle = i % 2 == 0 ? [&] { played.answer(); } : std::function<void()>();
        played.ask(get);
        if (!played.handle) played.answer();
        CHECK(statuses(played.connection->take()) == std::vector<int>{200});
        played.pass(Duration(299));
        CHECK(played.open());
    }
    played.pass(Duration(1));
    CHECK_FALSE(played.open());
}

TEST_CASE("a head has its time from its first byte on, however it trickles") {
    PlayedOpen played(times());
    played.pass(Duration(50));
    for (std::size_t i = 0; i < 20; ++i) {
        played.ask(get.substr(i, 1));
        played.pass(Duration(5));
    }
    CHECK(statuses(played.connection->take()) == std::vector<int>{408});
    CHECK(played.connection->finished);
}

TEST_CASE("a body has its time, and more the more of it has come") {
    PlayedOpen stuck(times());
    stuck.ask(post(10));
    stuck.pass(Duration(199));
    CHECK(stuck.open());
    stuck.pass(Duration(1));
    CHECK(statuses(stuck.connection->take()) == std::vector<int>{408});

    PlayedOpen steady(times());
    steady.ask(post(1'000'000));
    const std::string piece(100'000, 'x');
    for (int i = 0; i < 10; ++i) {
        CHECK(steady.requests.empty());
        CHECK(steady.open());
        steady.ask(piece);
        steady.pass(Duration(1'000));
    }
    CHECK(steady.requests.size() == 1);
}

TEST_CASE("no time runs while the handler works or a stream is silent") {
    PlayedOpen played(times());
    played.ask(get);
    played.pass(Duration(60'000));
    played.exchanges.back()->begin_stream({});
    played.connection->take();
    played.pass(Duration(60'000));
    CHECK(played.open());
    CHECK(played.exchanges.back()->write("still here"));
}

TEST_CASE("a writer that is not read from is let go of; each byte that is read gives it time") {
    PlayedOpen played(times());
    played.ask(get);
    played.answer(std::string(1'000, 'x'));
    for (int i = 0; i < 5; ++i) {
        played.pass(Duration(399));
        CHECK_FALSE(played.connection->closed);
        CHECK(played.connection->take(1).size() == 1);
    }
    played.pass(Duration(400));
    CHECK(played.connection->closed);

    PlayedOpen never_read(times());
    never_read.ask(get);
    never_read.answer();
    never_read.pass(Duration(399));
    CHECK(never_read.open());
    never_read.pass(Duration(1));
    CHECK(never_read.connection->closed);
}

TEST_CASE("an answer that was taken leaves no deadline behind") {
    PlayedOpen played(times());
    played.ask(get);
    played.answer();
    played.connection->take();
    played.ask(get);
    played.pass(Duration(60'000));
    CHECK(played.open());
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
