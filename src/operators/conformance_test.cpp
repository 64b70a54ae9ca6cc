// Every connector that speaks HTTP against the simulated operator that speaks its interface, calm
// and with each fault, in simulated time. After quiet, for every machine: the operator's journal
// says what was wanted, and the last that its equipment provider was told is its M2M service
// status.
// A fault is shown when the simulated operator did it to somebody; where its interface cannot show
// it, the table says so.
#include "domain/laws.hpp"
#include "domain/status.hpp"
#include "operators/installation_test.hpp"
#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace msp;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

constexpr unsigned machines = 24;
constexpr unsigned seconds = 60;
constexpr unsigned changes_a_second = 2;
constexpr Duration answer_age_most{10'000};  // stale by five seconds, and as long under way

// What of a fault can be seen from outside, so that a row that shows nothing is told from a row
// that stands everything.
using Count = std::uint64_t;

Count counted(const OperatorSimulator& simulator, const char* what) {
    const auto found = simulator.counts().find(what);
    return found == simulator.counts().end() ? 0 : found->second;
}

struct Fault {
    unsigned number;  // in docs/operators/faults.md
    const char* name;
    std::vector<std::pair<const char*, const char*>> knobs;
    const char* mark;  // a count that only this fault raises; null: it needs no proof
    enum class Extra : unsigned char { none, restore, foreign } extra = Extra::none;
};

const std::vector<Fault>& faults() {
    using enum Fault::Extra;
    static const std::vector<Fault> all{
        {0, "none", {}, nullptr},
        {1, "accepted, result later", {{"asynchronous", "1"}}, "order accepted"},
        {2, "answer lost before the effect", {{"lost-before", "0.2"}}, "lost before"},
        {2, "answer lost after the effect", {{"lost-after", "0.2"}}, "answer lost"},
        {3, "requests come twice", {{"duplicated", "0.3"}}, "order repeated"},
        {4, "requests above the rate refused", {{"per-second", "3"}}, "too many"},
        {6,
         "reports come twice",
         {{"asynchronous", "1"}, {"callback-duplicated", "1"}},
         "report repeated"},
        {7,
         "reports overtake each other",
         {{"asynchronous", "1"}, {"callback-delay-most-ms", "20000"}},
         "report late"},
        {8, "reports lost", {{"asynchronous", "1"}, {"callback-lost", "0.5"}}, "report lost"},
        {9, "stale reads", {{"stale", "0.3"}, {"stale-by-ms", "5000"}}, "stale read"},
        {10, "sessions outlive the order", {{"cuts-sessions", "false"}}, nullptr},
        {11, "operator acts meanwhile", {{"suspensions-per-hour", "900"}}, nullptr},
        {12,
         "operator resumes by itself",
         {{"suspensions-per-hour", "900"}, {"suspended-for-ms", "10000"}},
         nullptr},
        {12, "operator lifts our hold", {{"changes-per-hour", "900"}}, nullptr},
        {12, "operator lifts every hold of ours", {{"lifts-after-ms", "8000"}}, nullptr},
        {5,
         "accepted orders come to nothing",
         {{"asynchronous", "1"}, {"fails", "0.1"}},
         "order failed"},
        {13,
         "a change locks",
         {{"asynchronous", "1"}, {"locked-for-ms", "20000"}},
         "order locked out"},
        {15, "operator terminates", {{"terminations-per-hour", "300"}}, nullptr},
        {16, "maintenance", {{"unavailable", "0.5"}}, "maintenance"},
        {17, "hangs", {{"hang", "0.1"}, {"hang-for-ms", "60000"}}, "hang"},
        {18, "credentials run out", {{"rejected", "0.3"}}, "rejected"},
        {19, "foreign reports", {}, nullptr, foreign},
        {20, "words nobody knows", {{"unknown-word", "0.3"}}, "unknown word"},
        {20,
         "answers that are none",
         {{"malformed", "0.1"}, {"truncated", "0.1"}, {"oversized", "0.1"}},
         "garbled"},
        {21, "yesterday's database comes back", {}, nullptr, restore},
    };
    return all;
}

struct Speaker {
    std::string connector;
    std::string kind;
};

// A connector that leaves the kind to the settings is tried as each that is proved.
std::vector<Speaker> speakers() {
    std::vector<Speaker> out;
    for (const ConnectorKind* one : connectors()) {
        if (!one->over_http) continue;  // a mobile core is not simulated: tests/core has a real one
        if (one->can) {
            out.push_back({std::string(one->name), ""});
            continue;
        }
        for (const char* kind : {"fenced", "serial", "combined", "overwritten"})
            out.push_back({std::string(one->name), kind});
    }
    return out;
}

class Rehearsal {
public:
    Rehearsal(const Speaker& speaker, const Fault& fault) : fault_(fault) {
        OperatorSettings settings =
            settings_of(east, speaker.kind.empty() ? "serial" : speaker.kind);
        settings.connector = speaker.connector;
        settings.token = "key:secret:user:word";
        if (const auto& can = find_connector(speaker.connector)->can) {
            settings.profile.can = *can;
            settings.profile.can.request_life = 10s;
        }
        settings.audit = {.on = true,
                          .page_size = 50,
                          .page_every = 100ms,
                          .sweep_every = 15s,
                          .drift_share = 1,
                          .drift_least = machines};
        simulator_ = &stage_.add(settings, knobs_of(speaker.kind.empty() ? "serial" : speaker.kind),
                                 machines);
        stage_.watch = [this](const Commit& commit) {
            for (const Chain& chain : commit.after) witness(chain);
        };
        stage_.start();
    }

    void play() {
        found();
        simulator_->played().snapshot();
        OperatorKnobs turned = simulator_->played().knobs();
        const OperatorKnobs calm = turned;
        for (const auto& [name, value] : fault_.knobs) REQUIRE(set_knob(turned, name, value));
        before_ = marks();
        simulator_->played().knobs() = turned;
        for (unsigned second = 0; second < seconds; ++second) {
            for (unsigned i = 0; i < changes_a_second; ++i) switch_one();
            if (fault_.extra == Fault::Extra::foreign) say_what_is_not_so();
            if (fault_.extra == Fault::Extra::restore && second == seconds / 2)
                REQUIRE(simulator_->played().restore());
            stage_.run_for(1s);
        }
        simulator_->played().knobs() = calm;
        stage_.run_for(120s);
    }

    // What is not so, and what was said on the way that was not; empty: all is well.
    std::vector<std::string> disagreements() {
        std::vector<std::string> out = lies_;
        const auto told = last_told();
        const auto chains = stage_.chains();
        for (const Chain& chain : chains) {
            const auto wrong = disagreement(chain, told);
            if (!wrong.empty())
                out.push_back("machine " + std::to_string(static_cast<std::uint64_t>(chain.id)) +
                              ": " + wrong);
        }
        for (const BrokenLaw& broken : broken_laws(chains))
            out.push_back("law " + std::to_string(broken.law) + ": " + broken.how);
        return out;
    }

    unsigned waiting() const { return waiting_; }
    Count orders() const { return counted(*simulator_, "order"); }
    std::size_t effects() const { return simulator_->played().book().journal().size(); }
    bool shown() const { return !fault_.mark || marks() > before_; }

private:
    // The use case up to the installation, with an operator that is calm.
    void found() {
        for (unsigned i = 1; i <= machines; ++i) {
            installation_.issue({stage_.chain(east, i).card.iccid});
            stage_.switch_card(east, i, ServiceWish::active);
        }
        stage_.run_for(60s);
        for (unsigned i = 1; i <= machines; ++i) {
            installation_.report_card(i, stage_.chain(east, i));
            installation_.hand_over({Installation::device(i)});
            stage_.switch_card(east, i, ServiceWish::active);
            installation_.report_equipment(i);
        }
        stage_.run_for(60s);
    }

    void switch_one() {
        const auto i = static_cast<unsigned>(random_.below(machines)) + 1;
        if (stage_.chain(east, i).lost) return;
        installation_.switch_service(i, random_.below(2) == 0 ? Wish::active : Wish::de_active);
    }

    // A report that somebody else made up.
    void say_what_is_not_so() {
        HttpRequest forged;
        forged.method = "POST";
        forged.body = R"({"id":"x","type":"subscription.terminated","reference":")" +
                      std::string(iccid_of(east, 1).text()) + R"("})";
        forged.headers.add("webhook-id", "x");
        forged.headers.add("webhook-timestamp", "1");
        forged.headers.add("webhook-signature", "v1,AAAA");
        stage_.operators->hear(east, forged, [this](const Heard& heard) {
            CHECK(heard.kind == Heard::Kind::forged);
            ++foreign_;
        });
    }

    // What is confirmed was so at the operator, at some time since the answer that says it may have
    // been written. The audit heals what is wrong here, so that the end would not show it.
    void witness(const Chain& chain) {
        const Exchange& now = chain.exchange;
        const std::uint64_t before = std::exchange(confirmed_[chain.id], now.confirmed);
        if (now.confirmed <= before || now.confirmed != now.generation || chain.lost) return;
        if (!was(chain.subscription.reference.view(), wanted(chain)))
            lies_.emplace_back("confirmed what never was");
    }

    bool was(std::string_view reference, Order order) {
        const Time from = stage_.loop.now() - answer_age_most;
        const auto wanted_state = order == Order::activate ? SimulatedSubscription::State::active
                                  : order == Order::de_activate
                                      ? SimulatedSubscription::State::de_active
                                      : SimulatedSubscription::State::terminated;
        auto state = SimulatedSubscription::State::de_active;
        for (const JournalEntry& entry : simulator_->played().book().journal()) {
            if (entry.subscription != reference) continue;
            if (entry.at >= from && state == wanted_state) return true;
            state = entry.state;
        }
        return state == wanted_state;
    }

    Count marks() const { return fault_.mark ? counted(*simulator_, fault_.mark) : 0; }

    // By chain, the newest notice's M2M service status.
    std::map<ChainId, Status> last_told() {
        std::map<ChainId, Status> out;
        stage_.memory.reader->read(
            [&out](Archive& archive) {
                for (const Entry& entry : archive.feed(acme, 0, 1'000'000))
                    if (entry.event.after)
                        out[entry.event.after->id] = m2m_status(*entry.event.after);
            },
            [](const Result<Done, Failure>&) {});
        stage_.loop.run_ready();
        return out;
    }

    std::string disagreement(const Chain& chain, const std::map<ChainId, Status>& told) {
        const auto notice = told.find(chain.id);
        if (notice == told.end()) return "its provider was told nothing";
        if (notice->second != m2m_status(chain)) return "its provider was told otherwise";
        if (!settled(chain)) return "it is not settled";
        const bool parked = chain.exchange.parked && !chain.exchange.parked->reason.empty();
        if (!network_confirmed(chain) && (chain.lost || parked)) return ++waiting_, "";
        if (!network_confirmed(chain)) return "it waits for nobody";
        const auto* one = simulator_->played().book().find(chain.subscription.reference.view());
        const bool held = chain.holds.holds(Holder::network_operator);
        if (wanted(chain) == Order::de_activate && one->in_service())
            return "wanted de-active, and the operator has it active";
        if (wanted(chain) == Order::activate && one->in_service() == held)
            return held ? "held by an operator that does not hold it"
                        : "wanted active, and the operator has it otherwise";
        return "";
    }

    const Fault& fault_;
    Stage stage_;
    Installation installation_{stage_, false};
    SeededRandom random_{5};
    OperatorSimulator* simulator_ = nullptr;
    std::map<ChainId, std::uint64_t> confirmed_;
    std::vector<std::string> lies_;
    unsigned waiting_ = 0;
    Count before_ = 0;
    Count foreign_ = 0;
};

}  // namespace

TEST_CASE("every connector agrees with its operator after each fault, and told its customers so") {
    std::cout
        << "connector       fault                            orders  effects  wait  verdict\n";
    for (const Speaker& speaker : speakers())
        for (const Fault& fault : faults()) {
            CAPTURE(speaker.connector);
            CAPTURE(speaker.kind);
            CAPTURE(fault.name);
            Rehearsal rehearsal(speaker, fault);
            rehearsal.play();
            const auto wrong = rehearsal.disagreements();
            for (const std::string& one : wrong) CHECK_MESSAGE(false, one);
            const std::string who =
                speaker.connector + (speaker.kind.empty() ? "" : " " + speaker.kind);
            std::cout << std::left << std::setw(27) << who << std::right << std::setw(3)
                      << fault.number << "  " << std::left << std::setw(33) << fault.name
                      << std::right << std::setw(6) << rehearsal.orders() << std::setw(9)
                      << rehearsal.effects() << std::setw(6) << rehearsal.waiting() << "  "
                      << (!wrong.empty()      ? "DISAGREES"
                          : rehearsal.shown() ? "agrees"
                                              : "agrees; cannot be shown")
                      << "\n";
        }
}
