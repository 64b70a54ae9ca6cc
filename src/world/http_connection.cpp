#include "world/http_connection.hpp"

#include "world/http_response.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace msp {

constexpr HttpFault too_slow{408, "too-slow", "Send the request faster."};
constexpr HttpFault too_much{503, "overloaded", "Come back later."};
constexpr HttpFault ended_early{400, "framing", "Send the request to its end."};

constexpr std::size_t resting_input = 4 * 1024;  // what an idle connection costs
constexpr std::size_t busy_input = 64 * 1024;
constexpr std::size_t unsent_before_pause = 256 * 1024;  // of answers to pipelined requests
constexpr std::size_t unsent_limit = 1024 * 1024;        // of a stream
constexpr Duration linger_time{2'000};
constexpr std::size_t slowest_body_per_ms = 64;  // above body_time's worth, 64 kB a second

// Stands for one request; what it does not do itself, its destruction does: an unanswered request
// ends the connection. It may outlive the connection, the server and the loop.
class HttpConnection::Exchange final : public HttpExchange {
public:
    explicit Exchange(std::weak_ptr<HttpConnection> connection)
        : connection_(std::move(connection)) {}
    ~Exchange() override {
        if (state_ == State::over) return;
        if (const auto connection = connection_.lock()) connection->close();
    }

    void respond(HttpResponse response) override {
        assert(state_ == State::owed);
        state_ = State::over;
        if (const auto connection = connection_.lock()) connection->respond(response);
    }
    void begin_stream(HttpResponse head) override {
        assert(state_ == State::owed);
        const auto connection = connection_.lock();
        state_ = connection && connection->begin_stream(head) ? State::streaming : State::over;
    }
    bool write(std::string piece) override {
        if (state_ != State::streaming) return false;
        const auto connection = connection_.lock();
        return connection && connection->stream(piece);
    }
    void end_stream() override {
        if (std::exchange(state_, State::over) != State::streaming) return;
        if (const auto connection = connection_.lock()) connection->end_stream();
    }

private:
    enum class State { owed, streaming, over };

    std::weak_ptr<HttpConnection> connection_;
    State state_ = State::owed;
};

HttpConnection::HttpConnection(std::shared_ptr<HttpService> service, HttpPeer peer)
    : service_(std::move(service)),
      peer_(std::move(peer)),
      reader_(service_->limits),
      input_(resting_input) {}

// ------------------------------------------------------------------------------- from the listener

void HttpConnection::open() {
    service_->enter(shared_from_this());
    read_due_ = in(service_->limits.header_time);
    wire_open();
}

void HttpConnection::close() {
    if (phase_ == Phase::closed) return;
    const auto self = shared_from_this();
    phase_ = Phase::closed;
    count_body(0);
    wire_close();
    service_->leave(self);
}

void HttpConnection::drain() {
    if (phase_ == Phase::opening) return close();
    if (phase_ == Phase::unheard) return hear_again();
    if (phase_ != Phase::reading || !reader_.untouched() || !unread().empty()) return;
    phase_ = Phase::finishing;
    go_on();
}

void HttpConnection::expire(Monotonic now) {
    if (now >= write_due_) return close();
    if (now < read_due_) return;
    if (phase_ != Phase::reading) return close();
    if (reader_.untouched())
        phase_ = Phase::finishing;
    else
        answer_fault(too_slow);
    go_on();
}

// ----------------------------------------------------------------------------------- from the wire

void HttpConnection::opened(bool secure, std::string common_name, std::string authority) {
    if (phase_ == Phase::closed) return;
    secure_ = secure;
    common_name_ = std::move(common_name);
    authority_ = std::move(authority);
    phase_ = Phase::reading;
    go_on();
}

void HttpConnection::received(std::size_t bytes) {
    receiving_ = false;
    filled_ += bytes;
    work();
}

// Whoever writes no more may still wait for an answer, but a stream has no end to wait for.
void HttpConnection::ended() {
    receiving_ = false;
    input_ended_ = true;
    if (phase_ == Phase::streaming || phase_ == Phase::lingering) return close();
    work();
}

void HttpConnection::sent(std::size_t bytes) {
    written_ += bytes;
    if (phase_ == Phase::closed) return;
    if (written_ < writing_.size()) {
        write_due_ = in(service_->limits.write_time);
        return wire_write(std::string_view(writing_).substr(written_));
    }
    writing_.clear();
    if (writing_.capacity() > busy_input) writing_.shrink_to_fit();
    written_ = 0;
    write_due_ = never;
    work();
}

// -------------------------------------------------------------------------------- from the handler

void HttpConnection::respond(const HttpResponse& response) {
    if (phase_ == Phase::closed) return;
    assert(phase_ == Phase::handling);
    append_response(queued_, response, shape(response));
    answered(response.unheard);
}

bool HttpConnection::begin_stream(const HttpResponse& head) {
    if (phase_ == Phase::closed) return true;
    assert(phase_ == Phase::handling);
    assert(chunked_ || last_answer_);  // HTTP/1.0 is never kept, so the stream ends with it
    append_stream_head(queued_, head, shape(head),
                       chunked_ ? HttpStreamEnd::last_chunk : HttpStreamEnd::closed_connection);
    if (head_only_) {
        answered();
        return false;
    }
    phase_ = Phase::streaming;
    if (input_ended_)
        close();
    else
        work();
    return true;
}

bool HttpConnection::stream(std::string_view piece) {
    if (phase_ != Phase::streaming) return false;
    if (piece.empty()) return true;
    if (chunked_)
        append_chunk(queued_, piece);
    else
        queued_ += piece;
    if (unsent() > unsent_limit) {
        close();
        return false;
    }
    if (!working_) write_on();
    return true;
}

void HttpConnection::end_stream() {
    if (phase_ != Phase::streaming) return;
    if (chunked_) append_last_chunk(queued_);
    answered();
}

// ----------------------------------------------------------------------------------- reading on

// Goes through the requests that are here, as far as their answers come at once and are taken.
void HttpConnection::work() {
    if (working_ || phase_ == Phase::closed) return;
    working_ = true;
    while (phase_ == Phase::reading && unsent() < unsent_before_pause && read_request())
        hand_over();
    working_ = false;
    go_on();
}

bool HttpConnection::read_request() {
    used_ += reader_.take(unread());
    count_body(reader_.body_bytes());
    if (reader_.complete()) return true;
    if (reader_.fault() != nullptr) {
        answer_fault(*reader_.fault());
    } else if (counted_body_ > 0 &&
               service_->incoming_body_bytes > service_->limits.incoming_body_bytes) {
        answer_fault(too_much);
    } else if (input_ended_) {
        read_no_more();
    } else if (reader_.head_complete() && reader_.expects_continue() && !told_to_continue_ &&
               reader_.body_bytes() == 0) {
        queued_ += "HTTP/1.1 100 Continue\r\n\r\n";
        told_to_continue_ = true;
    }
    return false;
}

void HttpConnection::read_no_more() {
    if (reader_.untouched())
        phase_ = Phase::finishing;
    else
        answer_fault(ended_early);
}

void HttpConnection::count_body(std::size_t bytes) {
    service_->incoming_body_bytes += bytes - std::exchange(counted_body_, bytes);
}

void HttpConnection::hand_over() {
    phase_ = Phase::handling;
    awaited_ = Awaited::nothing;
    chunked_ = reader_.takes_chunks();
    last_answer_ = !reader_.keeps_alive();
    told_to_continue_ = false;
    served_ = true;
    ++service_->figures.requests;
    count_body(0);
    HttpRequest request = reader_.release();
    head_only_ = request.method == "HEAD";
    request.peer = peer_.name;
    request.secure = secure_;
    request.peer_common_name = common_name_;
    request.peer_authority = authority_;
    service_->handler(std::move(request), std::make_shared<Exchange>(weak_from_this()));
}

void HttpConnection::answer_fault(const HttpFault& fault) {
    ++service_->figures.rejected;
    head_only_ = false;
    last_answer_ = true;
    const HttpResponse problem = problem_response(fault);
    append_response(queued_, problem, shape(problem));
    phase_ = Phase::finishing;
}

HttpAnswerShape HttpConnection::shape(const HttpResponse& response) {
    const auto connection = response.headers.find("Connection");
    if (service_->draining || (connection && equal_without_case(*connection, "close")))
        last_answer_ = true;
    return {.head_only = head_only_, .close = last_answer_, .date = service_->date()};
}

// The next request, if it is here already, is not handled from inside the answer to this one.
void HttpConnection::answered(Duration unheard) {
    phase_ = last_answer_                 ? Phase::finishing
             : unheard > Duration::zero() ? Phase::unheard
                                          : Phase::reading;
    if (phase_ == Phase::unheard)
        service_->loop.after(unheard, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->hear_again();
        });
    if (working_) return;
    if (phase_ != Phase::reading || unread().empty()) return work();
    write_on();
    service_->loop.post([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->work();
    });
}

void HttpConnection::hear_again() {
    if (phase_ != Phase::unheard) return;
    phase_ = Phase::reading;
    if (service_->draining && reader_.untouched() && unread().empty()) phase_ = Phase::finishing;
    work();
}

// --------------------------------------------------------------------------- keeping the wire busy

void HttpConnection::go_on() {
    if (phase_ == Phase::closed) return;
    write_on();
    if (phase_ == Phase::finishing && unsent() == 0) linger();
    read_on();
    set_read_due();
}

void HttpConnection::write_on() {
    if (!writing_.empty() || queued_.empty()) return;
    writing_.swap(queued_);
    write_due_ = in(service_->limits.write_time);
    wire_write(writing_);
}

void HttpConnection::linger() {
    if (input_ended_) return close();
    phase_ = Phase::lingering;
    read_due_ = in(linger_time);
    wire_finish();
}

// Reads on while the handler works too, to see the other end go; what comes early waits its turn.
void HttpConnection::read_on() {
    if (receiving_ || input_ended_) return;
    if (phase_ == Phase::finishing || phase_ == Phase::closed || !make_room()) return;
    receiving_ = true;
    wire_read(std::span(input_).subspan(filled_));
}

// Grows for a body, and for a line that does not fit, up to the longest that is allowed. What is
// not read at once is not given more room.
bool HttpConnection::make_room() {
    if (phase_ == Phase::lingering) used_ = filled_;
    std::memmove(input_.data(), input_.data() + used_, filled_ - used_);
    filled_ -= std::exchange(used_, 0);

    const bool read_at_once = phase_ == Phase::reading && unsent() < unsent_before_pause;
    const bool in_body = read_at_once && reader_.head_complete();
    const HttpLimits& limits = service_->limits;
    const std::size_t most = std::max({busy_input, limits.request_line_bytes, limits.header_bytes});
    if (in_body && input_.size() < busy_input)
        input_.resize(busy_input);
    else if (read_at_once && filled_ == input_.size() && filled_ < most)
        input_.resize(std::min(2 * input_.size(), most));
    else if (filled_ == 0 && !in_body && input_.size() > resting_input)
        input_ = std::vector<char>(resting_input);
    return filled_ < input_.size();
}

void HttpConnection::set_read_due() {
    if (phase_ == Phase::opening || phase_ == Phase::lingering) return;
    Awaited awaited = Awaited::nothing;
    if (phase_ == Phase::reading)
        awaited = reader_.untouched()       ? Awaited::request
                  : reader_.head_complete() ? Awaited::body
                                            : Awaited::head;
    if (awaited != awaited_) awaited_since_ = service_->loop.monotonic();
    awaited_ = awaited;
    read_due_ = awaited == Awaited::nothing ? never : awaited_since_ + patience();
}

// How long the other end may take for what is awaited. A body that keeps coming at a fair rate is
// waited for, however large.
Duration HttpConnection::patience() const {
    const HttpLimits& limits = service_->limits;
    switch (awaited_) {
        case Awaited::nothing: break;
        case Awaited::request: return served_ ? limits.idle_time : limits.header_time;
        case Awaited::head: return limits.header_time;
        case Awaited::body:
            return limits.body_time + Duration(reader_.body_bytes() / slowest_body_per_ms);
    }
    return Duration::zero();
}

std::string_view HttpConnection::unread() const {
    return {input_.data() + used_, filled_ - used_};
}

Monotonic HttpConnection::in(Duration time) const {
    return service_->loop.monotonic() + time;
}

}  // namespace msp
