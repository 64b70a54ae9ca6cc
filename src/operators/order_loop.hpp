// Carries one operator's due work: takes what is due, has the step committed, says it to the
// operator, and has committed what came back.
//
//   due ─► TakeStep committed ─► errand ─► OperatorLink ─► TakeOutcome, TakeReading committed ─┐
//    ▲                              ▲                                                          │
//    │ later                        └────────── the next errand, if there is leave to talk ────┤
//    └─────────────────────────────────────────────────────────────────────────────────────────┘
//
// Law: an errand is carried only after its commit, once, and only within the allowed pause by the
// monotonic clock; rate, concurrency, breaker and pause bound what is begun, never what is taken
// in. What is due is known from the list at start and from commits: nothing is ever searched for.
// The end of a test waits for no operator.
// Nothing here has to survive: whatever is lost with the process comes back with the due list and
// the deadlines in the chains.
// Threads: the loop's only. Held by a shared_ptr; answers that come after its end are dropped.
#pragma once

#include "domain/failure.hpp"
#include "operators/accepted_orders.hpp"
#include "operators/breaker.hpp"
#include "operators/due_work.hpp"
#include "operators/health.hpp"
#include "operators/operator_link.hpp"
#include "operators/operator_metrics.hpp"
#include "operators/operator_settings.hpp"
#include "operators/operator_world.hpp"
#include "provisioning/hear_operator.hpp"
#include "world/send_rate.hpp"

#include <memory>
#include <string>
#include <unordered_map>

namespace msp {

class OrderLoop : public std::enable_shared_from_this<OrderLoop> {
public:
    OrderLoop(const OperatorWorld&, OperatorSettings, std::shared_ptr<OperatorLink>);
    ~OrderLoop();
    OrderLoop(const OrderLoop&) = delete;
    OrderLoop& operator=(const OrderLoop&) = delete;

    // What is under way goes on as it began.
    void adjust(OperatorSettings, std::shared_ptr<OperatorLink>);

    void note(const Chain&);          // as a commit left it
    void note_due(ChainId, Time at);  // from the list at start
    void note_heard(std::string_view what) { figures_.note_heard(what); }

    // The operator called back about an order: kept, and taken in if it is what is awaited.
    void hear(HearAnswer, Store::Done);

    // Others may talk to this operator too: it is neither paused nor in trouble.
    bool at_ease() const;
    OperatorHealth health() const;

private:
    // One conversation about one chain, over as many errands as follow from each other.
    struct Talk {
        ChainId chain{};
        Urgency urgency = Urgency::urgent;
        bool place = false;  // counts among the conversations
        bool leave = false;  // holds a place in the rate
        Monotonic begun{};   // when the newest step was handed in
        std::optional<Errand> errand;
        Time sent_at{};
        Monotonic sent{};
        bool awaited = true;  // the chain still waits for the errand's answer
        bool open = true;     // the order may still be without any answer

        void follow(const Exchange&);
    };
    using TalkPointer = std::shared_ptr<Talk>;
    using MakeCommand = std::function<Command(Talk&)>;

    Loop& loop() const { return world_.loop; }
    Urgency urgency_of(const Chain&) const;
    std::optional<Monotonic> leave(unsigned others) const;
    bool may_talk(unsigned others) const;

    void wake();
    void pump();
    void arm();

    TalkContext context(Talk&);
    void begin(const DueWork::Taken&);
    void look_at_test_end(ChainId);
    void take(const TalkPointer&, MakeCommand, unsigned tries);
    void taken(const TalkPointer&, const Result<Answer, Failure>&);
    void carry(const TalkPointer&, const Errand&);
    void carry_too_late(const TalkPointer&, const Errand&);
    void answered(const TalkPointer&, const Outcome&);
    void read(const TalkPointer&, const Result<Reading, Failure>&);
    void take_outcome(const TalkPointer&, const Outcome&);
    void take_reading(const TalkPointer&, const std::optional<Reading>&);
    void judge(bool failed, bool answered);
    void note_exchange(const Talk&, std::string_view kind, std::string outcome);
    void let_go(Talk&);
    void end(const TalkPointer&);

    OperatorWorld world_;
    OperatorSettings settings_;
    std::shared_ptr<OperatorLink> link_;
    OperatorMetrics metrics_;
    DueWork due_;
    SendRate rate_;
    Breaker breaker_;
    Figures figures_;
    std::unordered_map<ChainId, TalkPointer> talks_;  // whose errand is with the operator
    AcceptedOrders accepted_;
    unsigned conversations_ = 0;
    unsigned looks_ = 0;
    bool awake_ = false;
    std::optional<Loop::TimerId> timer_;
};

}  // namespace msp
