#include "operators/audit_position.hpp"

#include <boost/json.hpp>

namespace msp {

namespace json = boost::json;

namespace {

json::object encode(const AuditHealth::Counts& counts) {
    return {{"compared", counts.compared}, {"differed", counts.differed},
            {"pending", counts.pending},   {"unknown", counts.unknown},
            {"unlisted", counts.unlisted}, {"unread", counts.unread}};
}

std::uint64_t count(const json::object& in, std::string_view name) {
    boost::system::error_code error;
    const json::value* member = in.if_contains(name);
    const auto number = member ? member->to_number<std::uint64_t>(error) : 0;
    return error ? 0 : number;
}

AuditHealth::Counts decode_counts(const json::object& in, std::string_view name) {
    const json::value* member = in.if_contains(name);
    if (!member || !member->is_object()) return {};
    const json::object& counts = member->get_object();
    return {count(counts, "compared"), count(counts, "differed"), count(counts, "pending"),
            count(counts, "unknown"),  count(counts, "unlisted"), count(counts, "unread")};
}

std::string text(const json::object& in, std::string_view name) {
    const json::value* member = in.if_contains(name);
    return member && member->is_string() ? std::string(member->get_string()) : std::string();
}

bool flag(const json::object& in, std::string_view name) {
    const json::value* member = in.if_contains(name);
    return member && member->is_bool() && member->get_bool();
}

}  // namespace

Name audit_name(const OperatorId& id) {
    return {Name::Kind::setting, "audit", std::string(id.text())};
}

std::string encode(const AuditPosition& position) {
    json::object out{{"sweeping", position.sweeping}, {"after", position.after},
                     {"why", position.why},           {"go_through", position.go_through},
                     {"reading", position.reading},   {"now", encode(position.now)},
                     {"last", encode(position.last)}};
    if (position.began) out["began"] = rfc3339(*position.began);
    if (position.ended) out["ended"] = rfc3339(*position.ended);
    if (position.stopped) out["stopped"] = rfc3339(*position.stopped);
    return json::serialize(out);
}

AuditPosition decode_audit_position(std::string_view body) {
    boost::system::error_code error;
    const json::value parsed = json::parse(body, error);
    if (error || !parsed.is_object()) return {};
    const json::object& in = parsed.get_object();
    return {.sweeping = flag(in, "sweeping"),
            .reading = flag(in, "reading"),
            .after = text(in, "after"),
            .began = parse_rfc3339(text(in, "began")),
            .ended = parse_rfc3339(text(in, "ended")),
            .stopped = parse_rfc3339(text(in, "stopped")),
            .why = text(in, "why"),
            .go_through = flag(in, "go_through"),
            .now = decode_counts(in, "now"),
            .last = decode_counts(in, "last")};
}

}  // namespace msp
