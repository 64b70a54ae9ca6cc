#include "notices/webhook_sender.hpp"

#include "cast/webhook_receiver.hpp"
#include "world/loop_thread.hpp"

#include <doctest/doctest.h>

#include <future>

using namespace msp;

namespace {

Endpoint endpoint(const std::string& url, const WebhookSecret& secret) {
    return {.id = "wh-1",
            .party = PartyId::parse("digger").value(),
            .url = url,
            .types = {},
            .secret = secret,
            .old_secret = {},
            .reason = {}};
}

// A receiver behind a real socket, and a sender that may connect to it, or not.
class Wire {
public:
    explicit Wire(const std::string& allowed) {
        running.run([&] {
            receiver.emplace(running.loop(), 1, std::vector{secret.text()});
            auto listening = listen_for_webhooks(running.loop(), {}, *receiver);
            REQUIRE(listening);
            server = std::move(listening).value();
            client = make_http_client(running.loop());
            AddressRules rules;
            if (!allowed.empty())
                rules.allowed = {
                    *parse_allowed_target(allowed + ":" + std::to_string(server->port()))};
            sender.emplace(running.loop(), *client,
                           std::make_shared<const AddressGuard>(std::move(rules)),
                           WebhookSender::Settings{});
        });
    }
    ~Wire() {
        running.run([&] {
            sender.reset();
            client.reset();
            server.reset();
            receiver.reset();
        });
    }

    Attempt send(const std::string& host) {
        std::promise<Attempt> attempt;
        running.run([&] {
            const std::string url = "http://" + host + ":" + std::to_string(server->port()) + "/in";
            sender->send(
                endpoint(url, secret),
                {"0-1", R"({"specversion":"1.0","id":"0-1","type":"m2m.device.bound"})"},
                [&](const WebhookAnswer&, const Attempt& made) { attempt.set_value(made); });
        });
        return attempt.get_future().get();
    }
    std::uint64_t requests() {
        return running.run([&] { return server->figures().requests; });
    }

    WebhookSecret secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
    LoopThread running;
    std::optional<WebhookReceiver> receiver;
    std::unique_ptr<HttpServer> server;
    std::unique_ptr<HttpClient> client;
    std::optional<WebhookSender> sender;
};

}  // namespace

TEST_CASE("a webhook goes over the wire to a receiver that verifies it") {
    Wire wire("127.0.0.1");
    for (const char* host : {"127.0.0.1", "localhost"}) {
        const Attempt attempt = wire.send(host);
        CHECK(attempt.status == 204);
        CHECK(attempt.error.empty());
    }
    CHECK(wire.requests() == 2);
}

TEST_CASE("what is not allowed is not connected to, neither by address nor by a name for it") {
    Wire wire("");
    for (const char* host : {"127.0.0.1", "localhost"}) {
        const Attempt attempt = wire.send(host);
        CHECK(attempt.status == 0);
        CHECK_FALSE(attempt.error.empty());
    }
    CHECK(wire.requests() == 0);
}

TEST_CASE("a name that leads where it must not is found out when it is connected to") {
    Wire wire("127.0.0.9");  // so that nothing is to be said against a name with this port
    const Attempt attempt = wire.send("localhost");
    CHECK(attempt.status == 0);
    CHECK(attempt.error == "the guard refuses the address");
    CHECK(wire.requests() == 0);
}
