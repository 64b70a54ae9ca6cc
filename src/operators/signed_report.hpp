// What an operator reports by itself, as docs/operators/rest.md#callbacks says: who signed it, and
// what it says. For every connector whose operator reports in this way.
//
// Signed by the Standard Webhooks scheme: webhook-id, webhook-timestamp and webhook-signature over
// "<id>.<timestamp>.<body>", HMAC-SHA256, base64. Pure functions.
#pragma once

#include "operators/answer_document.hpp"
#include "operators/operator_link.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace msp {

constexpr Duration signature_age_most{300'000};

// The report's id, if one of its signatures was made with this key and it is no older, and no
// younger, than five minutes.
Result<std::string, EventFault> authentic(const HttpRequest&, std::string_view key, Time now);

// What a report says: its body, after it was found genuine.
Result<OperatorEvent, EventFault> decode_event(std::string_view id, std::string_view body);

// Both. Without a key every report is forged.
Result<OperatorEvent, EventFault> parse_signed_report(const HttpRequest&,
                                                      const std::optional<std::string>& key,
                                                      Time now);

// Why an order was refused, as reports and the documents of orders say it; `unknown` where they say
// nothing.
Outcome refusal_of(const AnswerDocument&);

}  // namespace msp
