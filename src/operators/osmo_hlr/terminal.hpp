// The terminal (VTY) of an OsmoHLR, for the one thing that its control interface does not have: the
// list of all subscribers.
//
// A connection of its own for each print, cut when it is read. Law: each print is answered once,
// later, within its timeout, also when this goes: `unreachable`, it was never connected; `unknown`,
// it broke off, or came to nothing; `malformed`, what came is no list. Threads: the loop's. It goes
// before loop and dialer.
#pragma once

#include "operators/osmo_hlr/subscriber_list.hpp"
#include "world/loop.hpp"
#include "world/stream.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace msp {

class HlrTerminal {
public:
    using Done = std::function<void(const Result<SubscriberList, Failure>&)>;

    HlrTerminal(Loop&, StreamDialer&, SocketAddress, std::size_t longest_print);
    ~HlrTerminal();
    HlrTerminal(const HlrTerminal&) = delete;
    HlrTerminal& operator=(const HlrTerminal&) = delete;

    void print(Duration timeout, Done);

private:
    struct Print {
        std::unique_ptr<Stream> stream;
        bool open = false;
        SubscriberListReader reader;
        Done done;
        Loop::TimerId timer = 0;
    };
    using Number = std::uint64_t;

    void received(Number, std::string_view bytes);
    void end(Number, const Result<SubscriberList, Failure>&);

    Loop& loop_;
    StreamDialer& dialer_;
    const SocketAddress where_;
    const std::size_t longest_;
    Number last_ = 0;
    std::map<Number, Print> prints_;
};

}  // namespace msp
