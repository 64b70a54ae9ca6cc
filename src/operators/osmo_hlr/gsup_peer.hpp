// This node as a peer of an HLR's GSUP interface: it says who it is, answers pings, and hands in
// messages that the HLR carries on to serving nodes.
//
// Connected by the first message, and again by the next one after the connection ended. The name is
// this node's alone: of two peers with one name the HLR reaches neither for sure.
// Threads: the loop's. After its destructor only what had happened before is still told.
#pragma once

#include "operators/osmo_hlr/gsup_message.hpp"
#include "operators/osmo_hlr/ipa_frame.hpp"
#include "world/loop.hpp"
#include "world/stream.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace msp {

class GsupPeer {
public:
    using Left = std::function<void(bool left)>;
    using Heard = std::function<void(const GsupMessage&)>;

    GsupPeer(Loop&, StreamDialer&, SocketAddress, std::string name, Heard);
    ~GsupPeer();
    GsupPeer(const GsupPeer&) = delete;
    GsupPeer& operator=(const GsupPeer&) = delete;

    // `done` once, later: whether it left. What did not leave within the timeout never will.
    void send(GsupMessage, Duration timeout, Left done);

private:
    struct Waiting {
        GsupMessage message;
        Left done;
        Loop::TimerId timer = 0;
    };

    void dial();
    void received(std::string_view bytes);
    bool take(const IpaFrame&);
    void send_waiting();
    void end();
    void tell(std::uint64_t number, bool left);

    Loop& loop_;
    StreamDialer& dialer_;
    const SocketAddress where_;
    const std::string name_;
    Heard heard_;
    std::unique_ptr<Stream> stream_;
    bool known_ = false;  // the HLR was told who we are
    IpaCutter cutter_;
    std::uint64_t last_ = 0;
    std::map<std::uint64_t, Waiting> waiting_;
};

}  // namespace msp
