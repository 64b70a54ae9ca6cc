#include "world/asio_loop.hpp"
#include "world/ip_address.hpp"
#include "world/stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <charconv>
#include <utility>

namespace msp {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Lives as long as an operation of its is under way; after cut() it tells nothing.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(asio::io_context& context, StreamEvents events)
        : socket_(context), events_(std::move(events)) {}

    void open(const tcp::endpoint& where) {
        socket_.async_connect(where, [self = shared_from_this()](error_code error) {
            if (self->over_) return;
            if (error) return self->end(Failure::Kind::unreachable);
            error_code unimportant;
            self->socket_.set_option(tcp::no_delay(true), unimportant);
            const auto opened = self->events_.opened;
            opened();
            self->read();
        });
    }

    void send(std::string_view bytes) {
        waiting_ += bytes;
        if (sending_.empty()) write();
    }

    void cut() {
        over_ = true;
        error_code ignored;
        socket_.close(ignored);
    }

    void fail_later(asio::io_context& context) {
        asio::post(context, [self = shared_from_this()] {
            if (!self->over_) self->end(Failure::Kind::unreachable);
        });
    }

private:
    void read() {
        if (over_) return;
        socket_.async_read_some(asio::buffer(room_),
                                [self = shared_from_this()](error_code error, std::size_t n) {
                                    if (self->over_) return;
                                    if (error) return self->end(Failure::Kind::unknown);
                                    const auto received = self->events_.received;
                                    received(std::string_view(self->room_.data(), n));
                                    self->read();
                                });
    }

    void write() {
        std::swap(sending_, waiting_);
        if (sending_.empty() || over_) return;
        asio::async_write(socket_, asio::buffer(sending_),
                          [self = shared_from_this()](error_code error, std::size_t) {
                              if (self->over_ || error) return;  // the read tells of it
                              self->sending_.clear();
                              self->write();
                          });
    }

    void end(Failure::Kind kind) {
        cut();
        const auto ended = events_.ended;
        const bool never = kind == Failure::Kind::unreachable;
        ended({kind, never ? "not-connected" : "connection-ended"});
    }

    tcp::socket socket_;
    StreamEvents events_;
    std::array<char, 16 * 1024> room_{};
    std::string waiting_;
    std::string sending_;
    bool over_ = false;
};

class TcpStream final : public Stream {
public:
    explicit TcpStream(std::shared_ptr<Connection> connection)
        : connection_(std::move(connection)) {}
    ~TcpStream() override { connection_->cut(); }
    void send(std::string_view bytes) override { connection_->send(bytes); }

private:
    std::shared_ptr<Connection> connection_;
};

class TcpDialer final : public StreamDialer {
public:
    explicit TcpDialer(AsioLoop& loop) : loop_(loop) {}

    std::unique_ptr<Stream> dial(const SocketAddress& where, StreamEvents events) override {
        const auto connection = std::make_shared<Connection>(loop_.context(), std::move(events));
        error_code wrong;
        const auto address = asio::ip::make_address(where.host, wrong);
        if (wrong)
            connection->fail_later(loop_.context());
        else
            connection->open({address, where.port});
        return std::make_unique<TcpStream>(connection);
    }

private:
    AsioLoop& loop_;
};

}  // namespace

std::unique_ptr<StreamDialer> make_tcp_dialer(Loop& loop) {
    return std::make_unique<TcpDialer>(dynamic_cast<AsioLoop&>(loop));
}

std::optional<SocketAddress> parse_socket_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
    if (bracketed) host = host.substr(1, host.size() - 2);
    const auto address = parse_ip_address(host);
    if (!address || address->v6 != bracketed) return std::nullopt;
    SocketAddress out{std::string(host), 0};
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, out.port);
    if (error != std::errc{} || rest != end || out.port == 0) return std::nullopt;
    return out;
}

std::string text(const SocketAddress& address) {
    const bool v6 = address.host.find(':') != std::string::npos;
    return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace msp
