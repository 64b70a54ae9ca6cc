#include "world/asio_loop.hpp"
#include "world/http_connection.hpp"
#include "world/http_response.hpp"
#include "world/http_server.hpp"
#include "world/http_tls.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace msp {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

constexpr HttpFault too_many{503, "too-many-connections", "Come back later, with fewer."};

namespace {

class TcpConnection final : public HttpConnection {
public:
    TcpConnection(std::shared_ptr<HttpService> service, HttpPeer peer, tcp::socket socket)
        : HttpConnection(std::move(service), std::move(peer)), socket_(std::move(socket)) {}

private:
    void wire_open() override { opened(false, "", ""); }

    void wire_read(std::span<char> room) override {
        socket_.async_read_some(asio::buffer(room.data(), room.size()),
                                [this, self = shared_from_this()](error_code error, std::size_t n) {
                                    if (error == asio::error::eof) return ended();
                                    error ? close() : received(n);
                                });
    }

    void wire_write(std::string_view bytes) override {
        socket_.async_write_some(
            asio::buffer(bytes.data(), bytes.size()),
            [this, self = shared_from_this()](error_code error, std::size_t n) {
                error ? close() : sent(n);
            });
    }

    void wire_finish() override {
        error_code gone_already;
        socket_.shutdown(tcp::socket::shutdown_send, gone_already);
    }

    void wire_close() override {
        error_code ignored;
        socket_.close(ignored);
    }

    tcp::socket socket_;
};

class TlsConnection final : public HttpConnection {
public:
    TlsConnection(std::shared_ptr<HttpService> service, HttpPeer peer, tcp::socket socket,
                  std::shared_ptr<ssl::context> context)
        : HttpConnection(std::move(service), std::move(peer)),
          context_(std::move(context)),
          stream_(std::move(socket), *context_) {}

private:
    void wire_open() override {
        stream_.async_handshake(ssl::stream_base::server,
                                [this, self = shared_from_this()](error_code error) {
                                    if (error) return close();
                                    opened(true, peer_common_name(stream_.native_handle()),
                                           peer_authority(stream_.native_handle()));
                                });
    }

    // After the farewell what still comes is only let go, so that it need not be understood.
    void wire_read(std::span<char> room) override {
        auto done = [this, self = shared_from_this()](error_code error, std::size_t n) {
            if (error == asio::error::eof) return ended();
            error ? close() : received(n);
        };
        const auto buffer = asio::buffer(room.data(), room.size());
        if (finished_)
            stream_.next_layer().async_read_some(buffer, std::move(done));
        else
            stream_.async_read_some(buffer, std::move(done));
    }

    void wire_write(std::string_view bytes) override {
        stream_.async_write_some(
            asio::buffer(bytes.data(), bytes.size()),
            [this, self = shared_from_this()](error_code error, std::size_t n) {
                error ? close() : sent(n);
            });
    }

    void wire_finish() override {
        finished_ = true;
        stream_.async_shutdown([this, self = shared_from_this()](error_code) {
            error_code gone_already;
            stream_.lowest_layer().shutdown(tcp::socket::shutdown_send, gone_already);
        });
    }

    void wire_close() override {
        error_code ignored;
        stream_.lowest_layer().close(ignored);
    }

    std::shared_ptr<ssl::context> context_;
    ssl::stream<tcp::socket> stream_;
    bool finished_ = false;
};

// Shared with the accept and the timers under way, which may outlive the server by a turn.
class Listener : public std::enable_shared_from_this<Listener> {
public:
    Listener(AsioLoop& loop, tcp::acceptor acceptor, const HttpLimits& limits, HttpHandler handler,
             std::shared_ptr<ssl::context> context)
        : loop_(loop),
          acceptor_(std::move(acceptor)),
          context_(std::move(context)),
          service_(std::make_shared<HttpService>(loop, limits, std::move(handler))) {}

    void start() {
        accept();
        sweep();
    }

    void stop() {
        refuse_newcomers();
        loop_.cancel(sweep_timer_);
        loop_.cancel(patience_timer_);
        service_->emptied = nullptr;
        drained_ = nullptr;
        for (const auto& connection : service_->open()) connection->close();
    }

    void drain(Duration patience, std::function<void()> drained) {
        refuse_newcomers();
        service_->draining = true;
        for (const auto& connection : service_->open()) connection->drain();
        drained_ = std::move(drained);
        if (service_->empty()) return finish_drain();
        service_->emptied = [this] { finish_drain(); };
        patience_timer_ = loop_.after(patience, [this] {
            for (const auto& connection : service_->open()) connection->close();
        });
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    const HttpServerFigures& figures() const { return service_->figures; }

private:
    void accept();
    void admit(tcp::socket socket, const tcp::endpoint& from);
    void turn_away(tcp::socket socket);
    void sweep();

    void refuse_newcomers() {
        error_code ignored;
        acceptor_.close(ignored);
        loop_.cancel(accept_timer_);
    }

    void finish_drain() {
        loop_.cancel(patience_timer_);
        service_->emptied = nullptr;
        loop_.post([self = shared_from_this()] {
            if (const auto drained = std::exchange(self->drained_, nullptr)) drained();
        });
    }

    AsioLoop& loop_;
    tcp::acceptor acceptor_;
    tcp::endpoint newcomer_;
    std::shared_ptr<ssl::context> context_;
    std::shared_ptr<HttpService> service_;
    std::function<void()> drained_;
    Loop::TimerId accept_timer_ = 0;
    Loop::TimerId sweep_timer_ = 0;
    Loop::TimerId patience_timer_ = 0;
};

void Listener::accept() {
    acceptor_.async_accept(
        newcomer_, [self = shared_from_this()](error_code error, tcp::socket socket) {
            if (!self->acceptor_.is_open()) return;
            if (!error) {
                self->admit(std::move(socket), self->newcomer_);
                return self->accept();
            }
            // Out of descriptors, most likely: trying again at once would only burn time.
            self->accept_timer_ = self->loop_.after(Duration(100), [self] { self->accept(); });
        });
}

void Listener::admit(tcp::socket socket, const tcp::endpoint& from) {
    const std::string address = from.address().to_string();
    const std::string host = from.address().is_v6() ? "[" + address + "]" : address;
    HttpPeer peer{address, host + ":" + std::to_string(from.port())};
    if (!service_->has_room_for(address)) return turn_away(std::move(socket));
    std::shared_ptr<HttpConnection> connection;
    if (context_)
        connection =
            std::make_shared<TlsConnection>(service_, std::move(peer), std::move(socket), context_);
    else
        connection = std::make_shared<TcpConnection>(service_, std::move(peer), std::move(socket));
    connection->open();
}

// One try and no waiting: whoever is refused for want of room must not take up any.
void Listener::turn_away(tcp::socket socket) {
    ++service_->figures.rejected;
    if (context_) return;
    std::string answer;
    append_response(answer, problem_response(too_many), {.close = true, .date = service_->date()});
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(answer), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
}

// One timer looks after all deadlines, often enough to be late by an eighth of the shortest at
// most.
void Listener::sweep() {
    const HttpLimits& limits = service_->limits;
    const Duration shortest =
        std::min({limits.header_time, limits.body_time, limits.idle_time, limits.write_time});
    const Duration period = std::clamp(shortest / 8, Duration(5), Duration(500));
    sweep_timer_ = loop_.after(period, [this] {
        const Monotonic now = loop_.monotonic();
        for (const auto& connection : service_->open()) connection->expire(now);
        sweep();
    });
}

class AsioHttpServer final : public HttpServer {
public:
    explicit AsioHttpServer(std::shared_ptr<Listener> listener)
        : listener_(std::move(listener)), port_(listener_->port()) {
        listener_->start();
    }
    ~AsioHttpServer() override { listener_->stop(); }

    std::uint16_t port() const override { return port_; }
    HttpServerFigures figures() const override { return listener_->figures(); }
    void drain(Duration patience, std::function<void()> drained) override {
        listener_->drain(patience, std::move(drained));
    }

private:
    std::shared_ptr<Listener> listener_;
    std::uint16_t port_;
};

}  // namespace

static Failure cannot_listen(const HttpListen& listen, std::string_view why) {
    std::string what = "cannot listen on " + listen.address + " port ";
    what += std::to_string(listen.port);
    return {Failure::Kind::broken, ((what += ": ") += why)};
}

// Accepted sockets inherit no_delay from the one that listens.
static Result<tcp::acceptor, Failure> bind_to(asio::io_context& context, const HttpListen& listen) {
    error_code error;
    const asio::ip::address address = asio::ip::make_address(listen.address, error);
    if (error) return cannot_listen(listen, error.message());
    const tcp::endpoint endpoint(address, listen.port);
    tcp::acceptor acceptor(context);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.set_option(tcp::no_delay(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
    if (error) return cannot_listen(listen, error.message());
    return acceptor;
}

Result<std::unique_ptr<HttpServer>, Failure> listen_http(Loop& loop, const HttpListen& listen,
                                                         HttpHandler handler) {
    auto* const real = dynamic_cast<AsioLoop*>(&loop);
    if (real == nullptr) return cannot_listen(listen, "only the real loop has sockets");
    std::shared_ptr<ssl::context> context;
    if (listen.tls) {
        auto made = make_tls_context(*listen.tls);
        if (!made) return made.reason();
        context = *std::move(made);
    }
    auto acceptor = bind_to(real->context(), listen);
    if (!acceptor) return acceptor.reason();
    auto listener = std::make_shared<Listener>(*real, *std::move(acceptor), listen.limits,
                                               std::move(handler), std::move(context));
    return std::unique_ptr<HttpServer>(new AsioHttpServer(std::move(listener)));
}

}  // namespace msp
