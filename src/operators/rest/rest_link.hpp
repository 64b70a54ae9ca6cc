// The connector for the REST interface of docs/operators/rest.md.
//
// Its capabilities are those of the settings; how long a request lives includes the time in which
// it may still be on its way out of this process. Threads: the loop's. What it was made with
// outlives it, and so may calls that are under way: they hold what they need.
#pragma once

#include "operators/operator_link.hpp"
#include "operators/operator_settings.hpp"
#include "operators/rest/rest_wire.hpp"
#include "world/http_client.hpp"
#include "world/loop.hpp"

#include <memory>

namespace msp {

class RestLink final : public OperatorLink {
public:
    RestLink(const OperatorSettings&, Loop&, HttpClient&);

    const Capabilities& can() const override { return can_; }
    void carry_out(const Errand&, OutcomeDone) override;
    void poll(const Errand&, OutcomeDone) override;
    void ask(const Errand&, ReadingDone) override;
    void list(const std::string& after, std::size_t limit, ListDone) override;
    Result<OperatorEvent, EventFault> parse_event(const HttpRequest&) const override;

private:
    HttpCall call(HttpRequest) const;

    Loop& loop_;
    HttpClient& http_;
    RestAccess access_;
    std::optional<std::string> callback_key_;
    Duration timeout_;
    Capabilities can_;
};

}  // namespace msp
