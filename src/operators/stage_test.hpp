// For tests: operators played on a stage where time is moved by hand. The platform's half is real
// from the order loop to the wire: store in memory, REST links, JSON; only sockets are left out.
#pragma once

#include "cast/direct_streams.hpp"
#include "cast/operator_simulator.hpp"
#include "operators/connectors.hpp"
#include "operators/operators.hpp"
#include "provisioning/switch_m2m_service.hpp"
#include "store/flow_command.hpp"
#include "store/memory/memory_store.hpp"
#include "world/log.hpp"
#include "world/manual_loop.hpp"
#include "world/metrics.hpp"
#include "world/random.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace msp::sample {

OperatorId operator_id(std::string_view text);
inline const OperatorId east = OperatorId::parse("east").value();
Origin staff_at(Time);
Iccid iccid_of(const OperatorId&, unsigned number);

// A profile with short times, as its simulator keeps them, and the settings around it.
OperatorSettings settings_of(const OperatorId&, std::string_view kind);
OperatorKnobs knobs_of(std::string_view kind);

class Stage {
public:
    Stage();

    // An operator with so many cards, registered here and known there.
    OperatorSimulator& add(const OperatorSettings&, const OperatorKnobs&, unsigned cards);
    // The platform's half begins; whatever it had in memory before is gone.
    void start();
    void stop();

    template <class Flow>
    Result<Answer, Failure> decide(Flow flow) {
        return submit(flow_command(std::move(flow)));
    }
    void keep(const Record&);
    void change(const OperatorSettings& one) { keep({settings_name(one.id), encode(one)}); }
    void switch_card(const OperatorId&, unsigned number, ServiceWish,
                     std::optional<Time> until = {});

    Chain chain(const OperatorId&, unsigned number);
    std::vector<Chain> chains();
    SimulatedSubscription& subscription(const OperatorId&, unsigned number);
    OperatorHealth health(const OperatorId& id) const { return *operators->health(id); }

    void run_for(Duration span) { loop.run_for(span); }

    ManualLoop loop;
    std::shared_ptr<MemoryEngine> engine = std::make_shared<MemoryEngine>();
    DirectHttp http{loop};
    DirectStreams streams{loop};
    SeededRandom random{1};
    std::unique_ptr<Metrics> metrics = make_metrics();
    QuietLog log;
    std::map<OperatorId, std::unique_ptr<OperatorSimulator>> simulators;
    std::function<void(const Commit&)> watch;  // every commit, before anybody acts on it

    MemoryStore memory;
    std::unique_ptr<Operators> operators;

private:
    Result<Answer, Failure> submit(Command);
    void open();

    std::map<OperatorId, unsigned> cards_;
};

}  // namespace msp::sample
