#include "operators/rest/rest_signature.hpp"

#include "world/crypto.hpp"

#include <charconv>
#include <utility>

namespace msp {

namespace {

constexpr std::size_t signatures_most = 8;

EventFault forged(std::string what) {
    return {EventFault::Kind::forged, std::move(what)};
}

// A header that decides who speaks is there once, or it decides nothing.
std::optional<std::string> only(const HttpHeaders& headers, std::string_view name) {
    const auto value = headers.find(name);
    if (!value || value->empty() || value->size() > 1024 || headers.count(name) != 1)
        return std::nullopt;
    return std::string(*value);
}

bool timely(std::string_view timestamp, Time now) {
    std::int64_t seconds = 0;
    const char* const end = timestamp.data() + timestamp.size();
    const auto [rest, error] = std::from_chars(timestamp.data(), end, seconds);
    if (error != std::errc{} || rest != end || timestamp.size() > 12) return false;
    const Duration apart = now - Time(std::chrono::seconds(seconds));
    return apart <= signature_age_most && -apart <= signature_age_most;
}

// "v1,<base64> v1,<base64>": several while a secret is being changed.
bool any_matches(std::string_view signatures, std::string_view expected) {
    bool matches = false;
    for (std::size_t i = 0; i < signatures_most && !signatures.empty(); ++i) {
        const std::size_t end = std::min(signatures.find(' '), signatures.size());
        const std::string_view one = signatures.substr(0, end);
        signatures.remove_prefix(std::min(end + 1, signatures.size()));
        if (one.starts_with("v1,")) matches |= equal_in_constant_time(one.substr(3), expected);
    }
    return matches;
}

}  // namespace

Result<std::string, EventFault> authentic(const HttpRequest& request, std::string_view key,
                                          Time now) {
    const auto id = only(request.headers, "webhook-id");
    const auto timestamp = only(request.headers, "webhook-timestamp");
    const auto signatures = only(request.headers, "webhook-signature");
    if (!id || !timestamp || !signatures) return forged("It is not signed.");
    const std::string signed_part = *id + "." + *timestamp + "." + request.body;
    const std::string expected = base64(bytes_of(hmac_sha256(key, signed_part)));
    if (!any_matches(*signatures, expected)) return forged("Its signature does not hold.");
    if (!timely(*timestamp, now)) return forged("It is older or younger than five minutes.");
    return *id;
}

}  // namespace msp
