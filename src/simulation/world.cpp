#include "simulation/world.hpp"

#include "simulation/acts.hpp"
#include "simulation/process.hpp"
#include "simulation/verdict.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace msp::simulation {

using namespace std::chrono_literals;

namespace {

constexpr Time epoch{Duration(1'767'225'600'000)};  // 2026-01-01T00:00:00Z
constexpr Duration tick{250};
constexpr Duration settling_least{60'000};  // several audits
constexpr Duration settling_most{150'000};
constexpr Duration delivering_most{420'000};  // a notice is tried a third time after 5 minutes
constexpr Duration slice{10'000};
constexpr std::size_t lines_most = 160;
constexpr std::uint64_t steps_of_a_life_most = 500'000;  // a hundred times the usual

class World {
public:
    explicit World(const LifeOptions& options)
        : options_(options),
          random_(options.seed),
          schedule_(random_.next()),
          story_(schedule_, options.told),
          storm_(draw_storm(options.seed)),
          wrong_most_(storm_.process.clock_wrong_most),
          wire_(schedule_, random_.next()),
          journals_(story_, sometimes_),
          witness_(story_, sometimes_, journals_) {
        begin();
    }
    ~World() { schedule_.clear(); }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    Life live() {
        run(storm_.lasts);
        if (!over()) become_calm();
        run(settling_least);
        // What was to be done at a time is done at that time by a clock that was set back since.
        const Duration set_back = 2 * wrong_most_;
        run_until([&] { return verdict().settled(); }, settling_most - settling_least + set_back);
        if (!over()) verdict().check_chains();
        run_until([&] { return verdict().delivered(); }, delivering_most + set_back);
        if (!over()) verdict().check_notices();
        if (!over()) caller_->look_back();
        return told();
    }

private:
    bool over() const {
        return !story_.whole() ||
               (options_.steps_most > 0 && schedule_.steps() >= options_.steps_most);
    }

    void begin() {
        WatchedEngine founders(engine_,
                               {schedule_, witness_, sometimes_, no_faults_, store_tally_, epoch},
                               random_.next());
        founded_ = found(founders, storm_, random_.next(), epoch);
        field_ = std::make_unique<ProcessLoop>(schedule_, random_.next(), epoch, Gait{});
        wire_.faults() = storm_.wire;
        wire_.watch([this](const std::string& from, const std::string& to, std::string_view what) {
            story_.mix(from);
            story_.mix(to);
            story_.mix(what);
            const std::size_t order = what.find("/orders/");
            if (what.starts_with("PUT ") && order != std::string_view::npos)
                witness_.sent(std::string(what.substr(order + 8)), epoch + schedule_.now());
        });
        open_operators();
        open_receivers();
        open_nodes();
        open_field();
        tick_ = schedule_.after(tick, [this] { live_a_tick(); });
    }

    void open_operators() {
        for (unsigned i = 0; i < storm_.operators.size(); ++i) {
            const OperatorSettings& settings = founded_.operators[i];
            const std::string host = host_of_operator(i);
            clients_.push_back(std::make_unique<WireClient>(wire_, *field_, host));
            operators_.push_back(std::make_unique<OperatorSimulator>(
                *field_, *clients_.back(), random_.next(), storm_.operators[i].knobs,
                OperatorFront{settings.token,
                              std::string("http://") + platform_host + "/v1/operators/" +
                                  std::string(settings.id.text()) + "/events",
                              settings.callback_secret}));
            OperatorSimulator& one = *operators_.back();
            for (const Machine& machine : founded_.machines)
                if (machine.operator_id == settings.id.text())
                    one.played().book().add(machine.iccid, machine.imsi);
            journals_.add(settings.id, one.played().book());
            if (settings.profile.can.status_field == StatusField::overwritten ||
                settings.profile.can.status_field == StatusField::overwritten_combined)
                witness_.overwritten_at(settings.id);
            wire_.listen(host, *field_, [&one](HttpRequest request, const HttpRespond& respond) {
                request.target.erase(0, std::string_view("/api").size());
                one.handle(request, respond);
            });
        }
    }

    void open_receivers() {
        for (const auto& [party, secret] : founded_.secrets) {
            auto& one = receivers_[party];
            one = std::make_unique<WebhookReceiver>(*field_, random_.next(),
                                                    std::vector<std::string>{secret});
            one->knobs() = storm_.receivers;
            wire_.listen(
                host_of_receiver(party), *field_,
                [receiver = one.get()](const HttpRequest& request, const HttpRespond& respond) {
                    receiver->handle(request, respond);
                });
        }
    }

    void open_nodes() {
        std::vector<std::string> hosts;
        for (unsigned i = 0; i < storm_.nodes; ++i) {
            hosts.push_back(host_of_node(i));
            nodes_.push_back(std::make_unique<Process>(
                Process::Surroundings{schedule_, wire_, story_, sometimes_, witness_, engine_,
                                      storm_, store_tally_, epoch},
                i, random_.next()));
            nodes_.back()->start();
        }
        wire_.spread(platform_host, std::move(hosts));
    }

    void open_field() {
        caller_ = std::make_unique<Caller>(
            Caller::Surroundings{*field_, wire_, story_, sometimes_, witness_, founded_},
            random_.next());
        acts_ = std::make_unique<Acts>(
            *caller_, witness_, sometimes_, founded_,
            [this](const Machine& machine) { make_card(machine); }, random_.next());
    }

    void make_card(const Machine& machine) {
        for (std::size_t i = 0; i < operators_.size(); ++i)
            if (founded_.operators[i].id.text() == machine.operator_id)
                operators_[i]->played().book().add(machine.iccid, machine.imsi);
    }

    void run(Duration span) {
        const Duration end = schedule_.now() + span;
        while (!over() && schedule_.step(end))
            if (schedule_.steps() > steps_of_a_life_most)
                story_.broken(10, "it goes on and on and never rests");
        if (!over()) journals_.follow();
    }

    template <class Is>
    void run_until(Is is, Duration most) {
        const Duration end = schedule_.now() + most;
        while (!over() && !is() && schedule_.now() < end) run(slice);
    }

    // ------------------------------------------------------------------------------------- storm

    bool chance(double share) { return random_.unit() < share; }
    bool by_the_minute(double rate) {
        return chance(rate * static_cast<double>(tick.count()) / 60'000);
    }
    Duration up_to(Duration most) {
        return Duration(static_cast<Duration::rep>(
            random_.below(static_cast<std::uint64_t>(most.count()) + 1)));
    }

    void live_a_tick() {
        double acts = storm_.acts_per_second * static_cast<double>(tick.count()) / 1'000;
        for (; acts > 0 && chance(acts); acts -= 1) acts_->act(storm_.odd_acts);
        for (const auto& node : nodes_) trouble(*node);
        if (by_the_minute(storm_.partitions)) cut();
        for (std::size_t i = 0; i < operators_.size(); ++i) trouble(i);
        tick_ = schedule_.after(tick, [this] { live_a_tick(); });
    }

    void trouble(Process& node) {
        if (!node.up()) return;
        if (by_the_minute(storm_.process.pauses)) {
            ++faults_.pauses;
            node.pause(up_to(storm_.process.paused_most));
        }
        if (!by_the_minute(storm_.process.kills)) return;
        ++faults_.kills;
        for (const auto& [id, seen] : witness_.chains())
            if (seen.chain->exchange.in_flight && seen.lane == node.number())
                sometimes_.reached(Rare::killed_with_order_in_flight);
        node.kill();
        schedule_.after(up_to(storm_.process.down_most), [&node] { node.start(); });
    }

    void trouble(std::size_t number) {
        SimulatedOperator& one = operators_[number]->played();
        const double restores = storm_.operators[number].restores;
        if (restores == 0) return;
        if (by_the_minute(4)) one.snapshot();
        if (!by_the_minute(restores) || !one.restore()) return;
        ++faults_.restores;
        journals_.restored(founded_.operators[number].id, field_->now());
        sometimes_.reached(Rare::operator_restored);
        story_.tell([&] {
            return "* " + host_of_operator(static_cast<unsigned>(number)) +
                   " brings an old database back";
        });
    }

    void cut() {
        std::vector<std::string> hosts;
        for (unsigned i = 0; i < storm_.operators.size(); ++i) hosts.push_back(host_of_operator(i));
        for (const auto& [party, receiver] : receivers_) hosts.push_back(host_of_receiver(party));
        hosts.emplace_back("field");
        const std::string node = host_of_node(static_cast<unsigned>(random_.below(storm_.nodes)));
        const std::string other = hosts[random_.below(hosts.size())];
        ++faults_.partitions;
        sometimes_.reached(Rare::partitioned);
        story_.tell([&] { return "* " + node + " and " + other + " are cut off from each other"; });
        wire_.cut(node, other);
        schedule_.after(up_to(storm_.cut_most), [this] { wire_.heal(); });
    }

    // -------------------------------------------------------------------------------------- calm

    void become_calm() {
        story_.tell([] { return "* calm"; });
        schedule_.cancel(tick_);
        storm_.store = {};
        storm_.process = {};
        wire_.faults() = {};
        wire_.heal();
        for (const auto& one : operators_) one->played().knobs() = calm(one->played().knobs());
        for (const auto& [party, receiver] : receivers_) receiver->knobs() = {};
        for (const auto& node : nodes_) node->start();
    }

    Verdict verdict() {
        Verdict out(story_, witness_, engine_, field_->now());
        for (std::size_t i = 0; i < operators_.size(); ++i)
            out.add(founded_.operators[i].id, operators_[i]->played().book());
        for (const auto& [party, receiver] : receivers_) out.add(party, *receiver);
        return out;
    }

    Life told() {
        Life out;
        out.seed = options_.seed;
        out.hash = story_.hash();
        out.steps = schedule_.steps();
        out.commits = witness_.commits();
        out.events = witness_.history().size();
        out.lasted = schedule_.now();
        for (const auto& [party, receiver] : receivers_) {
            sometimes_.reached(Rare::notice_repeated, receiver->tally().repeated);
            sometimes_.reached(Rare::notice_retried, receiver->tally().failed);
        }
        for (const auto& one : operators_) {
            out.effects += one->played().book().journal().size();
            const auto& counts = one->counts();
            const auto lost = counts.find("answer lost");
            if (lost != counts.end())
                sometimes_.reached(Rare::answer_lost_after_effect, lost->second);
        }
        out.sometimes = sometimes_;
        out.wire = wire_.tally();
        out.store = store_tally_;
        out.calls = caller_->tally();
        out.faults = faults_;
        if (!story_.whole()) {
            out.broken = story_.findings().front();
            if (options_.told) out.story = story_.about(out.broken->about, lines_most);
        }
        return out;
    }

    const LifeOptions options_;
    SeededRandom random_;
    Schedule schedule_;
    Story story_;
    Storm storm_;
    const Duration wrong_most_;
    const StoreFaults no_faults_{};
    StoreTally store_tally_;
    FaultTally faults_;
    Sometimes sometimes_;
    Wire wire_;
    Journals journals_;
    Witness witness_;
    MemoryEngine engine_;
    Founded founded_;
    std::unique_ptr<ProcessLoop> field_;  // of operators, receivers, people and devices
    std::vector<std::unique_ptr<WireClient>> clients_;
    std::vector<std::unique_ptr<OperatorSimulator>> operators_;
    std::map<std::string, std::unique_ptr<WebhookReceiver>> receivers_;
    std::vector<std::unique_ptr<Process>> nodes_;
    std::unique_ptr<Caller> caller_;
    std::unique_ptr<Acts> acts_;
    Schedule::Place tick_{};
};

}  // namespace

Life live(const LifeOptions& options) {
    return World(options).live();
}

}  // namespace msp::simulation
