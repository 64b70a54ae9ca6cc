#include "operators/osmo_hlr/ctrl_client.hpp"
#include "cast/direct_streams.hpp"
#include "world/manual_loop.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace msp;
using namespace std::chrono_literals;

namespace {

const SocketAddress where{"127.0.0.1", 4259};

struct CtrlStage {
    CtrlStage() {
        streams.listen(where, [this](const std::shared_ptr<DirectPeer>& one) {
            peer = one;
            ++connections;
            peer->received = [this](std::string_view bytes) { requests += bytes; };
        });
    }
    void ask(const std::string& variable) {
        client.ask({CtrlRequest::Verb::get, variable}, 4s, [this, variable](const auto& reply) {
            told.push_back(variable + ": " + (reply ? reply->value : reply.reason().what));
        });
    }
    void reply(const std::string& text) { peer->send(encode(IpaFrame{IpaProtocol::ctrl, text})); }

    ManualLoop loop;
    DirectStreams streams{loop};
    std::shared_ptr<DirectPeer> peer;
    CtrlClient client{loop, streams, where, 100};
    unsigned connections = 0;
    std::string requests;
    std::vector<std::string> told;
};

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("requests share one connection and do not wait for each other") {
    CtrlStage stage;
    for (const char* one : {"a", "b", "c"}) stage.ask(one);
    stage.loop.run_ready();
    CHECK(stage.connections == 1);
    stage.reply("GET_REPLY 3 c 30");
    stage.reply("TRAP 0 something 1");
    stage.reply("ERROR 1 No such subscriber.");
    stage.reply("GET_REPLY 2 b 20");
    stage.reply("GET_REPLY 2 b 21");  // nobody waits for it any more
    stage.loop.run_ready();
    CHECK(stage.told == Told{"c: 30", "a: No such subscriber.", "b: 20"});
}

TEST_CASE("a request without an answer cuts the connection, and the next one opens another") {
    CtrlStage stage;
    stage.ask("a");
    stage.loop.run_for(4s);
    CHECK(stage.told == Told{"a: no-answer"});
    stage.ask("b");
    stage.loop.run_ready();
    CHECK(stage.connections == 2);
    stage.reply("GET_REPLY 2 b 20");
    stage.loop.run_ready();
    CHECK(stage.told == Told{"a: no-answer", "b: 20"});
}

TEST_CASE("a reply about another variable than was asked for is no reply") {
    CtrlStage stage;
    stage.ask("a");
    stage.loop.run_ready();
    stage.reply("GET_REPLY 1 b 20");
    stage.loop.run_ready();
    CHECK(stage.told == Told{"a: malformed-answer"});
}

TEST_CASE("who is answered may end the client") {
    ManualLoop loop;
    DirectStreams nobody(loop);
    auto client = std::make_unique<CtrlClient>(loop, nobody, where, 100U);
    unsigned answers = 0;
    for (int i = 0; i < 3; ++i)
        client->ask({CtrlRequest::Verb::get, "a"}, 4s, [&](const auto& reply) {
            CHECK(reply.reason().kind == Failure::Kind::unreachable);
            ++answers;
            client.reset();
        });
    loop.run_for(10s);
    CHECK(answers == 3);
}
