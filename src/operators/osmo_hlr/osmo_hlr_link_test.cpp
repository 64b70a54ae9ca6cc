// The link against a played core in simulated time; tests/core has it against the real one.
#include "operators/osmo_hlr/osmo_hlr_link.hpp"
#include "cast/operator_documents.hpp"
#include "operators/operator_link_contract.hpp"
#include "operators/osmo_hlr/played_core_test.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

const OperatorId campus = operator_id("campus");

OperatorSettings core_settings() {
    OperatorSettings out = settings_of(campus, "overwritten-combined");
    out.connector = "osmo-hlr";
    out.base_url = "ctrl://" + text(PlayedCore::ctrl());
    out.core.sgsn = text(PlayedCore::sgsn());
    out.core.vty = text(PlayedCore::terminal());
    return out;
}

std::string imsi_of(unsigned subscription) {
    return "26207000000000" + std::to_string(subscription);
}

class CoreOnTrial final : public LinkOnTrial {
public:
    CoreOnTrial() {
        manners = {.says_busy = false,
                   .refuses_while_suspended = false,
                   .tells_absent_from_reclaimed = false,
                   .accepted_first = Order::de_activate};
        for (unsigned i = 1; i <= 3; ++i) core.subscribers[imsi_of(i)] = {};
        connect(core_settings());
    }

    void connect(const OperatorSettings& settings) {
        link_ = std::make_unique<OsmoHlrLink>(settings, loop, streams, "MSP-1");
    }
    void disconnect() { link_.reset(); }

    OperatorLink& link() override { return *link_; }
    Subscription subscription(unsigned number) override {
        return {.at = campus,
                .imsi = Imsi::parse(imsi_of(number)).value(),
                .reference = *SubscriptionReference::of("sub-" + std::to_string(number)),
                .msisdn = {},
                .mdn = {}};
    }
    void play(Trouble trouble) override {
        core.trouble = trouble;
        core.listen(trouble != Trouble::down);
    }
    void suspend(unsigned subscription, bool suspended) override {
        core.set_packet(imsi_of(subscription), suspended ? "0" : "1");
    }
    unsigned effects(const Errand& errand) override {
        const std::string imsi(errand.subscription.imsi.text());
        if (errand.order == Order::reclaim) return core.deleted[imsi].deletions;
        const auto& one = core.subscribers[imsi];
        return errand.order == Order::activate ? one.activations : one.bars;
    }
    HttpRequest report() override {
        OperatorReport happened;
        happened.id = "evt-1";
        happened.type = "subscription.changed";
        happened.subscription = "sub-1";
        happened.imsi = imsi_of(1);
        return report_request(happened, "", *callback_key(core_settings().callback_secret),
                              loop.now());
    }
    void run(const std::function<void()>& begin, const std::function<bool()>& done) override {
        begin();
        for (int i = 0; i < 10'000 && !done(); ++i) loop.run_for(10ms);
    }

    Outcome carry_out(Order order, unsigned subscription = 1) {
        std::optional<Outcome> out;
        run(
            [&] {
                link_->carry_out(errand(Errand::Kind::order, order, 1, subscription),
                                 [&](const Outcome& one) { out = one; });
            },
            [&] { return out.has_value(); });
        return out.value();
    }
    Reading read(unsigned subscription = 1) {
        std::optional<Result<Reading, Failure>> out;
        run(
            [&] {
                link_->ask(errand(Errand::Kind::read, Order::activate, 1, subscription),
                           [&](const auto& one) { out = one; });
            },
            [&] { return out.has_value(); });
        return out->value();
    }

    ManualLoop loop;
    DirectStreams streams{loop};
    PlayedCore core{loop, streams};

private:
    std::unique_ptr<OsmoHlrLink> link_;
};

}  // namespace

TEST_CASE("the link to a mobile core keeps the contract") {
    const auto core = [](std::string_view) { return std::make_unique<CoreOnTrial>(); };
    check_operator_link(core, "overwritten-combined");
    check_operator_trouble(core, "serial");
}

TEST_CASE("de-active means that the session is gone, and a read shows both facts") {
    CoreOnTrial trial;
    CHECK(trial.carry_out(Order::activate).kind == Outcome::Kind::done);
    CHECK(trial.read().session == true);
    CHECK(trial.carry_out(Order::de_activate).kind == Outcome::Kind::done);
    CHECK_FALSE(trial.core.subscribers[imsi_of(1)].session);
    const Reading reading = trial.read();
    CHECK(reading.state == NetworkState::de_active);
    CHECK(reading.session == false);
}

TEST_CASE("staff who bar a subscriber leave its session up, and a read says so") {
    CoreOnTrial trial;
    trial.carry_out(Order::activate);
    trial.suspend(1, true);
    CHECK(trial.read().state == NetworkState::de_active);
    CHECK(trial.read().session == true);
}

TEST_CASE("while the serving node cannot be reached, a session that is up keeps orders undone") {
    CoreOnTrial trial;
    trial.carry_out(Order::activate);
    trial.core.node_is_away = true;
    for (const Order order : {Order::de_activate, Order::reclaim}) {
        const Outcome outcome = trial.carry_out(order);
        CHECK(outcome.kind == Outcome::Kind::busy);
        CHECK(outcome.reason == "serving-node-away");
    }
    CHECK(trial.core.subscribers.contains(imsi_of(1)));
    trial.core.node_is_away = false;
    CHECK(trial.carry_out(Order::reclaim).kind == Outcome::Kind::done);
    CHECK_FALSE(trial.core.subscribers.contains(imsi_of(1)));
}

TEST_CASE("while the serving node does not show its sessions, nothing is said to be gone") {
    CoreOnTrial trial;
    trial.core.node_hides = true;
    trial.core.listen(false);
    trial.core.listen(true);
    trial.carry_out(Order::activate);
    CHECK(trial.carry_out(Order::de_activate).reason == "sessions-not-seen");
    CHECK(trial.read().state == NetworkState::de_active);
    CHECK_FALSE(trial.read().session);
}

TEST_CASE("a reclaim ends the session before the subscriber is deleted") {
    CoreOnTrial trial;
    trial.carry_out(Order::activate);
    trial.core.heard.clear();
    trial.core.kick_takes = 300ms;
    CHECK(trial.carry_out(Order::reclaim).kind == Outcome::Kind::done);
    const std::string one = "subscriber.by-imsi-" + imsi_of(1);
    CHECK(trial.core.heard ==
          std::vector<std::string>{"SET " + one + ".cs-enabled 0", "SET " + one + ".ps-enabled 0",
                                   "GET " + one + ".info", "SET subscriber.delete " + imsi_of(1)});
    CHECK_FALSE(trial.core.deleted[imsi_of(1)].session);
    CHECK(trial.carry_out(Order::reclaim).kind == Outcome::Kind::done);
}

TEST_CASE("what is under way when the link goes is answered, once") {
    CoreOnTrial trial;
    unsigned answers = 0;
    trial.link().carry_out(trial.errand(Errand::Kind::order, Order::activate, 1, 1),
                           [&](const Outcome& outcome) {
                               ++answers;
                               CHECK(outcome.kind == Outcome::Kind::unknown);
                           });
    trial.disconnect();
    CHECK(answers == 0);
    trial.loop.run_for(60s);
    CHECK(answers == 1);
}

TEST_CASE("the connector says what its operator can do, whatever is declared") {
    CoreOnTrial trial;
    OperatorSettings settings = core_settings();
    settings.profile.can = *capabilities_of("fenced");
    settings.profile.can.request_life.reset();
    settings.core.sgsn.clear();
    settings.core.vty.clear();
    trial.connect(settings);
    const Capabilities& can = trial.link().can();
    Capabilities known;
    known.status_field = StatusField::overwritten_combined;
    known.notifies = true;
    known.ignores_repeated_reference = true;
    CHECK(can == known);
    trial.carry_out(Order::activate);
    CHECK(trial.carry_out(Order::de_activate).kind == Outcome::Kind::done);
    CHECK_FALSE(trial.read().session);
}
