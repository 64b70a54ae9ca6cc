// Scenario 1: batches of cards are registered, and withdrawn while unused.
#include "provisioning/scene_test.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace msp {

static CardRow row(int number, int line = 1) {
    return {.line = static_cast<std::size_t>(line),
            .iccid = iccid(number),
            .imsi = imsi(number),
            .reference = {},
            .msisdn = {},
            .mdn = {},
            .eid = {},
            .fresh = ChainId{static_cast<std::uint64_t>(9'000 + number + 100 * line)}};
}

static RegisterCards batch(const Scene& scene, std::vector<CardRow> rows,
                           std::string_view name = "b1") {
    return {.at = op_north,
            .batch = BatchId::parse(name).value(),
            .rows = std::move(rows),
            .origin = scene.by(m2m_sp())};
}

TEST_CASE("1: a registered card is held, the M2M SP's, and taken for de-active") {
    Scene scene;
    CHECK(scene.play_each(batch(scene, {row(1), row(2, 2)})) == "changed changed");
    const Chain& card = scene.card(1);
    CHECK(card.customer == m2m_sp());
    CHECK(card.holder == m2m_sp());
    CHECK(card.holds.find(Holder::customer, "new-card"));
    CHECK(card.observed.state == NetworkState::de_active);
    CHECK(card.observed.by == ObservedBy::declared);
    CHECK_FALSE(card.exchange.due);
    CHECK(scene.told[EventType::card_registered] == 2);
}

TEST_CASE("1: the same row again is unchanged, also within a file; a conflicting one is refused") {
    Scene scene;
    CHECK(scene.play_each(batch(scene, {row(1), row(1, 2)})) == "changed unchanged");
    CHECK(scene.play_each(batch(scene, {row(1)})) == "unchanged");

    CardRow other_imsi = row(1);
    other_imsi.imsi = imsi(7);
    CardRow other_iccid = row(7);
    other_iccid.imsi = imsi(1);
    CardRow other_number = row(1);
    other_number.msisdn = Msisdn::parse("491511234567").value();
    CHECK(scene.play_each(batch(scene, {other_imsi, other_iccid, other_number, row(3)})) ==
          "card-conflicts card-conflicts card-conflicts changed");

    CardRow first = row(4);
    first.reference = SubscriptionReference::of("shared").value();
    CardRow second = row(5);
    second.reference = SubscriptionReference::of("shared").value();
    CHECK(scene.play_each(batch(scene, {first, second})) == "changed card-conflicts");
    first.reference = SubscriptionReference::of("other").value();
    CHECK(scene.play_each(batch(scene, {first, row(4)})) == "card-conflicts card-conflicts");
}

TEST_CASE("1: a dry run says what would be and changes nothing") {
    Scene scene;
    RegisterCards dry = batch(scene, {row(1), row(1, 2)});
    dry.check_only = true;
    const Decision decision = decide(
        [&] {
            View view;
            for (const Name& name : names(dry)) view.learn(name, std::nullopt, false);
            return view;
        }(),
        dry);
    CHECK(decision.after.empty());
    CHECK(decision.events.empty());
    CHECK(decision.answer.items.at(0).changed);
    CHECK_FALSE(decision.answer.items.at(1).changed);
    CHECK(scene.find(Name::of(iccid(1))) == nullptr);
}

TEST_CASE("1: with verify the network is asked what the card is") {
    Scene scene;
    RegisterCards verified = batch(scene, {row(1)});
    verified.verify = true;
    scene.play(verified);
    CHECK(scene.card(1).observed.state == NetworkState::unknown);
    scene.pass();
    CHECK(scene.card(1).observed.state == NetworkState::de_active);
    CHECK(scene.card(1).observed.by == ObservedBy::read);
}

TEST_CASE("1: only the M2M SP registers and withdraws") {
    Scene scene;
    RegisterCards command = batch(scene, {row(1)});
    command.origin = scene.by(maker);
    CHECK(scene.play(command) == "m2m-sp-only");
    CHECK(scene.register_card(1) == "changed");
    CHECK(scene.play(WithdrawCards{{scene.card(1).id}, false, scene.by(maker)}) == "m2m-sp-only");
}

TEST_CASE(
    "1: a batch is withdrawn while unused; then nobody sees its cards, and they may come again") {
    Scene scene;
    scene.register_card(1);
    const ChainId id = scene.card(1).id;
    CHECK(scene.play(WithdrawCards{{id}, true, scene.by(m2m_sp())}) == "unchanged");
    CHECK(scene.answer().items.at(0).changed);
    CHECK(scene.play(WithdrawCards{{id}, false, scene.by(m2m_sp())}) == "changed");
    CHECK(scene.told[EventType::card_withdrawn] == 1);
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::active) == "no-such-card");
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::stopped, 1) == "no-such-card");
    CHECK(scene.issue(1, maker) == "no-such-card");
    CHECK(scene.play(MoveHold{.name = Name::of(iccid(1)),
                              .code = "fraud",
                              .text = {},
                              .if_match = {},
                              .origin = scene.by(m2m_sp())}) == "no-such-card");
    CHECK(scene.play(AskOperator{Name::of(iccid(1)), false, scene.by(m2m_sp())}) == "no-such-card");
    CHECK(scene.register_card(1) == "changed");
    CHECK(scene.card(1).id != id);
}

TEST_CASE("1: a card that was switched, issued or put into a device is not withdrawn any more") {
    Scene scene;
    for (int number : {1, 2, 3}) scene.register_card(number);
    scene.switch_card(m2m_sp(), 1, ServiceWish::active);
    scene.issue(2, maker);
    for (int number : {1, 2})
        CHECK(scene.play(WithdrawCards{
                  {scene.card(3).id, scene.card(number).id}, false, scene.by(m2m_sp())}) ==
              "batch-in-use");
    CHECK_FALSE(scene.card(3).withdrawn);
}

TEST_CASE("1: a card is withdrawn while the operator is still asked about it") {
    Scene scene;
    RegisterCards verified = batch(scene, {row(1)});
    verified.verify = true;
    scene.play(verified);
    const Chain& card = scene.card(1);
    const TalkContext talk{.chain = card.id,
                           .profile = scene.profile,
                           .moment = {.now = scene.now, .started = {}, .chance = 0},
                           .fresh = "o-1"};
    scene.play(TakeStep{talk});
    CHECK(card.exchange.awaiting == Awaiting::read);
    CHECK(scene.play(WithdrawCards{{card.id}, false, scene.by(m2m_sp())}) == "changed");
    CHECK(scene.play(TakeReading{
              talk, 1,
              Reading{.state = NetworkState::active, .session = {}, .native = {}, .cause = {}}}) ==
          "unchanged");
}

TEST_CASE("1: a card is not withdrawn while an order of ours may still reach the operator") {
    Scene scene;
    scene.network.answers = ScriptedOperator::Answers::holds_back;
    RegisterCards verified = batch(scene, {row(1)});
    verified.verify = true;
    scene.play(verified);
    scene.at_operator(1).state = NetworkState::active;  // delivered active, declared de-active
    scene.pass();
    REQUIRE(scene.card(1).exchange.in_flight);
    const WithdrawCards withdraw{{scene.card(1).id}, false, scene.by(m2m_sp())};
    CHECK(scene.play(withdraw) == "batch-in-use");
    scene.settle();
    CHECK(scene.play(withdraw) == "changed");
}

TEST_CASE("1: no card of a batch is used before its registration is complete") {
    Scene scene;
    scene.register_card(1);
    scene.keep({{Name::Kind::batch_open, {}, "b1"}, ""});
    CHECK(scene.issue(1, maker) == "batch-incomplete");
    CHECK(scene.switch_card(m2m_sp(), 1, ServiceWish::active) == "batch-incomplete");
}

TEST_CASE("1: ICCID and IMSI are free for a new card once the reclaim is confirmed, not before") {
    Scene scene;
    scene.register_card(1);
    scene.switch_card(m2m_sp(), 1, ServiceWish::stopped, 1);
    CHECK(scene.card(1).stopped);
    CHECK(scene.register_card(1) == "card-conflicts");
    scene.pass();
    CHECK(scene.at_operator(1).state == NetworkState::reclaimed);
    const ChainId before = scene.card(1).id;
    CHECK(scene.register_card(1) == "changed");
    CHECK(scene.card(1).id != before);
    CHECK_FALSE(scene.card(1).stopped);
}

}  // namespace msp
