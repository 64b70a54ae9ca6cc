// What must hold once no fault has happened for a while (laws 4, 8 and 10).
//
// Everything pending is settled or waits visibly; what we say of the network is so at the operator;
// every receiver has every notice, in order, without a gap; and the store holds what the witness
// saw. Threads: one. All it looks at outlives it.
#pragma once

#include "cast/operator_book.hpp"
#include "cast/webhook_receiver.hpp"
#include "simulation/story.hpp"
#include "simulation/witness.hpp"
#include "store/memory/memory_engine.hpp"

#include <map>
#include <string>

namespace msp::simulation {

class Verdict {
public:
    Verdict(Story& story, Witness& witness, const MemoryEngine& engine, Time now)
        : story_(story), witness_(witness), engine_(engine), now_(now) {}

    void add(const OperatorId& id, OperatorBook& book) { books_[id] = &book; }
    void add(const std::string& party, const WebhookReceiver& receiver) {
        receivers_[party] = &receiver;
    }

    // Whether it is worth to wait no longer.
    bool settled() const;
    bool delivered() const;

    void check_chains() const;
    void check_notices() const;

private:
    void check(const Chain&) const;
    void check_network(const Chain&, const SimulatedSubscription&) const;
    bool is_so(const Chain&, const SimulatedSubscription&) const;
    void check(const std::string& party, const WebhookReceiver&) const;

    Story& story_;
    Witness& witness_;
    const MemoryEngine& engine_;
    const Time now_;
    std::map<OperatorId, OperatorBook*> books_;
    std::map<std::string, const WebhookReceiver*> receivers_;
};

}  // namespace msp::simulation
