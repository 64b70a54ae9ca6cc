// One node of the platform above its windows: every part gets what it needs from here, and from
// nowhere else.
//
//   store ─► access ─► operators ─► webhooks ─► api, gateway
//
// The windows are handed in whole: a process opens real ones (platform.hpp), a simulation brings
// its own, and everything above them is the same.
// Threads: the loop's only. The windows outlive it. Ends in the order opposite to the one it was
// built in; whatever was asked of it and comes back later finds nobody.
#pragma once

#include "access/keys.hpp"
#include "api/api.hpp"
#include "gateway/http_gateway.hpp"
#include "gateway/report_device.hpp"
#include "notices/endpoints.hpp"
#include "notices/event_stream.hpp"
#include "operators/operators.hpp"
#include "world/http_client.hpp"
#include "world/stream.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace msp {

struct NodeWindows {
    Loop& loop;
    Log& log;
    Random& random;
    Metrics& metrics;
    HttpClient& operator_client;
    StreamDialer& operator_streams;
    HttpClient& webhook_client;
    Store& store;
    Reader& reader;
    std::vector<Due> due;  // of the store, as of before anything was submitted
    // Writes the first staff key's token where only its owner reads it, durably.
    std::function<Result<Done, Failure>(const std::string& token)> keep_staff_token;
};

struct NodeSettings {
    std::shared_ptr<const AddressGuard> webhook_guard;
    DeliverySettings deliveries;
    ApiOptions api;
};

class Node {
public:
    using Started = std::function<void(Result<Done, Failure>)>;

    Node(NodeWindows, NodeSettings);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    // Learns what the store holds and sets to work; from `started` on it may be asked. Once.
    void start(Started);

    // Requires: started.
    void handle(HttpRequest, std::shared_ptr<HttpExchange>);  // of programs and people
    HttpHandler device_handler();                             // for a listener of devices alone
    void drain() { api_->drain(); }

private:
    void learn_access();
    void begin_with_staff();
    void run_operators();
    void run_webhooks();
    void open_doors();

    NodeWindows windows_;
    const NodeSettings settings_;
    const Time begun_;
    Started started_;

    std::unique_ptr<Parties> parties_;
    std::unique_ptr<Keys> keys_;
    std::unique_ptr<Operators> operators_;
    std::unique_ptr<FeedFollower> follower_;
    std::unique_ptr<EventStreams> streams_;
    std::unique_ptr<WebhookEndpoints> webhooks_;
    std::unique_ptr<DeviceReports> reports_;
    std::unique_ptr<HttpGateway> gateway_;
    std::unique_ptr<Api> api_;
};

}  // namespace msp
