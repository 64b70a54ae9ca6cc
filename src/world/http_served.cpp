#include "world/http_served.hpp"

#include <cassert>
#include <utility>

namespace msp {

HttpServed::HttpServed(HttpHandler handler, HttpLimits limits,
                       std::shared_ptr<const TlsFiles> tls) {
    HttpListen listen;
    listen.limits = std::move(limits);
    listen.tls = std::move(tls);
    threaded_.run([&] {
        auto listening = listen_http(threaded_.loop(), listen, std::move(handler));
        assert(listening);
        server_ = *std::move(listening);
    });
}

HttpServed::~HttpServed() {
    threaded_.run([&] { server_.reset(); });
}

HttpServerFigures HttpServed::figures() {
    return threaded_.run([&] { return server_->figures(); });
}

bool HttpServed::comes_down_to(std::uint64_t connections) {
    for (int turn = 0; turn < 1'000'000; ++turn)
        if (figures().connections <= connections) return true;
    return false;
}

std::future<void> HttpServed::drain(Duration patience) {
    auto done = std::make_shared<std::promise<void>>();
    threaded_.run([&] { server_->drain(patience, [done] { done->set_value(); }); });
    return done->get_future();
}

std::string HttpServed::ask(std::string_view bytes) const {
    RawSocket socket = connect();
    socket.send(bytes);
    socket.send_no_more();
    return socket.receive_all();
}

HttpHandler KeptRequests::handler() {
    return [this](HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
        requests.push_back(std::move(request));
        exchanges.push_back(std::move(exchange));
        arrivals_.fetch_add(1);
        arrivals_.notify_all();
    };
}

void KeptRequests::await(int count) {
    for (int seen = arrivals_; seen < count; seen = arrivals_) arrivals_.wait(seen);
}

void answer_empty(const HttpRequest&, const std::shared_ptr<HttpExchange>& exchange) {
    exchange->respond({});
}

void answer_target(const HttpRequest& request, const std::shared_ptr<HttpExchange>& exchange) {
    exchange->respond(answer(request.target + " " + request.body));
}

HttpResponse answer(std::string body) {
    HttpResponse response;
    response.body = std::move(body);
    return response;
}

std::string request(std::string_view target, std::string_view fields, std::string_view body) {
    std::string bytes = "GET ";
    (bytes += target) += " HTTP/1.1\r\nHost: a\r\n";
    if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    ((bytes += fields) += "\r\n") += body;
    return bytes;
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace msp
