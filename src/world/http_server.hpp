// A listener for HTTP/1.1, in the clear or over TLS, strict in framing (RFC 9112), bounded in
// everything.
//
// Law: whatever is ambiguous in framing is answered 400 and the connection closed: both
// Content-Length and Transfer-Encoding, two Content-Length fields, a bad chunk, a bare LF, folded
// header lines, a space before the colon, no Host or two. Too long is 413, 414 or 431, too slow
// 408, each as application/problem+json. Pipelined requests are answered in order. "Expect:
// 100-continue" is answered. Every response carries Date and Content-Length, or is chunked when
// streamed.
//
// Threads: all of it runs on the loop.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "world/http.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace msp {

class Loop;

struct HttpLimits {
    std::size_t request_line_bytes = 8 * 1024;
    std::size_t header_bytes = 16 * 1024;
    std::size_t header_count = 100;
    std::size_t body_bytes = 1024 * 1024;
    // Bodies on these paths (prefix match) may be larger: card batches.
    std::string large_body_prefix;
    std::size_t large_body_bytes = 64 * 1024 * 1024;
    // Of all connections together, while they come in: nobody has shown a key yet.
    std::size_t incoming_body_bytes = 256 * 1024 * 1024;
    Duration header_time{10'000};
    Duration body_time{30'000};  // and a second more for each 64 kB that have come
    Duration idle_time{60'000};
    Duration write_time{30'000};
    std::size_t connections = 20'000;
    std::size_t connections_per_address = 20'000;
};

struct TlsFiles {
    std::string certificate_chain;  // PEM
    std::string private_key;        // PEM
    std::string client_ca;  // PEM; when set, a client certificate is asked for and verified if sent
};

struct HttpListen {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one, see HttpServer::port()
    HttpLimits limits;
    std::shared_ptr<const TlsFiles> tls;  // null: in the clear
};

// The other half of one request: exactly one of respond() and begin_stream() is called, once; any
// time later. Dropping it unanswered closes the connection. Loop's thread only.
class HttpExchange {
public:
    virtual ~HttpExchange() = default;
    virtual void respond(HttpResponse) = 0;

    // A response without an end of its own (text/event-stream), sent chunked.
    virtual void begin_stream(HttpResponse head) = 0;
    // Returns false once the other end is gone or does not keep up (1 MiB waiting): stop then.
    virtual bool write(std::string piece) = 0;
    virtual void end_stream() = 0;
};

using HttpHandler = std::function<void(HttpRequest, std::shared_ptr<HttpExchange>)>;

struct HttpServerFigures {
    std::uint64_t connections = 0;  // open now
    std::uint64_t requests = 0;     // since start
    std::uint64_t rejected = 0;     // refused for framing or limits
};

class HttpServer {
public:
    virtual ~HttpServer() = default;
    virtual std::uint16_t port() const = 0;
    virtual HttpServerFigures figures() const = 0;

    // No new connections; requests being answered are finished, idle connections closed; `drained`
    // runs on the loop when nothing is open any more or `patience` has passed.
    virtual void drain(Duration patience, std::function<void()> drained) = 0;
};

// Starts to listen at once. Refuses: address in use, unreadable or unfitting TLS files.
Result<std::unique_ptr<HttpServer>, Failure> listen_http(Loop&, const HttpListen&, HttpHandler);

}  // namespace msp
