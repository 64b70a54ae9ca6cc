// A StreamDialer whose other ends are functions in this process: for tests and simulations, where
// no socket is wanted and time is not the machine's.
//
// Law: as for StreamDialer; an address that nobody listens on is unreachable. Threads: the loop's
// only. It outlives its streams.
#pragma once

#include "world/loop.hpp"
#include "world/stream.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace msp {

// The other end of one stream. What it is asked to tell goes out later, on the loop.
class DirectPeer : public std::enable_shared_from_this<DirectPeer> {
public:
    DirectPeer(Loop& loop, StreamEvents events) : loop_(loop), events_(std::move(events)) {}

    std::function<void(std::string_view)> received = [](std::string_view) {};

    void send(std::string bytes) {
        later([bytes = std::move(bytes)](const StreamEvents& events) { events.received(bytes); });
    }
    void cut() {
        later([self = this](const StreamEvents& events) {
            const auto ended = events.ended;
            self->over_ = true;
            ended({Failure::Kind::unknown, "connection-ended"});
        });
    }

private:
    friend class DirectStreams;
    friend class DirectStream;

    template <class Tell>
    void later(Tell tell) {
        loop_.post([self = shared_from_this(), tell = std::move(tell)] {
            if (self->over_) return;
            const StreamEvents events = self->events_;
            tell(events);
        });
    }

    Loop& loop_;
    StreamEvents events_;
    bool over_ = false;
};

class DirectStream final : public Stream {
public:
    explicit DirectStream(std::shared_ptr<DirectPeer> peer) : peer_(std::move(peer)) {}
    ~DirectStream() override { peer_->over_ = true; }
    void send(std::string_view bytes) override {
        peer_->loop_.post([peer = peer_, kept = std::string(bytes)] { peer->received(kept); });
    }

private:
    std::shared_ptr<DirectPeer> peer_;
};

class DirectStreams final : public StreamDialer {
public:
    using Accept = std::function<void(const std::shared_ptr<DirectPeer>&)>;

    explicit DirectStreams(Loop& loop) : loop_(loop) {}

    void listen(const SocketAddress& where, Accept accept) {
        accepting_[text(where)] = std::move(accept);
    }
    void close(const SocketAddress& where) { accepting_.erase(text(where)); }

    std::unique_ptr<Stream> dial(const SocketAddress& where, StreamEvents events) override {
        auto peer = std::make_shared<DirectPeer>(loop_, std::move(events));
        loop_.post([this, peer, name = text(where)] {
            if (peer->over_) return;
            const auto accept = accepting_.find(name);
            const StreamEvents told = peer->events_;
            if (accept == accepting_.end()) {
                peer->over_ = true;
                return told.ended({Failure::Kind::unreachable, "not-connected"});
            }
            accept->second(peer);
            told.opened();
        });
        return std::make_unique<DirectStream>(std::move(peer));
    }

private:
    Loop& loop_;
    std::map<std::string, Accept> accepting_;
};

}  // namespace msp
