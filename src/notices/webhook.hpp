// The wire form of a webhook: Standard Webhooks 1.0.0.
//
//   webhook-id:        the event's id, the same in every attempt
//   webhook-timestamp: of this attempt, in seconds
//   webhook-signature: v1,<base64 of HMAC-SHA256 over "id.timestamp.body">, one for each secret
//                      that is valid now, separated by spaces
//
// Law: a signature made with a secret is found by every verifier of the standard that has its text.
// Values and pure functions but for `fresh`, which takes chance.
#pragma once

#include "domain/time.hpp"
#include "world/http.hpp"
#include "world/random.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace msp {

class WebhookSecret {
public:
    static WebhookSecret fresh(Random&);                               // 32 bytes
    static std::optional<WebhookSecret> parse(std::string_view text);  // of 24 to 64 bytes

    std::string text() const;  // whsec_…, as its receiver gets it
    std::string signature(std::string_view id, std::int64_t timestamp_s,
                          std::string_view body) const;  // v1,…

    friend bool operator==(const WebhookSecret&, const WebhookSecret&) = default;

private:
    explicit WebhookSecret(std::string bytes) : bytes_(std::move(bytes)) {}

    std::string bytes_;
};

// The request that carries a body to an endpoint now. Requires: a secret at least.
HttpRequest webhook_request(const std::string& url, std::span<const WebhookSecret> secrets,
                            const std::string& id, Time now, std::string body);

}  // namespace msp
