#include "operators/signed_report.hpp"

#include "operators/http_answer.hpp"
#include "world/crypto.hpp"

#include <algorithm>
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

bool is_event_id(std::string_view id) {
    const auto visible = [](char c) { return c > ' ' && c <= '~'; };
    return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), visible);
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

Outcome refusal_of(const AnswerDocument& document) {
    const auto code = document.text("code");
    if (!code || code->empty()) return unknown_outcome("malformed-answer");
    if (*code == "pending") return {Outcome::Kind::busy, "pending", std::nullopt};
    const std::string said = document.words("reason");
    const auto kind =
        *code == "suspended" ? Outcome::Kind::refused_suspended : Outcome::Kind::refused;
    return {kind, words_of(*code, 32) + (said.empty() ? "" : ": " + said), std::nullopt};
}

Result<OperatorEvent, EventFault> decode_event(std::string_view id, std::string_view body) {
    const auto wrong = [](std::string what) {
        return EventFault{EventFault::Kind::malformed, std::move(what)};
    };
    const auto document = AnswerDocument::parse(body);
    if (!document) return wrong("It is no JSON object.");
    if (document->text("id") != id || !is_event_id(id))
        return wrong("Its id is not that of the header, or none.");
    OperatorEvent out;
    out.id = id;
    const auto type = document->text("type");
    const auto reference = SubscriptionReference::of(document->text("reference").value_or(""));
    if (!type || !reference) return wrong("It has no type, or its reference is too long.");
    out.reference = *reference;
    if (const auto imsi = document->text("imsi")) {
        const auto parsed = Imsi::parse(*imsi);
        if (!parsed) return wrong("Its IMSI is none.");
        out.imsi = *parsed;
    }
    if (out.reference.empty() && !out.imsi) return wrong("It names no subscription.");
    if (*type != "order.done" && *type != "order.refused") return out;
    const auto order = OrderReference::of(document->text("order_reference").value_or(""));
    if (!order || order->empty() || out.reference.empty())
        return wrong("It names no order, or no subscription by its reference.");
    Outcome outcome{Outcome::Kind::done, {}, std::nullopt};
    if (*type == "order.refused") outcome = refusal_of(*document);
    if (outcome.kind == Outcome::Kind::unknown) return wrong("It refuses without a code.");
    out.order = OperatorEvent::Answered{*order, std::move(outcome)};
    return out;
}

Result<OperatorEvent, EventFault> parse_signed_report(const HttpRequest& request,
                                                      const std::optional<std::string>& key,
                                                      Time now) {
    if (!key) return forged("This operator has no callback secret.");
    const auto id = authentic(request, *key, now);
    if (!id) return id.reason();
    return decode_event(*id, request.body);
}

}  // namespace msp
