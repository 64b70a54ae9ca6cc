// The connector for the ThingSpace interface of docs/operators/thingspace.md: an order is accepted
// under a request id, its outcome is called back and can be asked for.
//
// Threads: the loop's. What it was made with outlives it, and so may calls that are under way.
#pragma once

#include "operators/operator_link.hpp"
#include "operators/operator_settings.hpp"
#include "operators/thingspace/thingspace_session.hpp"
#include "world/http_client.hpp"
#include "world/loop.hpp"

#include <functional>
#include <memory>
#include <string>

namespace msp {

class ThingSpaceLink final : public OperatorLink {
public:
    // Requires: a token that read_credentials() reads.
    ThingSpaceLink(const OperatorSettings&, Loop&, HttpClient&);

    const Capabilities& can() const override { return can_; }
    void carry_out(const Errand&, OutcomeDone) override;
    void poll(const Errand&, OutcomeDone) override;
    void ask(const Errand&, ReadingDone) override;
    void list(const std::string& after, std::size_t limit, ListDone) override;
    Result<OperatorEvent, EventFault> parse_event(const HttpRequest&) const override;

private:
    using Make = std::function<HttpRequest(const thingspace::Tokens&)>;
    using Took = std::function<void(const HttpAnswer&)>;
    using Failed = std::function<void(const thingspace::NoTokens&)>;
    void call(Make, Took, Failed);

    Loop& loop_;
    HttpClient& http_;
    std::shared_ptr<thingspace::Session> session_;
    std::string callback_password_;
    Duration timeout_;
    Capabilities can_;
};

}  // namespace msp
