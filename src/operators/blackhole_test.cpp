// Ten thousand subscriptions at one operator, minutes of faults with a blackhole in their middle,
// while equipment providers change their minds: 65 seconds after calm everything is settled, and
// the operator's journal says what we say. Settings are those of a fresh operator but for the
// limits, and nothing is audited: what is wrong is not healed behind the test's back.
#include "domain/laws.hpp"
#include "domain/status.hpp"
#include "operators/installation_test.hpp"
#include "operators/onlooker_test.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

// The kind where the connector leaves it open.
struct Trial {
    const char* name;
    const char* connector;
    const char* kind;
    Duration until_blackhole;
};

constexpr std::array trials{
    Trial{"rest, fenced", "rest", "fenced", 90s},
    Trial{"rest, fenced, blackhole up to the calm", "rest", "fenced", 180s},
    Trial{"rest, serial", "rest", "serial", 90s},
    Trial{"control-center", "control-center", "overwritten-combined", 90s},
};

// What an engineer would set for so many: docs/operators/rest.md.
OperatorSettings settings_for_ten_thousand(const Trial& trial) {
    OperatorSettings out = settings_of(east, trial.kind);
    out.connector = trial.connector;
    out.token = "user:key";
    out.profile.can.ignores_repeated_reference = true;
    if (const auto& can = find_connector(trial.connector)->can) out.profile.can = *can;
    out.profile.pace = {};
    out.breaker = {};
    out.limits = {.per_second = 1'500, .burst = 100, .concurrency = 500};
    return out;
}

OperatorKnobs calm_knobs(const Trial& trial) {
    OperatorKnobs out = knobs_of(trial.kind);
    out.ignores_repeated_reference = true;  // where a request has a reference
    return out;
}

class Ordeal {
public:
    static constexpr unsigned subscriptions = 10'000;
    static constexpr std::size_t items_most = 1'000;  // that one command may name

    explicit Ordeal(const Trial& trial)
        : onlooker(settings_for_ten_thousand(trial)),
          calm_(calm_knobs(trial)),
          simulator_(&stage_.add(settings_for_ten_thousand(trial), calm_, subscriptions)),
          wishes_(subscriptions, Wish::de_active) {
        simulator_->played().book().tell(
            [this](const JournalEntry& entry) { onlooker.look(entry); });
        stage_.watch = [this](const Commit& commit) {
            for (const Chain& chain : commit.after) onlooker.look(chain, stage_.loop.now());
        };
        stage_.http.listen("http://east.test",
                           [this](HttpRequest request, const HttpRespond& respond) {
                               request.target.erase(0, std::string_view("/api").size());
                               pass_on(request, respond);
                           });
    }

    // Every equipment is installed and active, at an operator that is calm.
    void found() {
        const auto chains = stage_.chains();
        std::vector<Iccid> cards;
        std::vector<DeviceId> devices;
        for (unsigned i = 0; i < subscriptions; ++i) {
            cards.push_back(chains[i].card.iccid);
            devices.push_back(Installation::device(i));
            if (cards.size() < items_most) continue;
            installation_.issue(std::exchange(cards, {}));
            for (std::size_t one = i + 1 - items_most; one <= i; ++one)
                installation_.report_card(static_cast<unsigned>(one), chains[one]);
            installation_.hand_over(std::exchange(devices, {}));
        }
        for (unsigned i = 0; i < subscriptions; ++i) installation_.report_equipment(i);
        stage_.start();
        for (unsigned i = 0; i < subscriptions; ++i) change(i);
        stage_.run_for(60s);
    }

    // Faults for four minutes; for one of them nothing gets through.
    void storm(Duration until_blackhole) {
        before_ = simulator_->counts();
        onlooker.changes = onlooker.effects = 0;
        simulator_->played().knobs() = stormy();
        change_minds_for(until_blackhole);
        for (const char* origin : both_ways) stage_.http.swallow(origin);
        change_minds_for(60s);
        for (const char* origin : both_ways) stage_.http.deliver(origin);
        change_minds_for(180s - until_blackhole);
        simulator_->played().knobs() = calm_;
        calm_since_ = stage_.loop.now();
    }

    void wait_until_promised() { stage_.run_for(65s); }

    // By machine, what is not as it should be.
    std::vector<std::string> disagreements() {
        std::vector<std::string> out;
        const auto chains = stage_.chains();
        REQUIRE(chains.size() == subscriptions);
        for (const Chain& chain : chains)
            if (const std::string wrong = disagreement(chain); !wrong.empty())
                out.push_back(std::to_string(static_cast<std::uint64_t>(chain.id)) + ": " + wrong);
        for (const BrokenLaw& broken : broken_laws(chains))
            out.push_back("law " + std::to_string(broken.law) + ": " + broken.how);
        return out;
    }

    // Each fault was met, so that the rest says something.
    bool stormed() const {
        return std::min({count("lost before"), count("answer lost"), count("order repeated"),
                         overtaken_, server_errors_, stage_.http.lost_on_the_way()}) > 100;
    }

    unsigned conversations() const { return stage_.health(east).conversations; }

    std::string report(std::size_t disagree) const {
        std::ostringstream out;
        out << subscriptions << " subscriptions, " << onlooker.changes << " changes, "
            << count("order") << " orders and " << count("read") << " reads and polls arrived, "
            << onlooker.effects << " took effect; lost " << count("lost before") << " and answers "
            << count("answer lost") << ", repeated " << count("order repeated") << ", overtaken "
            << overtaken_ << ", 5xx " << server_errors_ << ", in the blackhole "
            << stage_.http.lost_on_the_way() << "; the last settled ";
        if (onlooker.settled_since && onlooker.unsettled() == 0)
            out << std::chrono::duration<double>(*onlooker.settled_since - calm_since_).count()
                << " s after calm";
        else
            out << "not (" << onlooker.unsettled() << " are left)";
        out << "; untrue " << onlooker.untrue << ", out of order " << onlooker.out_of_order
            << ", twice " << onlooker.twice << ", disagreements " << disagree;
        return out.str();
    }

    Onlooker onlooker;

private:
    static constexpr std::array both_ways{"http://east.test", "http://platform.test"};

    void change(unsigned i) {
        wishes_[i] = wishes_[i] == Wish::active ? Wish::de_active : Wish::active;
        installation_.switch_service(i, wishes_[i]);
    }

    // A hundred in a second; each fourth takes back what was said a moment ago.
    void change_minds_for(Duration span) {
        for (Duration passed{}; passed < span; passed += 10ms) {
            const bool again = !lately_.empty() && random_.below(4) == 0;
            const auto i = again ? lately_[random_.below(lately_.size())]
                                 : static_cast<unsigned>(random_.below(subscriptions));
            change(i);
            if (lately_.size() < 100)
                lately_.push_back(i);
            else
                lately_[random_.below(lately_.size())] = i;
            stage_.run_for(10ms);
        }
    }

    OperatorKnobs stormy() const {
        OperatorKnobs out = calm_;
        out.latency_median = 100ms;
        out.latency_p99 = 3s;
        out.error_before = out.error_after = 0.005;
        out.lost_before = out.lost_after = 0.02;
        out.duplicated = 0.05;
        out.asynchronous = 0.2;
        out.callback_lost = 0.05;
        out.callback_duplicated = 0.1;
        out.callback_delay_most = 20s;
        return out;
    }

    // To the operator and back, counted.
    void pass_on(const HttpRequest& request, const HttpRespond& respond) {
        const auto answer = [this, respond,
                             number = ++asked_](const std::optional<HttpResponse>& response) {
            overtaken_ += number < newest_answered_;
            newest_answered_ = std::max(newest_answered_, number);
            server_errors_ += response && response->status >= 500;
            respond(response);
        };
        simulator_->handle(request, answer);
    }

    std::string disagreement(const Chain& chain) const {
        if (!settled(chain)) return "it is not settled";
        if (!network_confirmed(chain)) return "it waits";
        if (chain.exchange.in_flight && !chain.exchange.in_flight->done)
            return "an order is under way";
        if (chain.exchange.due && !chain.exchange.in_flight) return "something is due";
        const NetworkState should = effect_of(wanted(chain));
        if (chain.observed.state != should) return "observed is not wanted";
        const auto* one = simulator_->played().book().find(chain.subscription.reference.view());
        return shown_as(one->state) == should ? "" : "the operator has it otherwise";
    }

    // Since the storm began.
    std::uint64_t count(const std::string& what) const {
        const auto in = [&what](const auto& counts) {
            const auto found = counts.find(what);
            return found == counts.end() ? 0 : found->second;
        };
        return in(simulator_->counts()) - in(before_);
    }

    SeededRandom random_{5};
    Stage stage_;
    Installation installation_{stage_, true};
    OperatorKnobs calm_;
    OperatorSimulator* simulator_;
    std::map<std::string, std::uint64_t> before_;
    Time calm_since_{};
    std::vector<Wish> wishes_;
    std::vector<unsigned> lately_;
    std::uint64_t asked_ = 0;
    std::uint64_t newest_answered_ = 0;
    std::uint64_t overtaken_ = 0;
    std::uint64_t server_errors_ = 0;
};

}  // namespace

TEST_CASE("ten thousand subscriptions settle within 65 s of faults and a blackhole, as we say") {
    for (const Trial& trial : trials) {
        CAPTURE(trial.name);
        Ordeal ordeal(trial);
        ordeal.found();
        REQUIRE(ordeal.onlooker.unsettled() == 0);
        ordeal.storm(trial.until_blackhole);
        CHECK(ordeal.onlooker.unsettled() > 0);
        ordeal.wait_until_promised();
        const auto wrong = ordeal.disagreements();
        for (std::size_t i = 0; i < std::min<std::size_t>(wrong.size(), 5); ++i)
            CHECK_MESSAGE(false, wrong[i]);
        CHECK(wrong.empty());
        CHECK(ordeal.stormed());
        CHECK(ordeal.conversations() == 0);
        CHECK(ordeal.onlooker.untrue == 0);
        CHECK(ordeal.onlooker.out_of_order == 0);
        CHECK(ordeal.onlooker.twice == 0);
        MESSAGE(std::string(trial.name) << ": " << ordeal.report(wrong.size()));
    }
}
