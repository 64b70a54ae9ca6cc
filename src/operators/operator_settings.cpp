#include "operators/operator_settings.hpp"

#include "operators/connectors.hpp"
#include "world/crypto.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace msp {

namespace json = boost::json;

namespace {

constexpr Duration second{1'000};
constexpr Duration day{86'400'000};

template <class Enum>
using Word = std::pair<std::string_view, Enum>;

constexpr std::array status_fields{
    Word<StatusField>{"separate", StatusField::separate},
    Word<StatusField>{"combined", StatusField::combined},
    Word<StatusField>{"overwritten", StatusField::overwritten},
    Word<StatusField>{"overwritten-combined", StatusField::overwritten_combined}};
constexpr std::array drift_policies{Word<DriftPolicy>{"send-ours", DriftPolicy::send_ours},
                                    Word<DriftPolicy>{"ask", DriftPolicy::ask},
                                    Word<DriftPolicy>{"accept", DriftPolicy::accept}};

template <class Number>
struct Range {
    Number least;
    Number most;
};

// Puts each field down.
class Writer {
public:
    json::object take() { return std::move(out_); }

    template <class Value>
    void plain(std::string_view name, const Value& value) {
        out_[name] = value;
    }
    template <class Number>
    void number(std::string_view name, Number value, const Range<Number>&) {
        out_[name] = value;
    }
    void span(std::string_view name, Duration value, const Range<Duration>&) {
        out_[name] = value.count();
    }
    void span(std::string_view name, const std::optional<Duration>& value, const Range<Duration>&) {
        out_[name] = value ? json::value(value->count()) : json::value(nullptr);
    }
    template <class Enum, std::size_t N>
    void word(std::string_view name, Enum value, const std::array<Word<Enum>, N>& words) {
        for (const auto& [text, meaning] : words)
            if (meaning == value) out_[name] = text;
    }
    template <class Part, class Each>
    void part(std::string_view name, Part& part, Each each) {
        Writer inner;
        each(inner, part);
        out_[name] = inner.take();
    }

private:
    json::object out_;
};

// Takes each field that is there; the first that is wrong is refused.
class Members {
public:
    Members(const json::object& in, std::string place) : in_(in), place_(std::move(place)) {}

    void plain(std::string_view name, std::string& value) {
        if (const json::value* given = find(name)) {
            if (!given->is_string()) return refuse(name, "a text");
            value = std::string(given->get_string());
        }
    }
    void plain(std::string_view name, bool& value) {
        if (const json::value* given = find(name)) {
            if (!given->is_bool()) return refuse(name, "true or false");
            value = given->get_bool();
        }
    }
    template <class Number>
    void number(std::string_view name, Number& value, const Range<Number>& range) {
        const json::value* given = find(name);
        if (!given) return;
        boost::system::error_code error;
        const auto number = given->to_number<Number>(error);
        if (error || number < range.least || number > range.most)
            return refuse(name, "a number from " + json::serialize(json::value(range.least)) +
                                    " to " + json::serialize(json::value(range.most)));
        value = number;
    }
    void span(std::string_view name, Duration& value, const Range<Duration>& range) {
        std::int64_t count = value.count();
        number(name, count, Range<std::int64_t>{range.least.count(), range.most.count()});
        value = Duration(count);
    }
    void span(std::string_view name, std::optional<Duration>& value, const Range<Duration>& range) {
        const json::value* given = find(name);
        if (!given) return;
        value.reset();
        if (given->is_null()) return;
        span(name, value.emplace(), range);
    }
    template <class Enum, std::size_t N>
    void word(std::string_view name, Enum& value, const std::array<Word<Enum>, N>& words) {
        const json::value* given = find(name);
        if (!given) return;
        std::string expected = "one of";
        for (const auto& [text, meaning] : words) {
            if (given->is_string() && given->get_string() == text) {
                value = meaning;
                return;
            }
            expected += " " + std::string(text);
        }
        refuse(name, expected);
    }
    template <class Part, class Each>
    void part(std::string_view name, Part& part, Each each) {
        const json::value* given = find(name);
        if (!given || take_kind(*given, part)) return;
        if (!given->is_object()) return refuse(name, "an object");
        Members inner(given->get_object(), place_ + "/" + std::string(name));
        each(inner, part);
        if (auto wrong = inner.finish(); wrong && !refusal_) refusal_ = std::move(wrong);
    }

    // What is wrong, if anything is; a member that no field took is.
    std::optional<Refusal> finish() {
        for (const auto& member : in_)
            if (!refusal_ && !taken_.contains(std::string(member.key())))
                refusal_ = Refusal{RefusalCode::invalid, "There is no such field.",
                                   place_ + "/" + std::string(member.key())};
        return refusal_;
    }

private:
    const json::value* find(std::string_view name) {
        taken_.insert(std::string(name));
        return in_.if_contains(name);
    }
    void refuse(std::string_view name, const std::string& expected) {
        if (refusal_) return;
        refusal_ = Refusal{RefusalCode::invalid, "This field takes " + expected + ".",
                           place_ + "/" + std::string(name)};
    }
    static bool take_kind(const json::value& given, Capabilities& can) {
        if (!given.is_string()) return false;
        const auto named = capabilities_of(std::string_view(given.get_string()));
        if (named) can = *named;
        return named.has_value();
    }
    template <class Other>
    static bool take_kind(const json::value&, Other&) {
        return false;
    }

    const json::object& in_;
    std::string place_;
    std::set<std::string, std::less<>> taken_;
    std::optional<Refusal> refusal_;
};

constexpr auto can_fields = [](auto& fields, auto& can) {
    fields.plain("fences_by_generation", can.fences_by_generation);
    fields.span("request_life_ms", can.request_life, Range<Duration>{Duration(1), day * 7});
    fields.plain("ignores_repeated_reference", can.ignores_repeated_reference);
    fields.word("status_field", can.status_field, status_fields);
    fields.plain("tells_cause", can.tells_cause);
    fields.plain("notifies", can.notifies);
    fields.plain("lists_in_bulk", can.lists_in_bulk);
    fields.plain("cuts_sessions", can.cuts_sessions);
};

constexpr auto pace_fields = [](auto& fields, auto& pace) {
    fields.span("answer_deadline_ms", pace.answer_deadline, {second, second * 600});
    fields.span("completion_deadline_ms", pace.completion_deadline, {second, day * 7});
    fields.span("poll_every_ms", pace.poll_every, {Duration(100), day});
    fields.span("allowed_pause_ms", pace.allowed_pause, {Duration(10), second * 60});
    fields.span("assumed_life_ms", pace.assumed_life, {second, day * 7});
    fields.span("parked_retry_ms", pace.parked_retry, {second, day * 7});
    fields.span("backoff_least_ms", pace.backoff_least, {Duration(1), second * 3600});
    fields.span("backoff_most_ms", pace.backoff_most, {Duration(1), day});
};

constexpr auto limit_fields = [](auto& fields, auto& limits) {
    fields.number("per_second", limits.per_second, Range<double>{0.001, 100'000});
    fields.number("burst", limits.burst, Range<unsigned>{1, 100'000});
    fields.number("concurrency", limits.concurrency, Range<unsigned>{1, 10'000});
};

constexpr auto breaker_fields = [](auto& fields, auto& rule) {
    fields.number("failures", rule.failures, Range<unsigned>{1, 1'000'000});
    fields.span("open_least_ms", rule.open_least, {Duration(10), day});
    fields.span("open_most_ms", rule.open_most, {Duration(10), day});
};

constexpr auto audit_fields = [](auto& fields, auto& rule) {
    fields.plain("on", rule.on);
    fields.number("page_size", rule.page_size, Range<unsigned>{1, 1'000});
    fields.span("page_every_ms", rule.page_every, {Duration(10), day});
    fields.span("sweep_every_ms", rule.sweep_every, {second, day * 366});
    fields.number("drift_share", rule.drift_share, Range<double>{0, 1});
    fields.number("drift_least", rule.drift_least, Range<unsigned>{0, 1'000'000});
};

constexpr auto core_fields = [](auto& fields, auto& core) {
    fields.plain("gsup", core.gsup);
    fields.plain("sgsn", core.sgsn);
    fields.plain("vty", core.vty);
    fields.plain("circuit_switched", core.circuit_switched);
};

constexpr auto account_fields = [](auto& fields, auto& account) {
    fields.plain("name", account.name);
    fields.plain("service_plan", account.service_plan);
    fields.plain("zip_code", account.zip_code);
    fields.plain("etf_waiver", account.etf_waiver);
};

constexpr auto settings_fields = [](auto& fields, auto& settings) {
    fields.plain("name", settings.name);
    fields.plain("connector", settings.connector);
    fields.plain("base_url", settings.base_url);
    if (settings.connector == "osmo-hlr") fields.part("core", settings.core, core_fields);
    if (settings.connector == "thingspace")
        fields.part("account", settings.account, account_fields);
    fields.plain("token", settings.token);
    fields.plain("callback_secret", settings.callback_secret);
    fields.part("can", settings.profile.can, can_fields);
    fields.part("pace", settings.profile.pace, pace_fields);
    fields.word("drift_policy", settings.profile.drift, drift_policies);
    fields.part("limits", settings.limits, limit_fields);
    fields.part("breaker", settings.breaker, breaker_fields);
    fields.part("audit", settings.audit, audit_fields);
    fields.plain("paused", settings.paused);
};

Refusal wrong(std::string_view place, std::string detail) {
    return {RefusalCode::invalid, std::move(detail), std::string(place)};
}

bool visible(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool is_base_url(std::string_view url) {
    const bool scheme = url.starts_with("http://") || url.starts_with("https://");
    return scheme && visible(url) && url.size() <= 512 && !url.ends_with('/') &&
           url.find_first_of("?#@") == std::string_view::npos;
}

// What no field can tell by itself.
std::optional<Refusal> contradiction(const OperatorSettings& settings) {
    const Pace& pace = settings.profile.pace;
    if (!visible(settings.token) || settings.token.size() > 512)
        return wrong("/token", "A token is up to 512 visible ASCII characters.");
    if (!settings.callback_secret.empty() && !callback_key(settings.callback_secret))
        return wrong("/callback_secret", "A secret is whsec_ and 24 to 64 bytes in base64.");
    if (pace.allowed_pause >= pace.answer_deadline)
        return wrong("/pace/allowed_pause_ms", "The pause is shorter than the answer's deadline.");
    if (pace.backoff_least > pace.backoff_most)
        return wrong("/pace/backoff_least_ms", "The least is not above the most.");
    if (settings.breaker.open_least > settings.breaker.open_most)
        return wrong("/breaker/open_least_ms", "The least is not above the most.");
    return std::nullopt;
}

// The connector knows its interface better than whoever sets it up.
std::optional<Refusal> objection(const ConnectorKind& kind, const OperatorSettings& settings) {
    if (kind.over_http && !is_base_url(settings.base_url))
        return wrong("/base_url", "This is an http or https address without a slash at its end.");
    if (kind.can) {
        Capabilities claimed = settings.profile.can;
        claimed.request_life = kind.can->request_life;
        claimed.cuts_sessions = kind.can->cuts_sessions;
        if (claimed != *kind.can)
            return wrong("/can",
                         "Of what this connector's interface can do, only request_life_ms and "
                         "cuts_sessions are for the settings to say.");
    }
    return kind.objection ? kind.objection(settings) : std::nullopt;
}

// Whose absent fields have the values that fit the connector; null: there is no such connector.
const ConnectorKind* begin(OperatorSettings& settings, const json::object& body) {
    const json::value* given = body.if_contains("connector");
    if (given && given->is_string()) settings.connector = given->get_string();
    const ConnectorKind* const kind = find_connector(settings.connector);
    if (!kind) return nullptr;
    if (kind->can) settings.profile.can = *kind->can;
    settings.limits = kind->limits;
    return kind;
}

Refusal no_connector() {
    std::string expected = "This field takes one of";
    for (const ConnectorKind* one : connectors()) expected += " " + std::string(one->name);
    return wrong("/connector", expected + ".");
}

}  // namespace

std::optional<std::string> callback_key(std::string_view secret) {
    constexpr std::string_view prefix = "whsec_";
    if (!secret.starts_with(prefix)) return std::nullopt;
    auto key = from_base64(secret.substr(prefix.size()));
    if (key && (key->size() < 24 || key->size() > 64)) key.reset();
    return key;
}

Duration call_time(const Pace& pace) {
    return pace.answer_deadline - pace.allowed_pause;
}

Capabilities in_call_time(Capabilities can, const Pace& pace) {
    if (can.request_life) *can.request_life += call_time(pace);
    return can;
}

Name settings_name(const OperatorId& id) {
    return {Name::Kind::operator_settings, {}, std::string(id.text())};
}

std::string encode(const OperatorSettings& settings) {
    Writer writer;
    settings_fields(writer, settings);
    return json::serialize(writer.take());
}

Result<OperatorSettings, Refusal> decode_operator_settings(const OperatorId& id,
                                                           std::string_view body) {
    boost::system::error_code error;
    const json::value parsed = json::parse(body, error);
    if (error || !parsed.is_object()) return wrong({}, "The settings are a JSON object.");
    OperatorSettings settings{.id = id};
    const ConnectorKind* const kind = begin(settings, parsed.get_object());
    if (!kind) return no_connector();
    Members reader(parsed.get_object(), {});
    settings_fields(reader, settings);
    if (auto refusal = reader.finish()) return *refusal;
    if (auto refusal = contradiction(settings)) return *refusal;
    if (auto refusal = objection(*kind, settings)) return *refusal;
    return settings;
}

std::optional<Capabilities> capabilities_of(std::string_view kind) {
    Capabilities can{.fences_by_generation = kind == "fenced",
                     .request_life = Duration(30'000),
                     .ignores_repeated_reference = false,
                     .status_field = StatusField::separate,
                     .tells_cause = true,
                     .notifies = true,
                     .lists_in_bulk = true,
                     .cuts_sessions = true};
    if (kind == "fenced" || kind == "serial") return can;
    for (const auto& [word, field] : status_fields)
        if (word == kind && field != StatusField::separate) {
            can.status_field = field;
            can.tells_cause = field == StatusField::overwritten;
            return can;
        }
    return std::nullopt;
}

}  // namespace msp
