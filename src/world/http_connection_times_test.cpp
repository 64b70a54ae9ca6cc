// How long a connection waits for what.
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

// ------------------------------------------------------------------------------------ turned away

static void turn_away(Played& played, Duration unheard) {
    HttpResponse response;
    response.status = 503;
    response.unheard = unheard;
    played.exchanges.back()->respond(std::move(response));
}

TEST_CASE("who is turned away is answered at once and heard again after the time that was said") {
    PlayedOpen played(times());
    played.ask(get);
    turn_away(played, Duration(1'000));
    CHECK(statuses(played.connection->take()) == std::vector<int>{503});
    played.ask(get);
    played.ask(get);
    played.pass(Duration(999));
    CHECK(played.requests.size() == 1);
    played.pass(Duration(1));
    CHECK(played.requests.size() == 2);
    CHECK(played.open());
    played.answer();
    played.loop.run_for(Duration(1));
    CHECK(played.requests.size() == 3);
}

TEST_CASE("no time runs against who is not heard, and what he sends too early is bounded") {
    PlayedOpen played(times());
    played.ask(get);
    turn_away(played, Duration(5'000));
    played.connection->take();
    played.ask(std::string(1'000'000, 'x'));
    CHECK(played.connection->unheard() > 900'000);
    played.pass(Duration(4'999));
    CHECK(played.open());

    PlayedOpen silent(times());
    silent.ask(get);
    turn_away(silent, Duration(5'000));
    silent.connection->take();
    silent.pass(Duration(5'000) + times().idle_time - Duration(1));
    CHECK(silent.open());
    silent.pass(Duration(1));
    CHECK_FALSE(silent.open());
}

TEST_CASE("who is not heard may go, and is let go by a drain") {
    PlayedOpen gone(times());
    gone.ask(get);
    turn_away(gone, Duration(1'000));
    gone.connection->take();
    gone.connection->hang_up();
    gone.pass(Duration(1'000));
    CHECK(gone.connection->closed);

    PlayedOpen drained(times());
    drained.ask(get);
    turn_away(drained, Duration(1'000));
    drained.connection->take();
    drained.service->draining = true;
    drained.connection->drain();
    CHECK(drained.connection->finished);

    PlayedOpen asks(times());
    asks.ask(get);
    turn_away(asks, Duration(1'000));
    asks.connection->take();
    asks.ask(get);
    asks.service->draining = true;
    asks.connection->drain();
    CHECK(asks.requests.size() == 2);
    asks.answer();
    asks.connection->take();
    CHECK(asks.connection->finished);
}
