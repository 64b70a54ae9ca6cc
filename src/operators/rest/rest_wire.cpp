#include "operators/rest/rest_wire.hpp"

#include "domain/status.hpp"
#include "operators/answer_document.hpp"
#include "operators/signed_report.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace msp {

namespace {

HttpRequest request(const RestAccess& access, std::string method, const std::string& path) {
    HttpRequest out;
    out.method = std::move(method);
    out.target = access.base_url + path;
    out.headers.add("Accept", "application/json");
    if (!access.token.empty()) out.headers.add("Authorization", "Bearer " + access.token);
    return out;
}

std::string subscription_path(const Errand& errand) {
    return "/subscriptions/" + percent_encoded(errand.subscription.reference.view());
}

std::string order_path(const Errand& errand) {
    return subscription_path(errand) + "/orders/" + percent_encoded(errand.reference.view());
}

bool is_busy(const HttpResponse& response) {
    const int status = response.status;
    return status == 401 || status == 403 || status == 429 || status == 503;
}

std::optional<Duration> retry_after(const HttpResponse& response) {
    const auto value = response.headers.find("Retry-After");
    if (!value || value->size() > 6) return std::nullopt;
    std::int64_t seconds = 0;
    const char* const end = value->data() + value->size();
    const auto [rest, error] = std::from_chars(value->data(), end, seconds);
    if (error != std::errc{} || rest != end || seconds < 0) return std::nullopt;
    return Duration(std::chrono::seconds(seconds));
}

// An order as the operator keeps it: the same document answers the order, the poll and the
// callback.
Outcome outcome_of(const AnswerDocument& document) {
    const auto status = document.text("status");
    if (status == "done") return {Outcome::Kind::done, {}, std::nullopt};
    if (status == "accepted") return {Outcome::Kind::accepted, {}, std::nullopt};
    if (status == "refused") return refusal_of(document);
    return unknown_outcome("malformed-answer");
}

bool about(const AnswerDocument& document, const Errand& errand) {
    const auto order = document.text("order");
    return document.text("order_reference") == errand.reference.view() &&
           (!order || *order == word(errand.order));
}

// The status line and the document say the same, or nothing.
bool agree(int http_status, Outcome::Kind kind) {
    switch (kind) {
        case Outcome::Kind::done: return http_status == 200;
        case Outcome::Kind::accepted: return http_status == 202;
        case Outcome::Kind::refused:
        case Outcome::Kind::refused_suspended:
        case Outcome::Kind::busy: return http_status == 409;
        case Outcome::Kind::unknown:
        case Outcome::Kind::not_sent: break;
    }
    return false;
}

// `unknown` for a word that this kind of status field does not have.
NetworkState network_state(std::string_view state, StatusField field) {
    const bool two_words =
        field == StatusField::combined || field == StatusField::overwritten_combined;
    if (state == "terminated") return NetworkState::reclaimed;
    if (state == "active") return NetworkState::active;
    if (state == (two_words ? "inactive" : "de-active")) return NetworkState::de_active;
    if (state == "suspended" && field == StatusField::overwritten) return NetworkState::de_active;
    return NetworkState::unknown;
}

// What the operator says of its own suspension beside or within the state.
std::optional<Reading> reading_of(const AnswerDocument& document, StatusField field) {
    Reading out;
    const auto state = document.text("state");
    const auto suspended = document.flag("suspended");
    const auto pending = document.flag("pending");
    if (!state || !pending) return std::nullopt;
    if (field == StatusField::separate && !suspended) return std::nullopt;
    out.native = *Text<32>::of(words_of(*state, 32));
    out.changing = *pending;
    out.session = document.flag("session");
    out.cause = document.words("cause");
    out.state = network_state(*state, field);
    out.suspended = field == StatusField::separate ? *suspended : *state == "suspended";
    return out;
}

Failure read_failure(const HttpAnswer& answer) {
    return not_read(answer, answer && is_busy(*answer));
}

std::optional<ListEntry> entry_of(const AnswerDocument& document, StatusField field) {
    const auto reference = document.text("reference");
    const auto fitting = reference ? SubscriptionReference::of(*reference) : std::nullopt;
    const auto change = document.count("change");
    auto reading = reading_of(document, field);
    if (!fitting || fitting->empty() || !change || !reading) return std::nullopt;
    return ListEntry{.reference = *fitting, .reading = std::move(*reading), .change = *change};
}

}  // namespace

HttpRequest encode_order(const RestAccess& access, const Errand& errand) {
    HttpRequest out = request(access, "PUT", order_path(errand));
    out.headers.add("Content-Type", "application/json");
    out.body = boost::json::serialize(boost::json::value{{"order", std::string(word(errand.order))},
                                                         {"generation", errand.generation}});
    return out;
}

HttpRequest encode_poll(const RestAccess& access, const Errand& errand) {
    return request(access, "GET", order_path(errand));
}

HttpRequest encode_read(const RestAccess& access, const Errand& errand) {
    return request(access, "GET", subscription_path(errand));
}

HttpRequest encode_list(const RestAccess& access, std::string_view after, std::size_t limit) {
    std::string path = "/subscriptions?limit=" + std::to_string(limit);
    if (!after.empty()) path += "&after=" + percent_encoded(after);
    return request(access, "GET", path);
}

Outcome decode_order(const HttpAnswer& answer, const Errand& errand) {
    if (!answer) return unanswered(answer.reason());
    if (is_busy(*answer)) return {Outcome::Kind::busy, http_code(*answer), retry_after(*answer)};
    if (answer->status != 200 && answer->status != 202 && answer->status != 409)
        return unknown_outcome(http_code(*answer));
    const auto document = AnswerDocument::parse(answer->body);
    if (!document || !about(*document, errand)) return unknown_outcome("malformed-answer");
    Outcome outcome = outcome_of(*document);
    return agree(answer->status, outcome.kind) ? outcome : unknown_outcome("malformed-answer");
}

Outcome decode_poll(const HttpAnswer& answer, const Errand& errand) {
    const Outcome still_at_it{Outcome::Kind::accepted, {}, std::nullopt};
    if (!answer || (answer->status != 200 && answer->status != 404)) return still_at_it;
    const auto document = AnswerDocument::parse(answer->body);
    if (!document) return still_at_it;
    if (answer->status == 404)
        return document->text("code") == "no-such-order" ? unknown_outcome("no-such-order")
                                                         : still_at_it;
    if (!about(*document, errand)) return still_at_it;
    Outcome outcome = outcome_of(*document);
    const bool tells = outcome.kind == Outcome::Kind::done ||
                       outcome.kind == Outcome::Kind::refused ||
                       outcome.kind == Outcome::Kind::refused_suspended;
    return tells ? outcome : still_at_it;
}

Result<Reading, Failure> decode_reading(const HttpAnswer& answer, const Errand& errand,
                                        StatusField field) {
    if (!answer || answer->status != 200) return read_failure(answer);
    const auto document = AnswerDocument::parse(answer->body);
    if (!document || document->text("reference") != errand.subscription.reference.view())
        return malformed_answer();
    auto reading = reading_of(*document, field);
    if (!reading) return malformed_answer();
    return std::move(*reading);
}

Result<ListPage, Failure> decode_list(const HttpAnswer& answer, StatusField field) {
    if (!answer || answer->status != 200) return read_failure(answer);
    const auto document = AnswerDocument::parse(answer->body);
    const auto items = document ? document->items("items") : std::nullopt;
    if (!items) return malformed_answer();
    ListPage page;
    for (const AnswerDocument& item : *items) {
        auto entry = entry_of(item, field);
        if (!entry) return malformed_answer();
        page.entries.push_back(std::move(*entry));
    }
    page.next = document->text("next");
    if (page.next && (page.next->empty() || page.next->size() > 512)) return malformed_answer();
    return page;
}

}  // namespace msp
