#include "operators/thingspace/thingspace_wire.hpp"

#include "world/crypto.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace msp::thingspace {

namespace json = boost::json;

namespace {

constexpr std::size_t page_most = 1'000;
constexpr std::size_t rows_most = 10'000;
constexpr std::size_t code_most = 120;
constexpr Duration one_second{1'000};

struct Meaning {
    std::string_view state;
    NetworkState network;
};

// Everything else is unknown: nothing says what the network does with such a line.
constexpr std::array meanings{
    Meaning{"active", NetworkState::active},
    Meaning{"suspend", NetworkState::de_active},
    Meaning{"pre-active", NetworkState::de_active},
    Meaning{"deactive", NetworkState::de_active},
};

// The last part of a code that says: it is so already.
struct Already {
    std::string_view code;
    Order order;
};
constexpr std::array alreadies{
    Already{"DeviceAlreadyActive", Order::activate},
    Already{"DeviceAlreadySuspended", Order::de_activate},
    Already{"DeviceAlreadyDeactive", Order::reclaim},
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

json::string text(std::string_view view) {
    return json::string(view.data(), view.size());
}

json::object device_id(std::string_view iccid) {
    return {{"id", text(iccid)}, {"kind", "iccid"}};
}

HttpRequest posted(std::string target, const json::object& body) {
    HttpRequest out;
    out.method = "POST";
    out.target = std::move(target);
    out.headers.add("Accept", "application/json");
    out.headers.add("Content-Type", "application/json");
    out.body = json::serialize(body);
    return out;
}

HttpRequest with(HttpRequest request, const Tokens& tokens) {
    request.headers.add("Authorization", "Bearer " + tokens.bearer);
    request.headers.add("VZ-M2M-Token", tokens.session);
    return request;
}

std::string m2m(const Access& access, std::string_view path) {
    return access.base_url + "/api/m2m/v1" + std::string(path);
}

// A line that is suspended is restored; one that never was active, or is no more, is activated.
std::string_view action(const Errand& errand) {
    switch (errand.order) {
        case Order::activate: {
            const std::string native = lower_case(errand.native.view());
            return native == "pre-active" || native == "deactive" ? "activate" : "restore";
        }
        case Order::de_activate: return "suspend";
        case Order::reclaim: return "deactivate";
    }
    std::abort();
}

// "UnifiedWebService.REQUEST_FAILED.DeviceAlreadyActive": what, of which class, and in particular.
struct Code {
    std::string_view kind;
    std::string_view particular;
};

std::optional<Code> read_code(std::string_view code) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
               (c >= '0' && c <= '9');
    };
    if (code.size() > code_most || !std::all_of(code.begin(), code.end(), fits))
        return std::nullopt;
    const std::size_t first = code.find('.');
    const std::size_t second = code.find('.', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos || second + 1 == code.size()) return std::nullopt;
    return Code{code.substr(first + 1, second - first - 1), code.substr(second + 1)};
}

bool of_session(const Code& code) {
    return code.particular.starts_with("SessionToken.") ||
           code.particular.starts_with("AccessToken.");
}

std::optional<Code> code_of(const std::optional<AnswerDocument>& document, std::string& held) {
    held = document ? document->text("errorCode").value_or("") : "";
    return read_code(held);
}

// It began nothing.
bool is_busy(const HttpAnswer& answer) {
    return answer && (answer->status == 429 || session_is_over(answer));
}

Outcome busy(std::string why) {
    return {Outcome::Kind::busy, std::move(why), one_second};
}

std::optional<Reading> reading_of(const AnswerDocument& device, Order wanted) {
    const auto carriers = device.items("carrierInformations");
    if (!carriers || carriers->size() != 1) return std::nullopt;
    const auto state = carriers->front().text("state");
    if (!state || state->empty()) return std::nullopt;
    Reading out;
    out.state = meaning(*state, wanted);
    out.changing = is_pending(*state);
    out.session = device.flag("connected");
    out.native = *Text<32>::of(words_of(*state, 32));
    return out;
}

Failure read_failure(const HttpAnswer& answer) {
    return not_read(answer, is_busy(answer));
}

}  // namespace

std::optional<Credentials> read_credentials(std::string_view token) {
    std::array<std::string, 3> parts;
    for (std::string& part : parts) {
        const std::size_t end = token.find(':');
        if (end == std::string_view::npos || end == 0) return std::nullopt;
        part = token.substr(0, end);
        token.remove_prefix(end + 1);
    }
    if (token.empty()) return std::nullopt;
    return Credentials{parts[0] + ":" + parts[1], parts[2], std::string(token)};
}

HttpRequest encode_authorization(const Access& access) {
    HttpRequest out;
    out.method = "POST";
    out.target = access.base_url + "/api/ts/v1/oauth2/token";
    out.headers.add("Accept", "application/json");
    out.headers.add("Content-Type", "application/x-www-form-urlencoded");
    out.headers.add("Authorization", "Basic " + base64(access.credentials.application));
    out.body = "grant_type=client_credentials";
    return out;
}

HttpRequest encode_login(const Access& access, const std::string& bearer) {
    HttpRequest out =
        posted(m2m(access, "/session/login"), {{"username", text(access.credentials.username)},
                                               {"password", text(access.credentials.password)}});
    out.headers.add("Authorization", "Bearer " + bearer);
    return out;
}

HttpRequest encode_order(const Access& access, const Tokens& tokens, const Errand& errand) {
    const std::string_view verb = action(errand);
    const json::object device{
        {"deviceIds", json::array{device_id(errand.subscription.reference.view())}}};
    json::object body{{"accountName", text(access.account.name)}, {"devices", json::array{device}}};
    if (verb == "activate") {
        body["servicePlan"] = text(access.account.service_plan);
        body["mdnZipCode"] = text(access.account.zip_code);
    }
    if (verb == "deactivate") {
        body["reasonCode"] = "FF";
        body["etfWaiver"] = access.account.etf_waiver;
    }
    return with(posted(m2m(access, "/devices/actions/" + std::string(verb)), body), tokens);
}

HttpRequest encode_poll(const Access& access, const Tokens& tokens, const Errand& errand) {
    HttpRequest out;
    out.method = "GET";
    out.target = m2m(access, "/accounts/" + percent_encoded(access.account.name) + "/requests/" +
                                 percent_encoded(errand.operator_reference.view()) + "/status");
    out.headers.add("Accept", "application/json");
    return with(std::move(out), tokens);
}

HttpRequest encode_read(const Access& access, const Tokens& tokens, const Errand& errand) {
    return with(posted(m2m(access, "/devices/actions/list"),
                       {{"accountName", text(access.account.name)},
                        {"deviceId", device_id(errand.subscription.reference.view())}}),
                tokens);
}

HttpRequest encode_list(const Access& access, const Tokens& tokens, const std::string& after,
                        std::size_t limit) {
    json::object body{{"accountName", text(access.account.name)},
                      {"maxNumberOfDevices", std::min(limit, page_most)}};
    if (!after.empty()) body["largestDeviceIdSeen"] = text(after);
    return with(posted(m2m(access, "/devices/actions/list"), body), tokens);
}

NetworkState meaning(std::string_view state, Order wanted) {
    const std::string word = lower_case(state);
    if (word == "deactive" && wanted == Order::reclaim) return NetworkState::reclaimed;
    for (const Meaning& one : meanings)
        if (one.state == word) return one.network;
    return NetworkState::unknown;
}

bool is_pending(std::string_view state) {
    return lower_case(state).starts_with("pending");
}

bool session_is_over(const HttpAnswer& answer) {
    if (!answer) return false;
    if (answer->status == 401) return true;
    std::string held;
    const auto code = answer->status / 100 == 4 ? code_of(AnswerDocument::parse(answer->body), held)
                                                : std::nullopt;
    return code && of_session(*code);
}

Outcome fault(std::string_view code, const std::string& words, std::optional<Order> order) {
    const auto read = read_code(code);
    if (!read) return unknown_outcome("malformed-answer");
    if (of_session(*read)) return busy("session-over");
    if (read->particular.find("Pending") != std::string_view::npos) return busy("pending");
    for (const Already& one : alreadies)
        if (one.code == read->particular && (!order || one.order == *order))
            return {Outcome::Kind::done, {}, std::nullopt};
    // On hold, cancelled and what is not known may still come to something.
    if (read->kind != "REQUEST_FAILED" && read->kind != "INPUT_INVALID")
        return unknown_outcome("ts-" + words_of(std::string(read->particular), 48));
    return {
        Outcome::Kind::refused,
        "ts-" + words_of(std::string(read->particular), 48) + (words.empty() ? "" : ": " + words),
        std::nullopt};
}

Outcome decode_order(const HttpAnswer& answer, const Errand& errand) {
    if (!answer) return unanswered(answer.reason());
    if (is_busy(answer)) return busy(http_code(*answer));
    const auto document = AnswerDocument::parse(answer->body);
    if (answer->status == 200 || answer->status == 202) {
        const auto request = document ? request_id(*document) : std::nullopt;
        if (!request) return unknown_outcome("malformed-answer");
        return {Outcome::Kind::accepted, {}, std::nullopt, *request};
    }
    if (answer->status / 100 != 4) return unknown_outcome(http_code(*answer));
    if (!document) return unknown_outcome("malformed-answer");
    Outcome out = fault(document->text("errorCode").value_or(""), document->words("errorMessage"),
                        errand.order);
    // What never was active cannot be suspended, and need not be.
    const bool never_active = lower_case(errand.native.view()) == "pre-active";
    if (out.kind == Outcome::Kind::refused && errand.order == Order::de_activate && never_active)
        return {Outcome::Kind::done, {}, std::nullopt};
    return out;
}

Outcome decode_poll(const HttpAnswer& answer, const Errand& errand) {
    const Outcome no_news{Outcome::Kind::accepted, {}, std::nullopt};
    if (!answer || is_busy(answer)) return no_news;
    const auto document = AnswerDocument::parse(answer->body);
    if (!document) return no_news;
    if (answer->status / 100 == 4) {
        std::string held;
        const auto code = code_of(document, held);
        const bool nobodys = code && code->particular.starts_with("RequestId.");
        return nobodys ? unknown_outcome("no-such-request") : no_news;
    }
    if (answer->status != 200 || request_id(*document) != errand.operator_reference) return no_news;
    const auto status = document->text("status");
    if (status == "Success") return {Outcome::Kind::done, {}, std::nullopt};
    if (status != "Failed") return no_news;
    if (const auto why = document->part("faultResponse"))
        return fault(why->text("faultcode").value_or(""), why->words("faultstring"), errand.order);
    return {Outcome::Kind::refused, "ts-failed", std::nullopt};
}

Result<Reading, Failure> decode_reading(const HttpAnswer& answer, const Errand& errand) {
    if (!answer || answer->status != 200) return read_failure(answer);
    const auto document = AnswerDocument::parse(answer->body);
    const auto devices = document ? document->items("devices") : std::nullopt;
    if (!devices) return malformed_answer();
    if (devices->empty()) return Failure{Failure::Kind::unknown, "no-such-device"};
    if (devices->size() != 1 || iccid_among(devices->front()) != errand.subscription.reference)
        return malformed_answer();
    auto reading = reading_of(devices->front(), errand.order);
    if (!reading) return malformed_answer();
    return std::move(*reading);
}

Result<ListPage, Failure> decode_list(const HttpAnswer& answer) {
    if (!answer || (answer->status != 200 && answer->status != 202)) return read_failure(answer);
    const auto document = AnswerDocument::parse(answer->body);
    const auto devices = document ? document->items("devices") : std::nullopt;
    const auto more = document ? document->flag("hasMoreData") : std::nullopt;
    if (!devices || !more || devices->size() > rows_most) return malformed_answer();
    ListPage page;
    std::optional<SubscriptionReference> last;
    for (const AnswerDocument& device : *devices) {
        last = iccid_among(device);
        if (!last) continue;  // a line without a card
        auto reading = reading_of(device, Order::activate);
        if (!reading) return malformed_answer();
        page.entries.push_back({.reference = *last, .reading = std::move(*reading)});
    }
    if (*more && !last) return malformed_answer();
    if (*more) page.next = std::string(last->view());
    return page;
}

std::optional<SubscriptionReference> iccid_among(const AnswerDocument& device) {
    const auto ids = device.items("deviceIds");
    if (!ids) return std::nullopt;
    for (const AnswerDocument& one : *ids) {
        const auto id = one.text("id");
        if (!id || id->empty() || lower_case(one.text("kind").value_or("")) != "iccid") continue;
        return SubscriptionReference::of(*id);
    }
    return std::nullopt;
}

std::optional<OperatorReference> request_id(const AnswerDocument& document) {
    const auto id = document.text("requestId");
    const auto visible = [](char c) { return c > ' ' && c <= '~'; };
    if (!id || id->empty() || !std::all_of(id->begin(), id->end(), visible)) return std::nullopt;
    return OperatorReference::of(*id);
}

}  // namespace msp::thingspace
