#include "operators/osmo_hlr/gsup_peer.hpp"

#include <utility>

namespace msp {

constexpr std::size_t longest_message = 8 * 1024;

GsupPeer::GsupPeer(Loop& loop, StreamDialer& dialer, SocketAddress where, std::string name,
                   Heard heard)
    : loop_(loop),
      dialer_(dialer),
      where_(std::move(where)),
      name_(std::move(name)),
      heard_(std::move(heard)),
      cutter_(longest_message) {}

GsupPeer::~GsupPeer() {
    for (const auto& [number, waiting] : waiting_) loop_.cancel(waiting.timer);
}

void GsupPeer::send(GsupMessage message, Duration timeout, Left done) {
    const std::uint64_t number = ++last_;
    const auto timer = loop_.after(timeout, [this, number] { tell(number, false); });
    waiting_[number] = {std::move(message), std::move(done), timer};
    if (!stream_) return dial();
    if (known_) send_waiting();
}

void GsupPeer::dial() {
    cutter_ = IpaCutter(longest_message);
    stream_ = dialer_.dial(where_, {[] {}, [this](std::string_view bytes) { received(bytes); },
                                    [this](const Failure&) { end(); }});
}

void GsupPeer::received(std::string_view bytes) {
    cutter_.take(bytes);
    while (const auto frame = cutter_.next())
        if (!take(*frame)) return end();
    if (cutter_.too_long()) end();
}

bool GsupPeer::take(const IpaFrame& frame) {
    if (const std::string answer = answer_to_connection(frame, name_); !answer.empty())
        stream_->send(answer);
    if (asks_who_we_are(frame)) {
        known_ = true;
        send_waiting();
    }
    if (frame.protocol == IpaProtocol::connection) return true;
    if (frame.protocol != IpaProtocol::gsup) return false;
    const auto message = decode_gsup(frame.body);
    if (message) loop_.post([heard = heard_, said = *message] { heard(said); });
    return message.has_value();
}

void GsupPeer::send_waiting() {
    while (!waiting_.empty()) {
        stream_->send(encode(waiting_.begin()->second.message));
        tell(waiting_.begin()->first, true);
    }
}

void GsupPeer::tell(std::uint64_t number, bool left) {
    auto told = waiting_.extract(number);
    loop_.cancel(told.mapped().timer);
    loop_.post([done = std::move(told.mapped().done), left] { done(left); });
}

void GsupPeer::end() {
    stream_.reset();
    known_ = false;
    while (!waiting_.empty()) tell(waiting_.begin()->first, false);
}

}  // namespace msp
