#include "cast/operator_documents.hpp"
#include "domain/status.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

const OperatorId west = operator_id("west");

// A report as the operator of that name signs it.
HttpRequest report_of(Stage& stage, const OperatorId& by, OperatorReport happened) {
    const std::string key = *callback_key(settings_of(by, "serial").callback_secret);
    if (happened.id.empty()) happened.id = "own-1";
    return report_request(happened, "", key, stage.loop.now());
}

OperatorReport about(const OperatorId& at, unsigned number, std::string_view type) {
    OperatorReport out;
    out.type = type;
    out.subscription = iccid_of(at, number).text();
    out.imsi = "262070000000001";
    return out;
}

Heard hear(Stage& stage, const OperatorId& from, const HttpRequest& request) {
    std::optional<Heard> out;
    stage.operators->hear(from, request, [&out](Heard heard) { out = std::move(heard); });
    stage.loop.run_ready();
    REQUIRE(out);
    return *out;
}

// East and west with three cards each, card 1 of both active.
void set(Stage& stage, const char* kind = "serial") {
    for (const OperatorId& one : {east, west}) {
        OperatorKnobs knobs = knobs_of(kind);
        knobs.calls_back = false;
        stage.add(settings_of(one, kind), knobs, 3);
    }
    stage.start();
    for (const OperatorId& one : {east, west}) stage.switch_card(one, 1, ServiceWish::active);
    stage.run_for(20s);
}

}  // namespace

TEST_CASE("a report of a suspension is on record, makes us read, and the read moves the hold") {
    Stage stage;
    set(stage);
    REQUIRE(stage.simulators.at(east)->played().act(iccid_of(east, 1).text(),
                                                    OperatorBook::Deed::suspend, "bill unpaid"));
    stage.run_for(5s);
    CHECK(m2m_status(stage.chain(east, 1)) == Status::active);  // nobody told us

    const HttpRequest report = report_of(stage, east, about(east, 1, "subscription.suspended"));
    const Heard heard = hear(stage, east, report);
    CHECK(heard.kind == Heard::Kind::stored);
    CHECK(heard.what == "heard");
    stage.run_for(1s);
    const Chain held = stage.chain(east, 1);
    CHECK(m2m_status(held) == Status::de_active);
    REQUIRE(held.holds.find(Holder::network_operator, "operator-suspended"));
    CHECK(held.holds.find(Holder::network_operator, "operator-suspended")->text == "bill unpaid");

    CHECK(hear(stage, east, report).what == "heard before");
    CHECK(stage.health(east).heard.at("heard before") == 1);
}

TEST_CASE("a report that lies changes nothing: the read tells") {
    Stage stage;
    set(stage);
    for (const char* type : {"subscription.suspended", "subscription.terminated", "whatever"}) {
        OperatorReport lie = about(east, 1, type);
        lie.id = type;
        CHECK(hear(stage, east, report_of(stage, east, lie)).kind == Heard::Kind::stored);
        stage.run_for(1s);
        CHECK(m2m_status(stage.chain(east, 1)) == Status::active);
    }
}

TEST_CASE("what is forged, unsigned, foreign or nobody's is refused and moves nothing") {
    Stage stage;
    set(stage);
    const Chain before = stage.chain(east, 1);
    const auto suspended = about(east, 1, "subscription.suspended");
    HttpRequest unsigned_report = report_of(stage, east, suspended);
    unsigned_report.headers = {};
    CHECK(hear(stage, east, unsigned_report).kind == Heard::Kind::forged);
    CHECK(hear(stage, east, report_of(stage, west, suspended)).kind == Heard::Kind::forged);
    HttpRequest changed = report_of(stage, east, suspended);
    changed.body.back() = ' ';
    CHECK(hear(stage, east, changed).kind == Heard::Kind::forged);
    HttpRequest old = report_of(stage, east, suspended);
    stage.run_for(301s);
    CHECK(hear(stage, east, old).kind == Heard::Kind::forged);
    OperatorReport nameless = suspended;
    nameless.type = "order.done";
    CHECK(hear(stage, east, report_of(stage, east, nameless)).kind == Heard::Kind::malformed);
    CHECK(hear(stage, operator_id("north"), report_of(stage, east, suspended)).kind ==
          Heard::Kind::no_such_operator);
    CHECK(stage.chain(east, 1) == before);
    CHECK(stage.health(east).heard.at("forged") == 4);
    CHECK(stage.health(east).heard.at("malformed") == 1);
}

TEST_CASE(
    "an operator's report about another's subscription, or nobody's, is kept and does nothing") {
    Stage stage;
    set(stage);
    const Chain before = stage.chain(west, 1);
    for (const auto& subject : {about(west, 1, "subscription.suspended"),
                                about(operator_id("north"), 1, "subscription.suspended")}) {
        OperatorReport foreign = subject;
        foreign.id = "f-" + foreign.subscription;
        const Heard heard = hear(stage, east, report_of(stage, east, foreign));
        CHECK(heard.kind == Heard::Kind::stored);
        CHECK(heard.what == "unknown subscription");
    }
    stage.run_for(5s);
    CHECK(stage.chain(west, 1) == before);
}

TEST_CASE("a report that names only an IMSI makes us read and never sets a hold") {
    Stage stage;
    set(stage);
    OperatorReport bare = about(east, 1, "subscription.suspended");
    bare.imsi = stage.chain(east, 1).subscription.imsi.text();
    bare.subscription.clear();
    const auto reads = stage.simulators.at(east)->counts().at("read");
    CHECK(hear(stage, east, report_of(stage, east, bare)).what == "heard");
    stage.run_for(1s);
    CHECK(stage.simulators.at(east)->counts().at("read") == reads + 1);
    CHECK(m2m_status(stage.chain(east, 1)) == Status::active);
}

TEST_CASE("a callback answers the one sending that it names, once, and no other") {
    Stage stage;
    set(stage);
    stage.simulators.at(east)->played().knobs().asynchronous = 1;
    stage.simulators.at(east)->played().knobs().completion_median = 9s;
    stage.simulators.at(east)->played().knobs().completion_p99 = 9s;
    stage.switch_card(east, 2, ServiceWish::active);
    stage.run_for(1s);
    const Chain waiting = stage.chain(east, 2);
    REQUIRE(waiting.exchange.awaiting == Awaiting::order);
    const auto callback = [&](const std::string& id, std::string_view type,
                              const std::string& reference) {
        OperatorReport out = about(east, 2, type);
        out.id = id;
        out.order = BookedOrder{.subscription = out.subscription, .reference = reference};
        out.order->what = BookedOrder::What::activate;
        if (type == "order.refused") {
            out.order->status = BookedOrder::Status::refused;
            out.order->code = "contract";
        }
        return hear(stage, east, report_of(stage, east, out)).what;
    };
    CHECK(callback("c-1", "order.refused", "another") == "answered before");
    CHECK(stage.chain(east, 2) == waiting);

    const std::string ours(waiting.exchange.in_flight->reference.view());
    CHECK(callback("c-2", "order.refused", ours) == "heard");
    const Chain parked = stage.chain(east, 2);
    REQUIRE(parked.exchange.parked);
    CHECK(parked.exchange.parked->reason == "contract");
    CHECK(callback("c-2", "order.refused", ours) == "heard before");
    CHECK(callback("c-3", "order.refused", ours) == "answered before");
    CHECK(callback("c-4", "order.done", ours) == "answered before");
    CHECK(stage.chain(east, 2) == parked);
    // The answer to the poll that is under way comes too late and wakes nothing either.
    const auto orders = stage.simulators.at(east)->counts().at("order");
    stage.run_for(10s);
    CHECK(stage.chain(east, 2).exchange.parked);
    CHECK(stage.simulators.at(east)->counts().at("order") == orders);
}

TEST_CASE(
    "a callback that overtakes its order's own answer counts, and the answer changes nothing") {
    Stage stage;
    set(stage);
    OperatorKnobs& knobs = stage.simulators.at(east)->played().knobs();
    knobs.hang = 1;
    knobs.hang_for = 3s;
    stage.switch_card(east, 2, ServiceWish::active);
    stage.run_for(500ms);
    const Chain waiting = stage.chain(east, 2);
    REQUIRE(waiting.exchange.awaiting == Awaiting::order);
    knobs.hang = 0;
    OperatorReport done = about(east, 2, "order.done");
    done.order = BookedOrder{.subscription = done.subscription,
                             .reference = std::string(waiting.exchange.in_flight->reference.view()),
                             .what = BookedOrder::What::activate};
    CHECK(hear(stage, east, report_of(stage, east, done)).what == "heard");
    stage.run_for(1s);
    const Chain active = stage.chain(east, 2);
    CHECK(m2m_status(active) == Status::active);
    const auto reads = stage.simulators.at(east)->counts().at("read");
    stage.run_for(5s);
    CHECK(stage.simulators.at(east)->counts().at("read") == reads);
}

TEST_CASE("a report that the store cannot take is not answered as stored") {
    Stage stage;
    set(stage);
    // Nothing but the store's own bound is needed: it is filled before the report comes.
    std::size_t turned_away = 0;
    for (int i = 0; i < 20'000; ++i)
        stage.memory.store->submit(
            {.key = {}, .hints = {}, .decide = [](const View&) { return Decision{}; }},
            [&](const Result<Answer, Failure>& a) { turned_away += !a; });
    const HttpRequest report = report_of(stage, east, about(east, 1, "subscription.suspended"));
    CHECK(hear(stage, east, report).kind == Heard::Kind::not_now);
    CHECK(turned_away == 0);
    CHECK(hear(stage, east, report).what == "heard");
}
