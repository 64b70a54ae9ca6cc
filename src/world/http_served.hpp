// For tests: a server on a loop of its own thread, handlers for it, and requests as bytes.
// Threads: a test's own; the handler runs on the loop's.
#pragma once

#include "world/http_server.hpp"
#include "world/loop_thread.hpp"
#include "world/raw_socket.hpp"

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

class HttpServed {
public:
    explicit HttpServed(HttpHandler, HttpLimits = {}, std::shared_ptr<const TlsFiles> = nullptr);
    ~HttpServed();
    HttpServed(const HttpServed&) = delete;
    HttpServed& operator=(const HttpServed&) = delete;

    std::uint16_t port() const { return server_->port(); }
    AsioLoop& loop() { return threaded_.loop(); }
    HttpServerFigures figures();
    bool comes_down_to(std::uint64_t connections);  // waits for it, turn by turn of the loop
    std::future<void> drain(Duration patience);

    RawSocket connect() const { return RawSocket::connect(port()); }
    std::string ask(std::string_view bytes) const;  // on a connection that ends with them

private:
    LoopThread threaded_;
    std::unique_ptr<HttpServer> server_;
};

// Requests whose answers a test gives itself, on the loop.
class KeptRequests {
public:
    HttpHandler handler();
    void await(int count);

    // Written on the loop; may be read when awaited.
    std::vector<HttpRequest> requests;
    std::vector<std::shared_ptr<HttpExchange>> exchanges;

private:
    std::atomic<int> arrivals_ = 0;
};

void answer_empty(const HttpRequest&, const std::shared_ptr<HttpExchange>&);
void answer_target(const HttpRequest&,
                   const std::shared_ptr<HttpExchange>&);  // with target, blank and body

HttpResponse answer(std::string body);
std::string request(std::string_view target, std::string_view fields = "",
                    std::string_view body = "");
bool has(std::string_view text, std::string_view part);

}  // namespace msp
