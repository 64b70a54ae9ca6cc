// For tests of connectors over HTTP: an errand, and what an operator answers to it.
#pragma once

#include "operators/http_answer.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace msp::sample {

inline Errand errand_about(std::string_view reference, Errand::Kind kind,
                           Order order = Order::activate) {
    return {.kind = kind,
            .chain = ChainId{7},
            .subscription = {.at = OperatorId::parse("east").value(),
                             .imsi = Imsi::parse("262070000000001").value(),
                             .reference = *SubscriptionReference::of(reference),
                             .msisdn = {},
                             .mdn = {}},
            .iccid = Iccid::parse("8944500000000000016", CheckDigit::warn).value(),
            .order = order,
            .generation = 7,
            .reference = OrderReference("r-1"),
            .read_number = 3};
}

inline HttpAnswer http(int status, std::string body = {}) {
    HttpResponse out;
    out.status = status;
    out.body = std::move(body);
    return out;
}

}  // namespace msp::sample
