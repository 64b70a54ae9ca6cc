#include "api/keep_operator.hpp"

#include "access/json.hpp"
#include "domain/party.hpp"

#include <boost/json.hpp>

#include <utility>

namespace msp {

namespace json = boost::json;

namespace {

constexpr std::pair<const char*, const char*> short_words[] = {
    {"secret", "callback_secret"}, {"kind", "can"}, {"drift", "drift_policy"}};
constexpr std::pair<const char*, const char*> short_limits[] = {{"rate_per_s", "per_second"},
                                                                {"concurrency", "concurrency"}};

void move_member(json::object& from, std::string_view name, json::object& to,
                 std::string_view new_name) {
    const auto found = from.find(name);
    if (found == from.end()) return;
    json::value moved = std::move(found->value());  // `to` may be `from`, and grow
    from.erase(found);
    to[new_name] = std::move(moved);
}

// In the words of the record.
json::object spelt_out(json::object body) {
    for (const auto& [word, member] : short_words) move_member(body, word, body, member);
    json::object limits;
    if (const json::value* given = body.if_contains("limits"); given && given->is_object())
        limits = given->get_object();
    for (const auto& [word, member] : short_limits) move_member(body, word, limits, member);
    if (!limits.empty()) body["limits"] = std::move(limits);
    return body;
}

void keep_if_absent(json::object& body, std::string_view name, json::value value) {
    if (!body.contains(name)) body[name] = std::move(value);
}

// As the caller wrote it.
std::string pointer_as_sent(const std::string& pointer, const json::object& sent) {
    for (const auto& [word, member] : short_words)
        if (pointer == std::string("/") + member && sent.contains(word))
            return std::string("/") + word;
    for (const auto& [word, member] : short_limits)
        if (pointer == std::string("/limits/") + member && sent.contains(word))
            return std::string("/") + word;
    return pointer;
}

Name party_name(const OperatorId& id) {
    return {Name::Kind::party, {}, std::string(id.text())};
}

Decision keep(const OperatorSettings& settings, const std::string* standing) {
    Decision out;
    out.answer.text = encode(settings);
    out.answer.changed = !standing || *standing != out.answer.text;
    if (out.answer.changed) out.records.push_back({settings_name(settings.id), out.answer.text});
    return out;
}

}  // namespace

std::vector<Name> names(const KeepOperator& command) {
    return {settings_name(command.id), party_name(command.id)};
}

Decision decide(const View& view, const KeepOperator& command) {
    if (command.origin.actor.party != m2m_sp()) return refused(RefusalCode::m2m_sp_only);
    if (view.record(party_name(command.id)))
        return refused(RefusalCode::party_exists,
                       "A party has this name; an operator acts under it.");
    const std::string* standing = view.record(settings_name(command.id));
    const json::object sent = json::parse(command.body).as_object();
    json::object body = spelt_out(sent);
    if (standing) {
        const auto before = decode_operator_settings(command.id, *standing);
        keep_if_absent(body, "token", json::string(before ? before->token : ""));
        keep_if_absent(body, "callback_secret",
                       json::string(before ? before->callback_secret : ""));
        keep_if_absent(body, "paused", before && before->paused);
    }
    const auto settings = decode_operator_settings(command.id, json::serialize(body));
    if (settings) return keep(*settings, standing);
    const Refusal& wrong = settings.reason();
    return refused(wrong.code, wrong.detail, pointer_as_sent(wrong.pointer, sent));
}

Name pause_name(const OperatorId& id) {
    return {Name::Kind::setting, "pause", std::string(id.text())};
}

static std::string encode(const Pause& pause) {
    std::string out;
    JsonWriter(out)
        .open_object()
        .member("reason", pause.reason)
        .member("by", pause.by)
        .member("since", pause.since)
        .close_object();
    return out;
}

std::optional<Pause> decode_pause(const std::optional<std::string>& body) {
    if (!body) return std::nullopt;
    auto parsed = JsonObject::parse(*body);
    if (!parsed) return std::nullopt;
    JsonObject object = std::move(parsed).value();
    Pause out{object.text("/reason").value_or(""), object.text("/by").value_or(""),
              object.time("/since").value_or(Time())};
    if (object.problem()) return std::nullopt;
    return out;
}

std::vector<Name> names(const PauseOperator& command) {
    return {settings_name(command.id), pause_name(command.id)};
}

Decision decide(const View& view, const PauseOperator& command) {
    const std::string* standing = view.record(settings_name(command.id));
    const bool paused_before = view.record(pause_name(command.id)) != nullptr;
    if (!standing) return refused(RefusalCode::no_such_operator);
    auto settings = decode_operator_settings(command.id, *standing);
    if (!settings) return refused(RefusalCode::invalid, settings.reason().detail);
    OperatorSettings after = *std::move(settings);
    after.paused = command.pause;
    Decision out = keep(after, standing);
    if (command.pause)
        out.records.push_back(
            {pause_name(command.id),
             encode(Pause{command.reason, std::string(command.origin.actor.principal.view()),
                          command.origin.at})});
    else if (paused_before)
        out.records.push_back({pause_name(command.id), std::nullopt});
    out.answer.changed = !out.records.empty();
    return out;
}

}  // namespace msp
