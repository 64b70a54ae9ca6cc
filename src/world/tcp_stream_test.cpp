#include "world/loop_thread.hpp"
#include "world/raw_socket.hpp"
#include "world/stream.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace msp;

namespace {

// One dialled stream and what it told, from the loop's thread.
struct Dialled {
    explicit Dialled(const SocketAddress& where) {
        thread.run([&] {
            dialer = make_tcp_dialer(thread.loop());
            stream = dialer->dial(where, {[this] { opened.set_value(); },
                                          [this](std::string_view bytes) { got += bytes; },
                                          [this](const Failure& why) { ended.set_value(why); }});
        });
    }
    ~Dialled() {
        thread.run([&] {
            stream.reset();
            dialer.reset();
        });
    }

    LoopThread thread;
    std::promise<void> opened;
    std::promise<Failure> ended;
    std::string got;  // read it after `ended`
    std::unique_ptr<StreamDialer> dialer;
    std::unique_ptr<Stream> stream;
};

}  // namespace

TEST_CASE("a stream carries bytes both ways, in order, and tells the end once") {
    RawServer server([](RawSocket& peer) {
        const std::string asked = peer.receive_until("bye");
        peer.send("you said " + std::to_string(asked.size()));
    });
    Dialled dialled({"127.0.0.1", server.port()});
    dialled.opened.get_future().wait();
    dialled.thread.run([&] {
        dialled.stream->send(std::string(300'000, 'x'));
        dialled.stream->send("bye");
    });
    CHECK(dialled.ended.get_future().get().kind == Failure::Kind::unknown);
    CHECK(dialled.got == "you said 300003");
}

TEST_CASE("where nobody listens, a stream says that nothing left") {
    Dialled nobody({"127.0.0.1", 1});
    CHECK(nobody.ended.get_future().get().kind == Failure::Kind::unreachable);
    Dialled nowhere({"no address", 1});
    CHECK(nowhere.ended.get_future().get().kind == Failure::Kind::unreachable);
}

TEST_CASE("a stream may be cut inside its own event, and tells nothing more") {
    RawServer server([](RawSocket& peer) {
        peer.send("hello");
        peer.receive_all();
    });
    LoopThread thread;
    std::promise<std::string> told;
    std::unique_ptr<StreamDialer> dialer;
    std::unique_ptr<Stream> stream;
    thread.run([&] {
        dialer = make_tcp_dialer(thread.loop());
        stream =
            dialer->dial({"127.0.0.1", server.port()}, {[] {},
                                                        [&](std::string_view bytes) {
                                                            const std::string kept(bytes);
                                                            stream.reset();
                                                            told.set_value(kept);
                                                        },
                                                        [](const Failure&) { FAIL("ended"); }});
    });
    CHECK(told.get_future().get() == "hello");
    thread.run([&] { dialer.reset(); });
}

TEST_CASE("an address is numeric and has a port") {
    CHECK(parse_socket_address("127.0.0.1:4259") == SocketAddress{"127.0.0.1", 4259});
    CHECK(parse_socket_address("[::1]:80") == SocketAddress{"::1", 80});
    for (const char* wrong :
         {"", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "hlr.example:4259",
          "::1:80", "[127.0.0.1]:1", "127.0.0.1:1x", "[]:1"})
        CHECK_FALSE(parse_socket_address(wrong));
    for (const char* right : {"127.0.0.1:4259", "[2001:db8::7]:1"})
        CHECK(text(*parse_socket_address(right)) == right);
}
