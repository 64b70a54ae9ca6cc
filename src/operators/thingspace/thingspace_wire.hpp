// The ThingSpace interface of docs/operators/thingspace.md as bytes: requests from errands,
// outcomes from answers.
//
// Pure functions. Law: as for rest/rest_wire.hpp: whatever bytes come back, the result is what the
// page says, or `unknown`, or a Failure; no number of six digits or more that an operator writes
// into its words gets through.
#pragma once

#include "operators/answer_document.hpp"
#include "operators/http_answer.hpp"
#include "operators/operator_link.hpp"
#include "operators/operator_settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace msp::thingspace {

// Who we are: an application (key and secret), and a user of it.
struct Credentials {
    std::string application;  // "key:secret"
    std::string username;
    std::string password;
};
// From "key:secret:username:password"; the password may have a colon in it.
std::optional<Credentials> read_credentials(std::string_view token);

struct Access {
    std::string base_url;  // without /api
    AccountSettings account;
    Credentials credentials;
};

// Both go with every call but those that get them.
struct Tokens {
    std::string bearer;
    std::string session;
    friend bool operator==(const Tokens&, const Tokens&) = default;
};

HttpRequest encode_authorization(const Access&);
HttpRequest encode_login(const Access&, const std::string& bearer);
HttpRequest encode_order(const Access&, const Tokens&, const Errand&);
// Requires: the errand has the operator's reference.
HttpRequest encode_poll(const Access&, const Tokens&, const Errand&);
HttpRequest encode_read(const Access&, const Tokens&, const Errand&);
// `after`: the ICCID that the page before ended with; empty: from the first.
HttpRequest encode_list(const Access&, const Tokens&, const std::string& after, std::size_t limit);

// What each word of a line's `state` means to us. By one question: would the network let a device
// with this card through now? What was given back stands as `deactive`, and so does what the
// operator deactivated: only where we want it reclaimed is it that.
NetworkState meaning(std::string_view state, Order wanted);
// "pending suspend", and whatever else is under way.
bool is_pending(std::string_view state);

// One of the two tokens is none any more.
bool session_is_over(const HttpAnswer&);

Outcome decode_order(const HttpAnswer&, const Errand&);
Outcome decode_poll(const HttpAnswer&, const Errand&);
Result<Reading, Failure> decode_reading(const HttpAnswer&, const Errand&);
Result<ListPage, Failure> decode_list(const HttpAnswer&);

// A fault of its own, by its code and what it says beside it, as the outcome of an order; where it
// is not known which order, any effect that the code names counts.
Outcome fault(std::string_view code, const std::string& words, std::optional<Order>);

// The ICCID among a device's identifiers.
std::optional<SubscriptionReference> iccid_among(const AnswerDocument& device);
// The operator's name of a request; nothing where it is none.
std::optional<OperatorReference> request_id(const AnswerDocument&);

}  // namespace msp::thingspace
