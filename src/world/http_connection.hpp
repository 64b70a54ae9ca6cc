// One connection of the server: reads requests, has them handled one at a time and sends the
// answers in order, each within its time. The bytes come and go through the wire functions, which
// one class per transport supplies.
//
//   opening --> reading <--> handling --> finishing --> lingering --> closed
//                 ^ ^           |            ^
//                 | +------ streaming -------+            close() leads to closed from anywhere
//                 +-- unheard <-+
//
//   opening     the transport shakes hands
//   reading     a request is awaited or half there; nothing is with the handler
//   handling    the handler has the request and owes an answer
//   streaming   the handler sends an answer piece by piece
//   unheard     the answer turned away; what comes meanwhile waits, as far as it fits
//   finishing   the last answer is on its way out; nothing more is read
//   lingering   all is sent; waits for the other end to close, so that it can read what was sent
//
// Law: at most one request is with the handler; what waits to be sent and what was received too
// early is bounded. After closed nothing happens any more.
// Threads: the loop's only. Owned by the service's register until closed, and by pending
// operations.
#pragma once

#include "world/http_framing.hpp"
#include "world/http_server.hpp"
#include "world/http_service.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

struct HttpPeer {
    std::string address;  // "127.0.0.1"
    std::string name;     // with the port: "127.0.0.1:50112"
};

struct HttpAnswerShape;

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
public:
    HttpConnection(std::shared_ptr<HttpService>, HttpPeer);
    virtual ~HttpConnection() = default;
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    void open();
    void close();                // at once
    void drain();                // as soon as no request is being read or answered
    void expire(Monotonic now);  // acts on what is overdue
    const HttpPeer& peer() const { return peer_; }

protected:
    // To be supplied. Each begins something whose end is told by one of the functions below, but
    // never from inside; wire_open alone may tell at once, and wire_close ends without a word.
    virtual void wire_open() = 0;
    virtual void wire_read(std::span<char> room) = 0;
    virtual void wire_write(std::string_view bytes) = 0;
    virtual void wire_finish() = 0;  // lets the other end know that nothing more will be written
    virtual void wire_close() = 0;

    void opened(bool secure, std::string common_name, std::string authority);
    void received(std::size_t bytes);
    void ended();  // the other end writes no more
    void sent(std::size_t bytes);

private:
    static constexpr Monotonic never = Monotonic::max();
    enum class Phase {
        opening,
        reading,
        handling,
        streaming,
        unheard,
        finishing,
        lingering,
        closed
    };
    enum class Awaited { nothing, request, head, body };
    class Exchange;

    // The handler's half, through its Exchange.
    void respond(const HttpResponse&);
    bool begin_stream(const HttpResponse& head);  // false: the head is all there is to send
    bool stream(std::string_view piece);
    void end_stream();

    void work();
    bool read_request();
    void read_no_more();
    void count_body(std::size_t bytes);
    void hand_over();
    void answer_fault(const HttpFault&);
    HttpAnswerShape shape(const HttpResponse&);
    void answered(Duration unheard = {});
    void hear_again();
    void go_on();
    void write_on();
    void read_on();
    bool make_room();
    void linger();
    void set_read_due();
    Duration patience() const;
    std::string_view unread() const;
    std::size_t unsent() const { return writing_.size() - written_ + queued_.size(); }
    Monotonic in(Duration) const;

    std::shared_ptr<HttpService> service_;
    HttpPeer peer_;
    Phase phase_ = Phase::opening;
    bool secure_ = false;
    std::string common_name_;
    std::string authority_;

    HttpRequestReader reader_;
    std::vector<char> input_;  // received: [used_, filled_)
    std::size_t used_ = 0;
    std::size_t filled_ = 0;
    bool receiving_ = false;  // a wire_read into the rest of input_ is under way
    bool input_ended_ = false;
    bool working_ = false;  // work() is on the stack
    bool told_to_continue_ = false;
    std::size_t counted_body_ = 0;  // in the service's sum of incoming bodies

    bool head_only_ = false;    // of the request with the handler: it is a HEAD
    bool chunked_ = false;      // and a stream of its answer may be chunked
    bool last_answer_ = false;  // and its answer is the connection's last

    std::string queued_;   // to be written next
    std::string writing_;  // unless it is empty, a wire_write of [written_, end) is under way
    std::size_t written_ = 0;

    Awaited awaited_ = Awaited::nothing;  // what the reading phase waits for
    Monotonic awaited_since_{};
    bool served_ = false;  // a request came
    Monotonic read_due_ = never;
    Monotonic write_due_ = never;
};

}  // namespace msp
