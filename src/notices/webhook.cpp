#include "notices/webhook.hpp"

#include "notices/cloud_event.hpp"
#include "world/crypto.hpp"

#include <array>
#include <cassert>
#include <utility>

namespace msp {

static constexpr std::string_view secret_prefix = "whsec_";
static constexpr std::size_t fresh_bytes = 32;
static constexpr std::size_t fewest_bytes = 24;
static constexpr std::size_t most_bytes = 64;

WebhookSecret WebhookSecret::fresh(Random& random) {
    std::array<std::byte, fresh_bytes> bytes;
    random.fill(bytes);
    return WebhookSecret({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<WebhookSecret> WebhookSecret::parse(std::string_view text) {
    if (!text.starts_with(secret_prefix)) return std::nullopt;
    auto bytes = from_base64(text.substr(secret_prefix.size()));
    if (!bytes || bytes->size() < fewest_bytes || bytes->size() > most_bytes) return std::nullopt;
    return WebhookSecret(*std::move(bytes));
}

std::string WebhookSecret::text() const {
    return std::string(secret_prefix) + base64(bytes_);
}

std::string WebhookSecret::signature(std::string_view id, std::int64_t timestamp_s,
                                     std::string_view body) const {
    std::string content(id);
    content += '.';
    content += std::to_string(timestamp_s);
    content += '.';
    content += body;
    return "v1," + base64(bytes_of(hmac_sha256(bytes_, content)));
}

HttpRequest webhook_request(const std::string& url, std::span<const WebhookSecret> secrets,
                            const std::string& id, Time now, std::string body) {
    assert(!secrets.empty());
    const auto timestamp_s =
        std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    std::string signatures;
    for (const WebhookSecret& secret : secrets)
        signatures += (signatures.empty() ? "" : " ") + secret.signature(id, timestamp_s, body);

    HttpRequest request;
    request.method = "POST";
    request.target = url;
    request.headers.add("Content-Type", std::string(event_content_type));
    request.headers.add("User-Agent", "msp-webhooks/1");
    request.headers.add("webhook-id", id);
    request.headers.add("webhook-timestamp", std::to_string(timestamp_s));
    request.headers.add("webhook-signature", std::move(signatures));
    request.body = std::move(body);
    return request;
}

}  // namespace msp
