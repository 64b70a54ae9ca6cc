// Sends one body to an endpoint and tells what came of it.
//
// Law: the URL that is sent to is parsed and judged anew each time, and the address by the guard
// when it is connected to: rules that became stricter hold for endpoints that were there before.
// Threads: the loop's only; `done` runs once, in a later turn.
#pragma once

#include "notices/address_guard.hpp"
#include "notices/delivery_log.hpp"
#include "notices/endpoint.hpp"
#include "notices/webhook_answer.hpp"
#include "world/http_client.hpp"
#include "world/loop.hpp"

#include <functional>
#include <memory>
#include <string>

namespace msp {

struct WebhookPost {
    std::string id;
    std::string body;
};

class WebhookSender {
public:
    struct Settings {
        Duration timeout{15'000};
        std::string ca_file;
    };
    // Loop and client outlive it.
    WebhookSender(Loop&, HttpClient&, std::shared_ptr<const AddressGuard>, Settings);

    using Sent = std::function<void(const WebhookAnswer&, const Attempt&)>;
    void send(const Endpoint&, WebhookPost, Sent done);

private:
    Loop& loop_;
    HttpClient& client_;
    std::shared_ptr<const AddressGuard> guard_;
    ConnectGuard secure_;
    ConnectGuard in_the_clear_;
    Settings settings_;
};

}  // namespace msp
