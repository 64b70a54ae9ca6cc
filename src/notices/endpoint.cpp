#include "notices/endpoint.hpp"

#include <boost/json.hpp>

#include <array>
#include <cstdlib>
#include <exception>
#include <utility>

namespace msp {

namespace json = boost::json;

using State = Endpoint::State;

static constexpr std::array<std::pair<State, std::string_view>, 3> state_words{{
    {State::enabled, "enabled"},
    {State::disabled, "disabled"},
    {State::deleted, "deleted"},
}};

std::string_view word(State state) {
    for (const auto& [each, text] : state_words)
        if (each == state) return text;
    std::abort();
}

static std::optional<State> state_of(std::string_view text) {
    for (const auto& [state, word] : state_words)
        if (word == text) return state;
    return std::nullopt;
}

std::vector<WebhookSecret> valid_secrets(const Endpoint& endpoint, Time now) {
    std::vector<WebhookSecret> out{endpoint.secret};
    if (endpoint.old_secret && now < endpoint.old_secret->until)
        out.push_back(endpoint.old_secret->secret);
    return out;
}

Name endpoint_name(const EndpointId& id) {
    return {Name::Kind::endpoint, {}, std::string(id.view())};
}

// -------------------------------------------------------------------------------------- the record

static std::int64_t milliseconds(Time time) {
    return time.time_since_epoch().count();
}

std::string encode(const Endpoint& endpoint) {
    json::object out{{"id", endpoint.id.view()},
                     {"party", endpoint.party.text()},
                     {"url", endpoint.url},
                     {"types", json::value_from(endpoint.types.words())},
                     {"secret", endpoint.secret.text()},
                     {"state", word(endpoint.state)},
                     {"reason", endpoint.reason},
                     {"after", endpoint.after},
                     {"created", milliseconds(endpoint.created)},
                     {"enabled_since", milliseconds(endpoint.enabled_since)}};
    if (const auto& old = endpoint.old_secret) {
        out["old_secret"] = old->secret.text();
        out["old_secret_until"] = milliseconds(old->until);
    }
    return json::serialize(out);
}

// Throws what Boost.JSON throws where a member is not there or not of its type.
static std::string text_at(const json::object& record, std::string_view member) {
    return json::value_to<std::string>(record.at(member));
}

static Time time_at(const json::object& record, std::string_view member) {
    return Time(Duration(record.at(member).to_number<std::int64_t>()));
}

static std::optional<Endpoint> endpoint_of(const json::object& record) {
    const auto id = EndpointId::of(text_at(record, "id"));
    const auto party = PartyId::parse(text_at(record, "party"));
    const auto types =
        TypeFilter::parse(json::value_to<std::vector<std::string>>(record.at("types")));
    const auto secret = WebhookSecret::parse(text_at(record, "secret"));
    const auto state = state_of(text_at(record, "state"));
    if (!id || !party || !types || !secret || !state) return std::nullopt;
    Endpoint out{.id = *id,
                 .party = *party,
                 .url = text_at(record, "url"),
                 .types = *types,
                 .secret = *secret,
                 .old_secret = {},
                 .state = *state,
                 .reason = text_at(record, "reason"),
                 .after = record.at("after").to_number<std::uint64_t>(),
                 .created = time_at(record, "created"),
                 .enabled_since = time_at(record, "enabled_since")};
    if (!record.contains("old_secret")) return out;
    const auto old = WebhookSecret::parse(text_at(record, "old_secret"));
    if (!old) return std::nullopt;
    out.old_secret = Endpoint::OldSecret{*old, time_at(record, "old_secret_until")};
    return out;
}

std::optional<Endpoint> decode_endpoint(std::string_view text) try {
    return endpoint_of(json::parse({text.data(), text.size()}).as_object());
} catch (const std::exception&) {
    return std::nullopt;
}

}  // namespace msp
