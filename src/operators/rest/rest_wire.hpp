// The REST interface of docs/operators/rest.md as bytes: requests from errands, outcomes from
// answers.
//
// Pure functions. Law: whatever bytes come back, the result is what the documented form says or
// `unknown` (orders), `accepted` (polls), a Failure (reads and lists); members that the document
// does not name are ignored. No number of six digits or more that an operator writes into its
// words gets through: it might be a subscriber's.
#pragma once

#include "operators/http_answer.hpp"
#include "operators/operator_link.hpp"

#include <string>
#include <string_view>

namespace msp {

struct RestAccess {
    std::string base_url;
    std::string token;
};

HttpRequest encode_order(const RestAccess&, const Errand&);
HttpRequest encode_poll(const RestAccess&, const Errand&);
HttpRequest encode_read(const RestAccess&, const Errand&);
HttpRequest encode_list(const RestAccess&, std::string_view after, std::size_t limit);

Outcome decode_order(const HttpAnswer&, const Errand&);
Outcome decode_poll(const HttpAnswer&, const Errand&);
Result<Reading, Failure> decode_reading(const HttpAnswer&, const Errand&, StatusField);
Result<ListPage, Failure> decode_list(const HttpAnswer&, StatusField);

}  // namespace msp
