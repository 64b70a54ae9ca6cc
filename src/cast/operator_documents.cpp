#include "cast/operator_documents.hpp"

#include "world/crypto.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <utility>

namespace msp {

namespace json = boost::json;

namespace {

using What = BookedOrder::What;
using Status = BookedOrder::Status;
using State = SimulatedSubscription::State;

json::string text(std::string_view view) {
    return json::string(view.data(), view.size());
}

json::object order_document(const BookedOrder& order) {
    json::object out{{"order_reference", order.reference},
                     {"order", text(word(order.what))},
                     {"generation", order.generation},
                     {"status", text(word(order.status))}};
    if (order.status != Status::refused) return out;
    out["code"] = order.code;
    if (!order.reason.empty()) out["reason"] = order.reason;
    return out;
}

json::object subscription_document(const SimulatedSubscription& one, OperatorKind kind,
                                   std::string_view state) {
    json::object out{{"reference", one.reference},
                     {"state", text(state)},
                     {"session", one.session},
                     {"pending", one.pending()},
                     {"change", one.change}};
    const bool apart = kind == OperatorKind::fenced || kind == OperatorKind::serial;
    if (apart) out["suspended"] = one.suspended;
    if (!one.cause.empty() && (apart || kind == OperatorKind::overwritten))
        out["cause"] = one.cause;
    return out;
}

json::object entry_document(const JournalEntry& entry) {
    return {{"number", entry.number},
            {"time", rfc3339(entry.at)},
            {"subscription", entry.subscription},
            {"what", entry.what},
            {"order_reference", entry.order_reference},
            {"generation", entry.generation},
            {"state", text(word(entry.state))},
            {"suspended", entry.suspended}};
}

std::optional<State> state(std::string_view given) {
    for (const State one : {State::de_active, State::active, State::terminated})
        if (word(one) == given) return one;
    return std::nullopt;
}

// Throws what is no entry.
JournalEntry entry_of(const json::object& members) {
    return {.number = members.at("number").to_number<std::uint64_t>(),
            .at = parse_rfc3339(members.at("time").as_string()).value(),
            .subscription = json::value_to<std::string>(members.at("subscription")),
            .what = json::value_to<std::string>(members.at("what")),
            .order_reference = json::value_to<std::string>(members.at("order_reference")),
            .generation = members.at("generation").to_number<std::uint64_t>(),
            .state = state(members.at("state").as_string()).value(),
            .suspended = members.at("suspended").as_bool()};
}

std::optional<What> what(std::string_view given) {
    for (const What one : {What::activate, What::de_activate, What::reclaim})
        if (word(one) == given) return one;
    return std::nullopt;
}

std::string percent_decoded(std::string_view given) {
    std::string out;
    for (std::size_t i = 0; i < given.size(); ++i) {
        unsigned byte = 0;
        const bool escaped = given[i] == '%' && i + 2 < given.size();
        const char* const digits = given.data() + i + 1;
        if (escaped && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += given[i];
        }
    }
    return out;
}

std::string_view cut_off(std::string_view& rest, char at) {
    const std::size_t end = std::min(rest.find(at), rest.size());
    const std::string_view piece = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return piece;
}

}  // namespace

HttpResponse json_response(int status, std::string body) {
    HttpResponse out;
    out.status = status;
    out.headers.add("Content-Type", "application/json");
    out.body = std::move(body);
    return out;
}

HttpResponse error_response(int status, std::string_view code) {
    return json_response(status, json::serialize(json::object{{"code", text(code)}}));
}

HttpResponse order_response(const BookedOrder& order, bool polled) {
    const bool done = order.status == Status::done;
    const int first = done ? 200 : order.status == Status::accepted ? 202 : 409;
    return json_response(polled ? 200 : first, json::serialize(order_document(order)));
}

HttpResponse subscription_response(const SimulatedSubscription& one, OperatorKind kind,
                                   const std::string& state) {
    return json_response(200, json::serialize(subscription_document(one, kind, state)));
}

HttpResponse list_response(const OperatorBook& book, OperatorKind kind, const std::string& after,
                           std::size_t limit) {
    json::array items;
    json::object out;
    const auto& all = book.subscriptions();
    auto one = after.empty() ? all.begin() : all.upper_bound(after);
    for (; one != all.end() && items.size() < limit; ++one)
        items.push_back(subscription_document(one->second, kind, state_word(one->second, kind)));
    if (one != all.end() && one != all.begin()) out["next"] = std::prev(one)->first;
    out["items"] = std::move(items);
    return json_response(200, json::serialize(out));
}

std::string journal_line(const JournalEntry& entry) {
    return json::serialize(entry_document(entry)) + "\n";
}

std::optional<JournalEntry> read_journal_line(std::string_view line) {
    try {
        return entry_of(json::parse(line).as_object());
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

HttpResponse journal_response(const OperatorBook& book, std::uint64_t after, std::size_t limit) {
    json::array items;
    const auto& journal = book.journal();
    for (std::size_t i = after; i < journal.size() && items.size() < limit; ++i)
        items.push_back(entry_document(journal[i]));
    return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

std::optional<BookedOrder> read_order(std::string_view body, std::string subscription,
                                      std::string reference) {
    boost::system::error_code error;
    const json::value parsed = json::parse(body, error);
    const json::object* members = error ? nullptr : parsed.if_object();
    const json::value* order = members ? members->if_contains("order") : nullptr;
    const json::value* generation = members ? members->if_contains("generation") : nullptr;
    if (!order || !order->is_string() || !generation) return std::nullopt;
    const auto asked = what(std::string_view(order->get_string()));
    const auto number = generation->to_number<std::uint64_t>(error);
    if (!asked || error) return std::nullopt;
    return BookedOrder{.subscription = std::move(subscription),
                       .reference = std::move(reference),
                       .what = *asked,
                       .generation = number};
}

std::optional<std::map<std::string, std::string>> read_texts(std::string_view body) {
    boost::system::error_code error;
    const json::value parsed = json::parse(body, error);
    if (error || !parsed.is_object()) return std::nullopt;
    std::map<std::string, std::string> out;
    for (const auto& member : parsed.get_object()) {
        if (!member.value().is_string()) return std::nullopt;
        out.emplace(member.key(), member.value().get_string());
    }
    return out;
}

std::string write_texts(const std::vector<std::pair<std::string_view, std::string>>& members) {
    json::object out;
    for (const auto& [name, value] : members) out[name] = value;
    return json::serialize(out);
}

HttpRequest report_request(const OperatorReport& report, const std::string& url,
                           std::string_view key, Time now) {
    json::object document{
        {"id", report.id},     {"type", text(report.type)}, {"reference", report.subscription},
        {"imsi", report.imsi}, {"number", report.change},   {"time", rfc3339(report.at)}};
    if (!report.cause.empty()) document["cause"] = report.cause;
    if (report.order)
        for (const auto& member : order_document(*report.order))
            document[member.key()] = member.value();
    HttpRequest out;
    out.method = "POST";
    out.target = url;
    out.body = json::serialize(document);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    const std::string stamp = std::to_string(seconds);
    const Digest digest = hmac_sha256(key, report.id + "." + stamp + "." + out.body);
    out.headers.add("Content-Type", "application/json");
    out.headers.add("webhook-id", report.id);
    out.headers.add("webhook-timestamp", stamp);
    out.headers.add("webhook-signature", "v1," + base64(bytes_of(digest)));
    return out;
}

ReadTarget read_target(std::string_view target) {
    ReadTarget out;
    std::string_view path = cut_off(target, '?');
    while (!path.empty())
        if (const auto segment = cut_off(path, '/'); !segment.empty())
            out.path.push_back(percent_decoded(segment));
    while (!target.empty()) {
        std::string_view pair = cut_off(target, '&');
        const std::string_view name = cut_off(pair, '=');
        out.query[percent_decoded(name)] = percent_decoded(pair);
    }
    return out;
}

std::uint64_t number(const ReadTarget& target, const std::string& name, std::uint64_t otherwise) {
    const auto given = target.query.find(name);
    if (given == target.query.end()) return otherwise;
    return std::strtoull(given->second.c_str(), nullptr, 10);
}

}  // namespace msp
