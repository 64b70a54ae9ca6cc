// For tests: one connection in time moved by hand, on a wire without a network.
#pragma once

#include "world/http_connection.hpp"
#include "world/manual_loop.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msp {

// A wire without a network: bytes go in when they are said and come out when they are taken.
class PlayedConnection final : public HttpConnection {
public:
    using HttpConnection::HttpConnection;

    void shake_hands() { opened(false, "", ""); }
    void say(std::string_view bytes) {
        said_ += bytes;
        deliver();
    }
    void hang_up() {
        receiving_ = false;
        ended();
    }
    // Takes so much of what is written, and returns it.
    std::string take(std::size_t most = std::string::npos) {
        std::string taken;
        while (!written_.empty() && taken.size() < most) {
            const std::string_view some = written_.substr(0, most - taken.size());
            taken += some;
            written_ = {};
            sent(some.size());
        }
        return taken;
    }

    std::size_t room() const { return receiving_ ? room_.size() : 0; }
    std::size_t unheard() const { return said_.size(); }
    bool finished = false;
    bool closed = false;

private:
    void wire_open() override {}
    void wire_read(std::span<char> room) override {
        room_ = room;
        receiving_ = true;
        if (!delivering_) deliver();
    }
    void wire_write(std::string_view bytes) override { written_ = bytes; }
    void wire_finish() override { finished = true; }
    void wire_close() override { closed = true; }

    void deliver() {
        delivering_ = true;
        while (receiving_ && !said_.empty() && !closed) {
            receiving_ = false;
            const std::size_t size = said_.copy(room_.data(), room_.size());
            said_.erase(0, size);
            received(size);
        }
        delivering_ = false;
    }

    std::span<char> room_;
    bool receiving_ = false;
    bool delivering_ = false;
    std::string said_;
    std::string_view written_;
};

// One connection in played time, with a handler that keeps what it gets.
struct Played {
    explicit Played(const HttpLimits& limits = {})
        : service(std::make_shared<HttpService>(
              loop, limits,
              [this](HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
                  requests.push_back(std::move(request));
                  exchanges.push_back(std::move(exchange));
                  if (handle) handle();
              })),
          connection(std::make_shared<PlayedConnection>(service, HttpPeer{"peer", "peer:1"})) {
        connection->open();
    }
    ~Played() { connection->close(); }

    void ask(std::string_view bytes) { connection->say(bytes); }
    void answer(std::string body = "") {
        HttpResponse response;
        response.body = std::move(body);
        exchanges.back()->respond(std::move(response));
    }
    // As the listener does, but to the millisecond.
    void pass(Duration time) {
        for (Duration passed{}; passed < time; passed += Duration(1)) {
            loop.run_for(Duration(1));
            for (const auto& each : service->open()) each->expire(loop.monotonic());
        }
    }
    bool open() const { return !connection->finished && !connection->closed; }

    ManualLoop loop;
    std::vector<HttpRequest> requests;
    std::vector<std::shared_ptr<HttpExchange>> exchanges;
    std::function<void()> handle;
    std::shared_ptr<HttpService> service;
    std::shared_ptr<PlayedConnection> connection;
};

struct PlayedOpen : Played {
    explicit PlayedOpen(const HttpLimits& limits = {}) : Played(limits) {
        connection->shake_hands();
    }
};

inline constexpr std::string_view get = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

inline std::string post(std::size_t size) {
    return "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

}  // namespace msp
