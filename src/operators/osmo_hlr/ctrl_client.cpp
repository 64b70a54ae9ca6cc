#include "operators/osmo_hlr/ctrl_client.hpp"

#include <limits>
#include <utility>

namespace msp {

CtrlClient::CtrlClient(Loop& loop, StreamDialer& dialer, SocketAddress where,
                       std::size_t longest_reply)
    : loop_(loop),
      dialer_(dialer),
      where_(std::move(where)),
      longest_(longest_reply),
      cutter_(longest_reply) {}

CtrlClient::~CtrlClient() {
    for (const auto& [id, pending] : pending_) loop_.cancel(pending.timer);
}

void CtrlClient::ask(const CtrlRequest& request, Duration timeout, Done done) {
    if (last_id_ == std::numeric_limits<std::int32_t>::max()) last_id_ = 0;
    const std::uint32_t id = ++last_id_;
    const auto timer = loop_.after(timeout, [this] {
        end(open_ ? Failure{Failure::Kind::unknown, "no-answer"}
                  : Failure{Failure::Kind::unreachable, "not-connected"});
    });
    pending_[id] = {request, std::move(done), timer};
    if (!stream_) return dial();
    if (open_) stream_->send(encode(request, id));
}

void CtrlClient::dial() {
    cutter_ = IpaCutter(longest_);
    stream_ = dialer_.dial(where_, {[this] {
                                        open_ = true;
                                        for (const auto& [id, pending] : pending_)
                                            stream_->send(encode(pending.request, id));
                                    },
                                    [this](std::string_view bytes) { received(bytes); },
                                    [this](const Failure& why) {
                                        if (cutter_.within_a_frame())
                                            return end({Failure::Kind::malformed, "cut-off"});
                                        end(why);
                                    }});
}

void CtrlClient::received(std::string_view bytes) {
    cutter_.take(bytes);
    while (const auto frame = cutter_.next())
        if (!take(*frame)) return end({Failure::Kind::malformed, "malformed-answer"});
    if (cutter_.too_long()) end({Failure::Kind::unknown, "oversized-answer"});
}

// False: it is no frame that this interface sends.
bool CtrlClient::take(const IpaFrame& frame) {
    if (frame.protocol == IpaProtocol::connection) return true;
    if (frame.protocol != IpaProtocol::ctrl) return false;
    if (frame.body.starts_with("TRAP ")) return true;
    const auto reply = decode_ctrl(frame.body);
    if (!reply) return false;
    const auto pending = pending_.find(reply->id);
    const bool ours = pending != pending_.end();
    if (ours && reply->kind == CtrlReply::Kind::value &&
        reply->variable != pending->second.request.variable)
        return false;
    if (ours) answer(*reply);
    return true;
}

// A turn of its own: who is answered may end this client.
void CtrlClient::answer(const CtrlReply& reply) {
    auto pending = pending_.extract(reply.id);
    loop_.cancel(pending.mapped().timer);
    loop_.post([done = std::move(pending.mapped().done), reply] { done(reply); });
}

void CtrlClient::end(const Failure& why) {
    stream_.reset();
    open_ = false;
    const auto pending = std::exchange(pending_, {});
    for (const auto& [id, one] : pending) {
        loop_.cancel(one.timer);
        loop_.post([done = one.done, why] { done(why); });
    }
}

}  // namespace msp
