#include "api/operator_json.hpp"

#include "access/json.hpp"

#include <boost/json.hpp>

namespace msp {

namespace {

std::optional<std::int64_t> ms(const std::optional<Duration>& duration) {
    return duration ? std::optional<std::int64_t>(duration->count()) : std::nullopt;
}

std::string_view word(AuditHealth::State state) {
    switch (state) {
        case AuditHealth::State::off: return "off";
        case AuditHealth::State::waiting: return "waiting";
        case AuditHealth::State::sweeping: return "sweeping";
        case AuditHealth::State::stopped: return "stopped";
    }
    std::abort();
}

std::string_view state_of(const OperatorShown& shown) {
    if (shown.settings.paused) return "paused";
    if (!shown.health) return "starting";
    return shown.health->breaker == "open" ? "not-answering" : "connected";
}

// The record without what nobody is shown.
std::string settings_json(const OperatorSettings& settings) {
    boost::json::object out = boost::json::parse(encode(settings)).as_object();
    for (const char* secret : {"token", "callback_secret"}) {
        const bool there = !out[secret].as_string().empty();
        out.erase(secret);
        out[std::string("has_") + secret] = there;
    }
    return boost::json::serialize(out);
}

void write_counts(JsonWriter& json, std::string_view name, const AuditHealth::Counts& counts) {
    json.name(name)
        .open_object()
        .member("compared", counts.compared)
        .member("differed", counts.differed)
        .member("pending", counts.pending)
        .member("unknown", counts.unknown)
        .member("unlisted", counts.unlisted)
        .member("unread", counts.unread)
        .close_object();
}

void write_audit(JsonWriter& json, const AuditHealth& audit) {
    json.name("audit")
        .open_object()
        .member("state", word(audit.state))
        .member("since", audit.since)
        .member("trouble", audit.trouble);
    write_counts(json, "now", audit.now);
    json.member("last_swept", audit.last_swept);
    write_counts(json, "last", audit.last);
    json.name("unlisted").open_array();
    for (const ChainId chain : audit.unlisted)
        json.value(std::to_string(static_cast<std::uint64_t>(chain)));
    json.close_array().name("unknown").open_array();
    for (const std::string& reference : audit.unknown) json.value(reference);
    json.close_array().close_object();
}

void write_tallies(JsonWriter& json, std::string_view name,
                   const std::map<std::string, std::uint64_t>& tallies) {
    json.name(name).open_object();
    for (const auto& [what, count] : tallies) json.member(what, count);
    json.close_object();
}

void write_last(JsonWriter& json, const std::vector<ExchangeNote>& notes) {
    json.name("last").open_array();
    for (const ExchangeNote& note : notes)
        json.open_object()
            .member("at", note.at)
            .member("chain", std::to_string(static_cast<std::uint64_t>(note.chain)))
            .member("what", note.what)
            .member("outcome", note.outcome)
            .member("took_ms", note.took.count())
            .close_object();
    json.close_array();
}

void write_health(JsonWriter& json, const OperatorHealth& health) {
    json.member("queue", health.due)
        .member("oldest_due_ms", ms(health.oldest))
        .member("conversations", health.conversations)
        .member("breaker", health.breaker)
        .member("opens_in_ms", ms(health.opens_in))
        .name("latency_ms")
        .open_object()
        .member("p50", ms(health.p50))
        .member("p90", ms(health.p90))
        .member("p99", ms(health.p99))
        .close_object();
    write_tallies(json, "outcomes", health.outcomes);
    write_tallies(json, "heard", health.heard);
    write_audit(json, health.audit);
    write_last(json, health.last);
}

}  // namespace

std::string operator_json(const OperatorShown& shown) {
    std::string out;
    JsonWriter json(out);
    json.open_object()
        .member("operator", shown.settings.id)
        .member("name", shown.settings.name)
        .member("state", state_of(shown))
        .name("paused");
    if (shown.pause)
        json.open_object()
            .member("reason", shown.pause->reason)
            .member("by", shown.pause->by)
            .member("since", shown.pause->since)
            .close_object();
    else
        json.null();
    if (shown.health) write_health(json, *shown.health);
    json.name("settings").raw(settings_json(shown.settings)).close_object();
    return out;
}

}  // namespace msp
