// What a receiver's answer to a webhook means (Standard Webhooks 1.0.0, "Response").
//
//   2xx          delivered
//   410          gone for good: the endpoint is disabled
//   all else     failed; 429 and 503 may say when to come again (RFC 9110 clause 10.2.3)
//
// Pure.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "world/http.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace msp {

struct WebhookAnswer {
    enum class Kind : unsigned char { delivered, failed, gone };
    Kind kind = Kind::failed;
    int status = 0;     // 0: no answer came
    std::string error;  // in words; empty where it was delivered
    std::optional<Duration> retry_after;
};
WebhookAnswer judge(const Result<HttpResponse, Failure>&, Time now);

// Seconds, or a date in the one form that is sent today (RFC 9110 clause 5.6.7).
std::optional<Duration> parse_retry_after(std::string_view, Time now);

}  // namespace msp
