// The platform as a process: opens the real windows, puts a node on them, and listens.
//
//   clock, chance, disk, network ─► node ─► listeners
//
// Threads: the loop's only; the loop outlives it. Ends in the order opposite to the one it was
// built in.
#pragma once

#include "main/config.hpp"
#include "main/node.hpp"
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

    // `broken` is called once, on the loop, when the store cannot be trusted any more: the process
    // should end and recover. Opens the store, learns what it holds, listens. `started` runs once
    // requests are taken, or tells why they are not.
    void start(Started started, std::function<void()> broken);

    std::uint16_t port() const { return api_listener_->port(); }
    std::uint16_t device_port() const { return device_listener_ ? device_listener_->port() : 0; }
    Reader& reader() const { return *store_.reader; }

    // No new requests; those under way are answered, then `drained` runs.
    void drain(std::function<void()> drained);

private:
    void run_node();
    Result<Done, Failure> keep_staff_token(const std::string& token);
    std::size_t connections_each();  // that a listener takes
    Result<Done, Failure> listen();
    Result<Done, Failure> listen_to_devices();
    void fail(const Failure&, std::string_view next);
    void break_off();
    std::string path(std::string_view name) const;

    Loop& loop_;
    Log& log_;
    const Config config_;
    Started started_;
    std::function<void()> broken_;

    SystemRandom random_;
    std::unique_ptr<Metrics> metrics_;
    std::unique_ptr<HttpClient> operator_client_;
    std::unique_ptr<StreamDialer> operator_streams_;
    std::unique_ptr<HttpClient> webhook_client_;
    OpenedStore store_;
    std::unique_ptr<Node> node_;
    std::unique_ptr<HttpServer> api_listener_;
    std::unique_ptr<HttpServer> device_listener_;
};

}  // namespace msp
