// An errand for the targets that read what an operator answers.
#pragma once

#include "domain/protocol.hpp"

#include <string_view>

namespace msp::fuzz {

inline Errand errand_about(std::string_view reference) {
    return {.kind = Errand::Kind::order,
            .chain = ChainId{7},
            .subscription = {.at = OperatorId::parse("op-east").value(),
                             .imsi = Imsi::parse("262070000000001").value(),
                             .reference = *SubscriptionReference::of(reference),
                             .msisdn = {},
                             .mdn = {}},
            .iccid = Iccid::parse("8944500000000000016", CheckDigit::warn).value(),
            .order = Order::activate,
            .generation = 7,
            .reference = OrderReference("r-1"),
            .read_number = 3};
}

}  // namespace msp::fuzz
