#include "notices/webhook_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace msp {

static std::optional<int> number(std::string_view digits) {
    int out = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    return whole && out >= 0 ? std::optional(out) : std::nullopt;
}

static std::optional<int> month(std::string_view name) {
    constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) return std::nullopt;
    return static_cast<int>(at - names.begin()) + 1;
}

static std::string two_digits(int value) {
    return {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
}

// "Sun, 06 Nov 1994 08:49:37 GMT", by way of RFC 3339.
static std::optional<Time> http_date(std::string_view text) {
    if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT"))
        return std::nullopt;
    const auto number_of_month = month(text.substr(8, 3));
    if (!number_of_month) return std::nullopt;
    return parse_rfc3339(std::string(text.substr(12, 4)) + "-" + two_digits(*number_of_month) +
                         "-" + std::string(text.substr(5, 2)) + "T" +
                         std::string(text.substr(17, 8)) + "Z");
}

std::optional<Duration> parse_retry_after(std::string_view text, Time now) {
    if (const auto seconds = number(text)) return std::chrono::seconds(*seconds);
    const auto date = http_date(text);
    if (!date) return std::nullopt;
    return std::max(*date - now, Duration(0));
}

static std::string why(int status) {
    const std::string answered = "The receiver answered " + std::to_string(status);
    if (status / 100 == 3) return answered + "; redirects are not followed.";
    return answered + ".";
}

WebhookAnswer judge(const Result<HttpResponse, Failure>& outcome, Time now) {
    using Kind = WebhookAnswer::Kind;
    if (!outcome) return {Kind::failed, 0, outcome.reason().what, {}};
    const int status = outcome->status;
    if (status / 100 == 2) return {Kind::delivered, status, {}, {}};
    WebhookAnswer out{status == 410 ? Kind::gone : Kind::failed, status, why(status), {}};
    const auto retry_after = outcome->headers.find("Retry-After");
    if ((status == 429 || status == 503) && retry_after)
        out.retry_after = parse_retry_after(*retry_after, now);
    return out;
}

}  // namespace msp
