// Who we are, to a ThingSpace platform: a token for the application, and one for a session of its
// user. Both end, the session after twenty minutes in which nothing was asked.
//
//   none ── open ──► asking for the bearer ──► logging in ──► there ── forget, idle, old ──► none
//
// Law: at most one login is under way, whoever waits for it; every `Ready` is called exactly once,
// also when the link is gone meanwhile. A login that failed is not tried again by itself.
// Threads: the loop's only. Held by shared_ptr: a login under way outlives the link.
#pragma once

#include "operators/thingspace/thingspace_wire.hpp"
#include "world/http_client.hpp"
#include "world/loop.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace msp::thingspace {

// Why there are no tokens. What should have gone with them did not leave.
struct NoTokens {
    bool answered = false;  // the operator said something, and it was no token
    std::string why;        // a short code
};

class Session : public std::enable_shared_from_this<Session> {
public:
    using Ready = std::function<void(Result<Tokens, NoTokens>)>;

    Session(Access, Loop&, HttpClient&);

    const Access& access() const { return access_; }

    // Tokens at once where there are some; else as soon as there are, or none by `until`.
    void open(Monotonic until, Ready);
    // The operator does not take these any more.
    void forget(const Tokens&);

private:
    void ask(HttpRequest, const std::string& member, Monotonic until,
             std::function<void(const std::string& token, const AnswerDocument&)> then);
    void end(const Result<Tokens, NoTokens>&);
    bool fresh() const;

    Access access_;
    Loop& loop_;
    HttpClient& http_;
    std::optional<Tokens> tokens_;
    Monotonic used_{};
    Monotonic bearer_ends_{};
    bool logging_in_ = false;
    std::vector<Ready> waiting_;
};

}  // namespace msp::thingspace
