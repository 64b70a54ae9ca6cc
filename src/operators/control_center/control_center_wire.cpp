#include "operators/control_center/control_center_wire.hpp"

#include "operators/answer_document.hpp"
#include "world/crypto.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <utility>

namespace msp::control_center {

namespace {

constexpr std::size_t page_most = 50;
constexpr std::size_t rows_most = 1'000;
constexpr unsigned pages_most = 100'000'000;
constexpr Duration one_second{1'000};

// Error codes that are not refusals.
constexpr std::string_view already_activated = "10030000";
constexpr std::string_view too_many_requests = "40000029";

struct Meaning {
    std::string_view status;
    NetworkState state;
};

// Everything else, REPLACED and the words of other editions included, is unknown: nothing says
// what the network does with such a card.
constexpr std::array meanings{
    Meaning{"INVENTORY", NetworkState::de_active},
    Meaning{"TEST_READY", NetworkState::active},        // lets it through, within test limits
    Meaning{"ACTIVATION_READY", NetworkState::active},  // lets it through, and is then ACTIVATED
    Meaning{"ACTIVATED", NetworkState::active},
    Meaning{"DEACTIVATED", NetworkState::de_active},
    Meaning{"RETIRED", NetworkState::reclaimed},
    Meaning{"PURGED", NetworkState::reclaimed},
};

std::string_view status_for(Order order) {
    switch (order) {
        case Order::activate: return "ACTIVATED";
        case Order::de_activate: return "DEACTIVATED";
        case Order::reclaim: return "RETIRED";
    }
    std::abort();
}

HttpRequest request(const Access& access, std::string method, const std::string& path) {
    HttpRequest out;
    out.method = std::move(method);
    out.target = access.base_url + "/rws/api/v1" + path;
    out.headers.add("Accept", "application/json");
    out.headers.add("Authorization", "Basic " + base64(access.credentials));
    return out;
}

std::string device_path(const Errand& errand) {
    return "/devices/" + percent_encoded(errand.subscription.reference.view());
}

// Its code, where the answer is an error of its own and not of something in between.
std::optional<std::string> error_code(const std::optional<AnswerDocument>& document) {
    auto code = document ? document->text("errorCode") : std::nullopt;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!code || code->empty() || code->size() > 12) return std::nullopt;
    return std::all_of(code->begin(), code->end(), digit) ? code : std::nullopt;
}

// It began nothing.
bool is_busy(const HttpResponse& response, const std::optional<std::string>& code) {
    return response.status == 401 || response.status == 429 || code == too_many_requests;
}

Outcome refusal(const std::string& code, const AnswerDocument& document) {
    const std::string said = document.words("errorMessage");
    return {Outcome::Kind::refused, "cc-" + code + (said.empty() ? "" : ": " + said), std::nullopt};
}

Failure read_failure(const HttpAnswer& answer) {
    return not_read(answer,
                    answer && is_busy(*answer, error_code(AnswerDocument::parse(answer->body))));
}

std::optional<Reading> reading_of(const AnswerDocument& document) {
    const auto status = document.text("status");
    if (!status || status->empty()) return std::nullopt;
    Reading out;
    out.state = meaning(*status);
    out.native = *Text<32>::of(words_of(*status, 32));
    return out;
}

// yyyy-MM-ddTHH:mm:ssZ
std::string second_of(Time at) {
    return rfc3339(at).substr(0, 19) + "Z";
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number out{};
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
    return out;
}

}  // namespace

NetworkState meaning(std::string_view status) {
    for (const Meaning& one : meanings)
        if (one.status == status) return one.state;
    return NetworkState::unknown;
}

HttpRequest encode_order(const Access& access, const Errand& errand) {
    HttpRequest out = request(access, "PUT", device_path(errand));
    out.headers.add("Content-Type", "application/json");
    out.body = boost::json::serialize(
        boost::json::value{{"status", std::string(status_for(errand.order))}});
    return out;
}

HttpRequest encode_read(const Access& access, const Errand& errand) {
    return request(access, "GET", device_path(errand));
}

HttpRequest encode_list(const Access& access, const Place& place, std::size_t limit) {
    return request(access, "GET",
                   "/devices?modifiedSince=" + percent_encoded(second_of(place.since)) +
                       "&pageSize=" + std::to_string(std::min(limit, page_most)) +
                       "&pageNumber=" + std::to_string(place.page));
}

Outcome decode_order(const HttpAnswer& answer, const Errand& errand) {
    if (!answer) return unanswered(answer.reason());
    const auto document = AnswerDocument::parse(answer->body);
    const auto code = error_code(document);
    if (is_busy(*answer, code)) return {Outcome::Kind::busy, http_code(*answer), one_second};
    if (answer->status == 200) {
        const bool ours =
            document && document->text("iccid") == errand.subscription.reference.view();
        return ours ? Outcome{Outcome::Kind::done, {}, std::nullopt}
                    : unknown_outcome("malformed-answer");
    }
    if (answer->status != 400 && answer->status != 404) return unknown_outcome(http_code(*answer));
    if (!code) return unknown_outcome("malformed-answer");
    if (code == already_activated && errand.order == Order::activate)
        return {Outcome::Kind::done, {}, std::nullopt};
    return refusal(*code, *document);
}

Result<Reading, Failure> decode_reading(const HttpAnswer& answer, const Errand& errand) {
    if (!answer || answer->status != 200) return read_failure(answer);
    const auto document = AnswerDocument::parse(answer->body);
    if (!document || document->text("iccid") != errand.subscription.reference.view())
        return malformed_answer();
    auto reading = reading_of(*document);
    if (!reading) return malformed_answer();
    return std::move(*reading);
}

Result<ListPage, Failure> decode_list(const HttpAnswer& answer, const Place& place) {
    if (!answer || answer->status != 200) return read_failure(answer);
    const auto document = AnswerDocument::parse(answer->body);
    const auto devices = document ? document->items("devices") : std::nullopt;
    const auto last = document ? document->flag("lastPage") : std::nullopt;
    if (!devices || !last || devices->size() > rows_most) return malformed_answer();
    if (document->count("pageNumber") != place.page || (devices->empty() && !*last))
        return malformed_answer();
    ListPage page;
    for (const AnswerDocument& device : *devices) {
        const auto iccid = device.text("iccid");
        const auto reference = iccid ? SubscriptionReference::of(*iccid) : std::nullopt;
        auto reading = reading_of(device);
        if (!reference || reference->empty() || !reading) return malformed_answer();
        page.entries.push_back({.reference = *reference, .reading = std::move(*reading)});
    }
    if (!*last) page.next = cursor({place.page + 1, place.since});
    return page;
}

std::string cursor(const Place& place) {
    const auto since =
        std::chrono::floor<std::chrono::seconds>(place.since.time_since_epoch()).count();
    return std::to_string(place.page) + "." + std::to_string(since);
}

std::optional<Place> read_cursor(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto page = number<unsigned>(text.substr(0, dot));
    const auto since = number<std::int64_t>(text.substr(dot + 1));
    if (!page || *page == 0 || *page > pages_most || !since || *since < 0 ||
        *since > 253'402'300'799)
        return std::nullopt;
    return Place{*page, Time(std::chrono::seconds(*since))};
}

}  // namespace msp::control_center
