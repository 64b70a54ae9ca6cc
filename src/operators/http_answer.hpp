// What connectors over HTTP say of an answer before they look at what stands in it, and of one that
// did not come.
//
// Pure functions. Law: only what certainly never left this process is `not_sent`.
#pragma once

#include "operators/operator_link.hpp"

#include <string>

namespace msp {

using HttpAnswer = Result<HttpResponse, Failure>;

std::string http_code(const HttpResponse&);  // "http-503"

Outcome unknown_outcome(std::string why);
Outcome unanswered(const Failure&);  // an order

// Of a read or a list. `busy`: the operator began nothing and asks to come again.
Failure not_read(const HttpAnswer&, bool busy);
Failure malformed_answer();

}  // namespace msp
