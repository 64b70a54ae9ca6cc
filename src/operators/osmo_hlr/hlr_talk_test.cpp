// Each way that an order can go, answer by answer.
#include "operators/osmo_hlr/hlr_talk.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace msp;
using namespace msp::sample;

namespace {

const std::string imsi = "262070000000001";
const HlrPlan seeing{"MSP-1", false, true};

Errand errand(Order order) {
    const OperatorId at = operator_id("campus");
    return {.kind = Errand::Kind::order,
            .chain = ChainId{1},
            .subscription = {.at = at,
                             .imsi = Imsi::parse(imsi).value(),
                             .reference = SubscriptionReference("sub-1"),
                             .msisdn = {},
                             .mdn = {}},
            .iccid = iccid_of(at, 1),
            .order = order,
            .generation = 1,
            .reference = OrderReference("order-1")};
}

CtrlReply value(std::string said) {
    return {1, CtrlReply::Kind::value, "x", std::move(said)};
}
CtrlReply error(std::string said) {
    return {1, CtrlReply::Kind::error, "", std::move(said)};
}
CtrlReply record(const std::string& packet, const std::string& circuit,
                 const std::string& more = "") {
    return value("nam_cs\t" + circuit + "\nnam_ps\t" + packet + more);
}

std::string said(const HlrMove& move) {
    switch (move.kind) {
        case HlrMove::Kind::ask: {
            const std::string variable = move.request.variable;
            return variable.substr(variable.rfind('.') + 1) + " " + move.request.value;
        }
        case HlrMove::Kind::kick: return "kick " + move.message.to;
        case HlrMove::Kind::look: return "look";
        case HlrMove::Kind::rest: return "rest";
        case HlrMove::Kind::over: return "over";
    }
    return {};
}

OrderTalk barred(Order order, const std::string& serving, HlrPlan plan = seeing) {
    OrderTalk talk(errand(order), std::move(plan));
    CHECK(said(talk.move()) == "cs-enabled 0");
    talk.answered(value("OK"));
    CHECK(said(talk.move()) == "ps-enabled 0");
    talk.answered(value("OK"));
    CHECK(said(talk.move()) == "info ");
    talk.answered(record("0", "0", serving));
    return talk;
}

}  // namespace

TEST_CASE("activate writes the packet domain and reads it back") {
    OrderTalk talk(errand(Order::activate), seeing);
    CHECK(said(talk.move()) == "ps-enabled 1");
    talk.answered(value("OK"));
    talk.answered(record("1", "0"));
    CHECK(said(talk.move()) == "over");
    CHECK(talk.outcome().kind == Outcome::Kind::done);
}

TEST_CASE("where circuit-switched service is wanted too, it is written before") {
    HlrPlan both = seeing;
    both.circuit_switched = true;
    OrderTalk talk(errand(Order::activate), both);
    CHECK(said(talk.move()) == "cs-enabled 1");
    talk.answered(value("OK"));
    CHECK(said(talk.move()) == "ps-enabled 1");
    talk.answered(value("OK"));
    talk.answered(record("1", "0"));
    CHECK(talk.outcome().kind == Outcome::Kind::unknown);
    CHECK(talk.outcome().reason == "not-in-force");
}

TEST_CASE("what the HLR calls an error is looked into") {
    for (const Order order : {Order::activate, Order::de_activate, Order::reclaim}) {
        OrderTalk talk(errand(order), seeing);
        talk.answered(error("An error has occurred."));
        CHECK(said(talk.move()) == "info ");
        talk.answered(error("No such subscriber."));
        const bool reclaims = order == Order::reclaim;
        CHECK(talk.outcome().kind == (reclaims ? Outcome::Kind::done : Outcome::Kind::refused));
    }
    OrderTalk talk(errand(Order::activate), seeing);
    talk.answered(error("An error has occurred."));
    talk.answered(record("0", "0"));
    CHECK(talk.outcome().kind == Outcome::Kind::unknown);
    CHECK(talk.outcome().reason == "hlr-error");
}

TEST_CASE("what the HLR refuses is refused, in its words, without numbers") {
    OrderTalk talk(errand(Order::activate), seeing);
    talk.answered(error("Value failed verification for 262070000000001."));
    CHECK(talk.outcome().kind == Outcome::Kind::refused);
    CHECK(talk.outcome().reason == "refused: Value failed verification for ….");
}

TEST_CASE("not sent is only what did not leave at all") {
    const Failure gone{Failure::Kind::unreachable, "not-connected"};
    OrderTalk first(errand(Order::de_activate), seeing);
    first.answered(gone);
    CHECK(first.outcome().kind == Outcome::Kind::not_sent);
    OrderTalk second(errand(Order::de_activate), seeing);
    second.answered(value("OK"));
    second.answered(gone);
    CHECK(second.outcome().kind == Outcome::Kind::unknown);
    OrderTalk third(errand(Order::de_activate), seeing);
    third.give_up();
    CHECK(third.outcome().kind == Outcome::Kind::unknown);
}

TEST_CASE("each serving node is told, then the session is looked for") {
    OrderTalk talk = barred(Order::de_activate, "\nsgsn_number\tS-1\nvlr_number\tV-1");
    CHECK(said(talk.move()) == "kick S-1");
    CHECK(talk.move().message.domain == GsupMessage::Domain::packet);
    talk.kicked(true);
    CHECK(said(talk.move()) == "kick V-1");
    CHECK(talk.move().message.type == GsupMessage::Type::location_cancel);
    talk.kicked(true);
    CHECK(said(talk.move()) == "look");
    talk.looked(false);
    CHECK(talk.outcome().kind == Outcome::Kind::done);
}

TEST_CASE("a session that stays up is looked for about a second, then the order is accepted") {
    for (const Order order : {Order::de_activate, Order::reclaim}) {
        OrderTalk talk = barred(order, "\nsgsn_number\tS-1");
        talk.kicked(true);
        Duration rested{};
        talk.looked(true);
        while (talk.move().kind == HlrMove::Kind::rest) {
            rested += talk.move().pause;
            talk.rested();
            talk.looked(true);
        }
        CHECK(rested == Duration(1'260));
        const bool reclaims = order == Order::reclaim;
        CHECK(talk.outcome().kind == (reclaims ? Outcome::Kind::busy : Outcome::Kind::accepted));
    }
}

TEST_CASE("a kick that cannot arrive leaves the order to be done again") {
    OrderTalk unroutable = barred(Order::de_activate, "\nsgsn_number\tS-1");
    unroutable.kicked(true);
    unroutable.unroutable();
    unroutable.looked(true);
    CHECK(unroutable.outcome().kind == Outcome::Kind::busy);
    OrderTalk unsent = barred(Order::de_activate, "\nsgsn_number\tS-1");
    unsent.kicked(false);
    unsent.looked(true);
    CHECK(unsent.outcome().kind == Outcome::Kind::busy);
    OrderTalk nobody_to_tell = barred(Order::de_activate, "");
    CHECK(said(nobody_to_tell.move()) == "look");
    nobody_to_tell.looked(true);
    CHECK(nobody_to_tell.outcome().kind == Outcome::Kind::busy);
}

TEST_CASE("nothing is deleted while a session may be up") {
    OrderTalk talk = barred(Order::reclaim, "\nsgsn_number\tS-1");
    talk.kicked(true);
    talk.looked(Failure{Failure::Kind::unknown, "no-list"});
    CHECK(talk.outcome().kind == Outcome::Kind::busy);
    OrderTalk gone = barred(Order::reclaim, "\nsgsn_number\tS-1");
    gone.kicked(true);
    gone.looked(false);
    CHECK(said(gone.move()) == "delete " + imsi);
    gone.answered(error("Subscriber doesn't exist."));
    CHECK(gone.outcome().kind == Outcome::Kind::done);
}

TEST_CASE("where sessions are not seen, barred is what is promised") {
    OrderTalk talk = barred(Order::de_activate, "\nsgsn_number\tS-1", {"MSP-1", false, false});
    CHECK(said(talk.move()) == "kick S-1");
    talk.kicked(false);
    CHECK(talk.outcome().kind == Outcome::Kind::done);
}

TEST_CASE("only a barred subscriber without a session is news to a poll") {
    const HlrShown gone{HlrRecord{"0", "0", "", ""}, false};
    const HlrShown up{HlrRecord{"0", "0", "", ""}, true};
    const HlrShown active{HlrRecord{"1", "0", "", ""}, true};
    CHECK(poll_of(Order::de_activate, gone).kind == Outcome::Kind::done);
    CHECK(poll_of(Order::de_activate, up).kind == Outcome::Kind::accepted);
    CHECK(poll_of(Order::de_activate, active).kind == Outcome::Kind::unknown);
    CHECK(poll_of(Order::activate, active).kind == Outcome::Kind::unknown);
    CHECK(poll_of(Order::de_activate, Failure{}).kind == Outcome::Kind::accepted);
}
