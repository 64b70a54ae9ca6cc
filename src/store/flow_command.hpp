// Makes a store command of any flow: a value with names() and decide() beside it
// (provisioning/flow.hpp).
#pragma once

#include "store/store.hpp"

#include <memory>
#include <utility>

namespace msp {

template <class Flow>
Command flow_command(Flow flow, Urgency urgency = Urgency::urgent,
                     const std::optional<IdempotencyKey>& key = std::nullopt) {
    auto shared = std::make_shared<const Flow>(std::move(flow));
    return {.urgency = urgency,
            .key = key,
            .hints = names(*shared),
            .decide = [shared](const View& view) { return decide(view, *shared); }};
}

}  // namespace msp
