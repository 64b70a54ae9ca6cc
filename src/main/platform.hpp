// The platform put together: every part gets what it needs from here, and from nowhere else.
//
//   store ─► access ─► operators ─► webhooks ─► api, gateway ─► listeners
//
// Threads: the loop's only; the loop outlives it. Ends in the order opposite to the one it was built in.
#pragma once

#include "access/keys.hpp"
#include "api/api.hpp"
#include "gateway/http_gateway.hpp"
#include "gateway/report_device.hpp"
#include "main/config.hpp"
#include "notices/endpoints.hpp"
#include "notices/event_stream.hpp"
#include "operators/operators.hpp"
#include "store/open_store.hpp"
#include "world/http_server.hpp"

#include <memory>

namespace msp {

class Platform {
public:
    using Started = std::function<void(Result<Done, Failure>)>;

    Platform(Loop&, Log&, const Config&);
    ~Platform();
    Platform(const Platform&) = delete;
    Platform& operator=(const Platform&) = delete;

    // `broken` is called once, on the loop, when the store cannot be trusted any more: the process should end and recover.
    // Opens the store, learns what it holds, listens. `started` runs once requests are taken, or tells why they are not.
    void start(Started started, std::function<void()> broken);

    std::uint16_t port() const { return api_listener_->port(); }
    std::uint16_t device_port() const { return device_listener_ ? device_listener_->port() : 0; }
    Reader& reader() { return *store_.reader; }

    // No new requests; those under way are answered, then `drained` runs.
    void drain(std::function<void()> drained);

private:
    void learn_access();
    void begin_with_staff();
    void run_operators();
    void run_doors();
    Result<Done, Failure> listen();
    Result<Done, Failure> listen_to_devices();
    void fail(const Failure&);
    void break_off();
    std::string path(std::string_view name) const;

    Loop& loop_;
    Log& log_;
    const Config config_;
    Started started_;
    std::function<void()> broken_;
    Time begun_;

    SystemRandom random_;
    std::unique_ptr<Metrics> metrics_;
    std::unique_ptr<HttpClient> operator_client_;
    std::unique_ptr<HttpClient> webhook_client_;
    OpenedStore store_;
    std::unique_ptr<Parties> parties_;
    std::unique_ptr<Keys> keys_;
    std::unique_ptr<Operators> operators_;
    std::unique_ptr<FeedFollower> follower_;
    std::unique_ptr<EventStreams> streams_;
    std::unique_ptr<WebhookEndpoints> webhooks_;
    std::unique_ptr<DeviceReports> reports_;
    std::unique_ptr<HttpGateway> gateway_;
    std::unique_ptr<Api> api_;
    std::unique_ptr<HttpServer> api_listener_;
    std::unique_ptr<HttpServer> device_listener_;
};

}  // namespace msp
