// The Control Center interface of docs/operators/control-center.md as bytes: requests from errands,
// outcomes from answers.
//
// Pure functions. Law: as for rest/rest_wire.hpp: whatever bytes come back, the result is what the
// page says, or `unknown`, or a Failure; no number of six digits or more that an operator writes
// into its words gets through.
#pragma once

#include "operators/http_answer.hpp"
#include "operators/operator_link.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace msp::control_center {

struct Access {
    std::string base_url;     // without /rws/api/v1
    std::string credentials;  // "user:api-key"
};

// What each word of its `status` means to us. By one question: would the network let a device with
// this card through now?
NetworkState meaning(std::string_view status);

HttpRequest encode_order(const Access&, const Errand&);
HttpRequest encode_read(const Access&, const Errand&);
// A page of what changed since then, from 1 on; it has 50 rows at the most.
struct Place {
    unsigned page = 1;
    Time since{};
};
HttpRequest encode_list(const Access&, const Place&, std::size_t limit);

Outcome decode_order(const HttpAnswer&, const Errand&);
Result<Reading, Failure> decode_reading(const HttpAnswer&, const Errand&);
// What is asked for has to come.
Result<ListPage, Failure> decode_list(const HttpAnswer&, const Place&);

// A place in the list as a text, and back; nothing where it is none.
std::string cursor(const Place&);
std::optional<Place> read_cursor(std::string_view);

}  // namespace msp::control_center
