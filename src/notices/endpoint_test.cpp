#include "notices/change_endpoint.hpp"
#include "notices/remove_records.hpp"
#include "notices/stage_parts_test.hpp"
#include "world/random.hpp"

#include <doctest/doctest.h>

using namespace msp;
using namespace msp::stage;
using namespace std::chrono_literals;

namespace {

constexpr Time now{Duration(1'767'225'600'000)};

WebhookSecret secret(std::uint64_t seed) {
    SeededRandom random(seed);
    return WebhookSecret::fresh(random);
}

Endpoint endpoint() {
    return {.id = "wh-1",
            .party = digger,
            .url = "https://hooks.example.com/in?a=%20b",
            .types = TypeFilter::parse(std::vector<std::string>{"m2m.device.*"}).value(),
            .secret = secret(1),
            .old_secret = Endpoint::OldSecret{secret(2), now + 1h},
            .reason = {},
            .after = 345,
            .created = now,
            .enabled_since = now + 1s};
}

View view_of(const std::optional<Endpoint>& stored) {
    View view;
    view.learn(endpoint_name("wh-1"),
               stored ? std::optional(encode(*stored)) : std::optional<std::string>());
    return view;
}

template <class Command>
std::optional<Endpoint> after(const Command& command, const Endpoint& before) {
    const View view = view_of(before);
    const Decision decision = decide(view, command);
    CHECK(view.missing().empty());
    CHECK_FALSE(decision.answer.refusal);
    if (decision.records.empty()) return std::nullopt;
    CHECK(*decision.records.at(0).body == decision.answer.text);
    return decode_endpoint(*decision.records.at(0).body);
}

ChangeEndpoint change() {
    return {.id = "wh-1", .by = digger, .url = {}, .types = {}, .enabled = {}, .at = now + 5s};
}

}  // namespace

TEST_CASE("an endpoint is written and read back, whatever is in it") {
    Endpoint stored = endpoint();
    CHECK(decode_endpoint(encode(stored)) == stored);
    stored.old_secret.reset();
    stored.types = {};
    stored.state = Endpoint::State::disabled;
    stored.reason = "\"it\" failed\n";
    CHECK(decode_endpoint(encode(stored)) == stored);
    const std::string text = encode(stored);
    for (std::size_t cut = 0; cut < text.size(); ++cut)
        CHECK_FALSE(decode_endpoint(std::string_view(text).substr(0, cut)));
    for (const char* none : {"null", "[]", "{}", "{\"id\":1}"}) CHECK_FALSE(decode_endpoint(none));
}

TEST_CASE("two secrets are valid until the old one's time is over") {
    CHECK(valid_secrets(endpoint(), now) == std::vector{secret(1), secret(2)});
    CHECK(valid_secrets(endpoint(), now + 1h) == std::vector{secret(1)});
}

TEST_CASE("an endpoint is created once under its id") {
    const Decision created = decide(view_of({}), CreateEndpoint{endpoint()});
    CHECK(decode_endpoint(created.answer.text) == endpoint());
    CHECK(created.records.size() == 1);
    CHECK(decide(view_of(endpoint()), CreateEndpoint{endpoint()}).answer.refusal);
}

TEST_CASE("a change touches what it names") {
    CHECK_FALSE(after(change(), endpoint()));
    ChangeEndpoint command = change();
    command.url = "https://other.example.com/";
    Endpoint expected = endpoint();
    expected.url = *command.url;
    CHECK(after(command, endpoint()) == expected);

    command = change();
    command.enabled = false;
    const auto disabled = after(command, endpoint());
    CHECK(disabled->state == Endpoint::State::disabled);
    CHECK(disabled->reason == "Its party disabled it.");
    CHECK(disabled->enabled_since == endpoint().enabled_since);
    CHECK_FALSE(after(command, *disabled));
    command.enabled = true;
    const auto enabled = after(command, *disabled);
    CHECK(enabled->state == Endpoint::State::enabled);
    CHECK(enabled->reason.empty());
    CHECK(enabled->enabled_since == command.at);
}

TEST_CASE("a rotation keeps the standing secret for a day") {
    const auto rotated =
        after(RotateSecret{.id = "wh-1", .by = digger, .fresh = secret(3), .at = now}, endpoint());
    CHECK(rotated->secret == secret(3));
    CHECK(rotated->old_secret->secret == secret(1));
    CHECK(rotated->old_secret->until == now + 24h);
}

TEST_CASE("another's endpoint, a deleted one and none at all cannot be told apart") {
    Endpoint deleted = endpoint();
    deleted.state = Endpoint::State::deleted;
    const auto refusal = [](const std::optional<Endpoint>& stored, const PartyId& by) {
        ChangeEndpoint changing = change();
        changing.by = by;
        const View view = view_of(stored);
        const Answer answers[] = {
            decide(view, changing).answer,
            decide(view, RotateSecret{.id = "wh-1", .by = by, .fresh = secret(3), .at = now})
                .answer,
            decide(view, DeleteEndpoint{.id = "wh-1", .by = by}).answer};
        CHECK(answers[0] == answers[1]);
        CHECK(answers[1] == answers[2]);
        return answers[0].refusal;
    };
    CHECK(refusal({}, digger) == Refusal{RefusalCode::no_such_webhook, {}, {}});
    CHECK(refusal(endpoint(), stranger) == refusal({}, digger));
    CHECK(refusal(deleted, digger) == refusal({}, digger));
}

TEST_CASE("the platform disables what is enabled, and leaves all else") {
    const DisableEndpoint command{.id = "wh-1", .reason = "It failed."};
    const auto disabled = after(command, endpoint());
    CHECK(disabled->state == Endpoint::State::disabled);
    CHECK(disabled->reason == "It failed.");
    CHECK_FALSE(after(command, *disabled));
    CHECK(decide(view_of({}), command).records.empty());
}

TEST_CASE("records are removed that are there") {
    View view = view_of(endpoint());
    view.learn({Name::Kind::delivery, "wh-1", "1"}, std::nullopt);
    const RemoveRecords command{{endpoint_name("wh-1"), {Name::Kind::delivery, "wh-1", "1"}}};
    CHECK(names(command) == command.records);
    CHECK(decide(view, command).records ==
          std::vector<Record>{{endpoint_name("wh-1"), std::nullopt}});
}
