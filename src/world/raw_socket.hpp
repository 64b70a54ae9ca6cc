// For tests: TCP as bytes, to say things that no HTTP client would say, and to answer as no HTTP
// server would. Blocking, with a bound on every wait; a wait that is exceeded ends the reading.
// Threads: one at a time per object.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace msp {

class RawSocket {
public:
    static RawSocket connect(std::uint16_t port);
    explicit RawSocket(int descriptor);
    ~RawSocket();
    RawSocket(RawSocket&&) noexcept;
    RawSocket& operator=(RawSocket&&) = delete;

    bool send(std::string_view bytes) const;  // false: the other end is gone
    void send_no_more() const;
    void cut() const;          // from any thread: whoever waits on this socket gets the end
    void take_little() const;  // a small receive buffer; for one who reads slowly
    std::string receive();     // what is there, at least one byte; empty: the end
    std::string receive_until(std::string_view text);  // or to the end
    std::string receive_all();                         // to the end
    bool was_reset() const { return reset_; }
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
    bool reset_ = false;
};

// Has `talk` with each connection on a thread of its own. At its end it cuts off who still talks.
class RawServer {
public:
    using Talk = std::function<void(RawSocket&)>;
    explicit RawServer(Talk);
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;
    std::uint16_t port() const { return port_; }

private:
    struct Conversation {
        RawSocket socket;
        std::thread thread;
    };

    void accept_all();

    Talk talk_;
    int listening_;
    std::uint16_t port_ = 0;
    std::list<Conversation> conversations_;  // the accepting thread's, until that has ended
    std::thread accepting_;
};

// The statuses of the responses that `bytes` are made of, framed by Content-Length; 0 at the end
// for what is not a whole response.
std::vector<int> statuses(std::string_view bytes);

}  // namespace msp
