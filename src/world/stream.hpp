// Bytes to and from a peer over TCP, for interfaces that are not HTTP.
//
// Law: what was given to send() may have arrived, whatever is told afterwards; before `opened`
// nothing has. What is received comes in order, in pieces of any size.
// Threads: the loop's only; nothing is told inside the call that causes it.
#pragma once

#include "domain/failure.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

class Loop;

// A numeric address, "192.0.2.7" or "::1", and a port: no name is resolved.
struct SocketAddress {
    std::string host;
    std::uint16_t port = 0;
    friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
};

// "192.0.2.7:4259" or "[::1]:4259".
std::optional<SocketAddress> parse_socket_address(std::string_view);
std::string text(const SocketAddress&);

struct StreamEvents {
    std::function<void()> opened;
    std::function<void(std::string_view)> received;
    // Once, last: unreachable where it was never opened, else unknown.
    std::function<void(const Failure&)> ended;
};

// Its destructor cuts the connection; nothing is told any more, also when it runs inside one of the
// events.
class Stream {
public:
    virtual ~Stream() = default;
    // Requires: opened, not ended. What the peer does not take is kept, without bound.
    virtual void send(std::string_view bytes) = 0;
};

class StreamDialer {
public:
    virtual ~StreamDialer() = default;
    virtual std::unique_ptr<Stream> dial(const SocketAddress&, StreamEvents) = 0;
};

// Requires: an AsioLoop, which outlives it and its streams.
std::unique_ptr<StreamDialer> make_tcp_dialer(Loop&);

}  // namespace msp
