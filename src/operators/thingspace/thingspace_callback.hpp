// What a ThingSpace platform calls back with: the outcome of a request, or that something happened
// to a line (docs/operators/thingspace.md#callbacks).
//
// Law: who does not say the password that the callback was registered with is forged. A body is not
// signed, so the rest is believed no further than TLS and the password reach: the outcome of a
// request counts only for an order of ours that waits for it; all else makes us read. The same
// report again has the same id. Pure functions.
#pragma once

#include "operators/operator_link.hpp"

#include <string>

namespace msp::thingspace {

// Without a password every report is forged.
Result<OperatorEvent, EventFault> parse_callback(const HttpRequest&, const std::string& password);

}  // namespace msp::thingspace
