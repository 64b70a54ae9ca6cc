// Who signed a callback, by the Standard Webhooks scheme: webhook-id, webhook-timestamp and
// webhook-signature over "<id>.<timestamp>.<body>", HMAC-SHA256, base64.
//
// Pure functions.
#pragma once

#include "operators/operator_link.hpp"

#include <string>
#include <string_view>

namespace msp {

constexpr Duration signature_age_most{300'000};

// The callback's id, if one of its signatures was made with this key and it is no older, and no
// younger, than five minutes.
Result<std::string, EventFault> authentic(const HttpRequest&, std::string_view key, Time now);

}  // namespace msp
