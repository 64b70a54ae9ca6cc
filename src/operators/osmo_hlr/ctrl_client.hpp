// One connection to the CTRL interface of one program, for requests that do not wait for each
// other.
//
// Opened by the first request, and again by the next one after it ended. Law: each request is
// answered once, later, within its timeout: by its reply; `unreachable`, nothing of it left;
// `unknown`, it may have arrived; `malformed`, what came is no reply. After a request without an
// answer the connection is cut: nothing on it can be relied on. Threads: the loop's. After its
// destructor only answers that had come before are still told.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "operators/osmo_hlr/ctrl_message.hpp"
#include "operators/osmo_hlr/ipa_frame.hpp"
#include "world/loop.hpp"
#include "world/stream.hpp"

#include <functional>
#include <map>
#include <memory>

namespace msp {

class CtrlClient {
public:
    using Done = std::function<void(Result<CtrlReply, Failure>)>;

    // A reply longer than this is `unknown`. Loop and dialer outlive the client.
    CtrlClient(Loop&, StreamDialer&, SocketAddress, std::size_t longest_reply);
    ~CtrlClient();
    CtrlClient(const CtrlClient&) = delete;
    CtrlClient& operator=(const CtrlClient&) = delete;

    void ask(const CtrlRequest&, Duration timeout, Done);

private:
    struct Pending {
        CtrlRequest request;
        Done done;
        Loop::TimerId timer = 0;
    };

    void dial();
    void received(std::string_view bytes);
    bool take(const IpaFrame&);
    void answer(const CtrlReply&);
    void end(const Failure& why);

    Loop& loop_;
    StreamDialer& dialer_;
    const SocketAddress where_;
    const std::size_t longest_;
    std::unique_ptr<Stream> stream_;
    bool open_ = false;
    IpaCutter cutter_;
    std::uint32_t last_id_ = 0;
    std::map<std::uint32_t, Pending> pending_;
};

}  // namespace msp
