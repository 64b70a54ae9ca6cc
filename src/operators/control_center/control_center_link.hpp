// The connector for the Control Center interface of docs/operators/control-center.md: an order is
// answered when it is done, nothing is ever reported, changes are found by asking.
//
// Threads: the loop's. What it was made with outlives it, and so may calls that are under way.
#pragma once

#include "operators/control_center/control_center_wire.hpp"
#include "operators/operator_link.hpp"
#include "operators/operator_settings.hpp"
#include "world/http_client.hpp"
#include "world/loop.hpp"

#include <string>

namespace msp {

class ControlCenterLink final : public OperatorLink {
public:
    ControlCenterLink(const OperatorSettings&, Loop&, HttpClient&);

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
    control_center::Access access_;
    Duration timeout_;
    Capabilities can_;
};

}  // namespace msp
