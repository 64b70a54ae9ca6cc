// How an order reaches an operator that is slow, loses answers, repeats itself and acts on its own
// (docs/protocol.md).
//
//                 send                     done                    read shows it
//   behind ───────────────► awaiting order ─────► confirmed ──────────────────────► seen active
//     ▲  ▲                    │        │ refused
//     │  │ cannot land        │ no     └────────► parked ── event, new generation, staff ──► behind
//     │  └──── in flight ◄────┘ answer
//     └─────────── drift ◄── read shows something else, unexplained
//
// Law: accepted is not done; unknown is asked about, never guessed. At most one conversation per
// subscription, and only its answer is applied. Nothing is sent while an earlier sending may still
// take effect. `in_flight` is committed before a byte leaves. Pure: time, chance and fresh
// references are arguments. models/msp_loop.pml is this file as a proof.
#pragma once

#include "domain/chain.hpp"

namespace msp {

// How an operator's reads show its own suspension beside the state that our orders set.
enum class StatusField : unsigned char {
    separate,              // two facts
    combined,              // one status: active or not, whoever caused it
    overwritten,           // one field that the last writer wins; it does tell `suspended`
    overwritten_combined,  // one field that the last writer wins and that tells active or not: no
                           // promise
};

// What a connector declares of its operator. The promise that follows is
// docs/operators/promises.md.
struct Capabilities {
    bool fences_by_generation = false;  // keeps our generation and refuses an older one
    std::optional<Duration>
        request_life;  // how long a request can still take effect; none: no bound
    bool ignores_repeated_reference =
        false;  // a second copy of a request that is done does nothing
    StatusField status_field = StatusField::separate;
    bool tells_cause = false;    // its events and reads name who suspended
    bool notifies = false;       // it reports its own changes
    bool lists_in_bulk = false;  // for the audit
    bool cuts_sessions = false;  // de-activation ends a live session, or a call of its own does
    friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

// What is done about an unexplained difference. `accept` exists for wanted active, observed
// de-active; else it asks.
enum class DriftPolicy : unsigned char { send_ours, ask, accept };

struct Pace {
    Duration answer_deadline{15'000};       // of an order or a read
    Duration completion_deadline{600'000};  // from accepted to done
    Duration poll_every{5'000};
    Duration allowed_pause{2'000};   // between commit and send; part of a request's life
    Duration assumed_life{60'000};   // taken for an operator without fence and without promise
    Duration parked_retry{300'000};  // where nothing else can wake it
    Duration backoff_least{500};
    Duration backoff_most{60'000};
    friend bool operator==(const Pace&, const Pace&) = default;
};

struct OperatorProfile {
    Capabilities can;
    Pace pace;
    DriftPolicy drift = DriftPolicy::send_ours;
    friend bool operator==(const OperatorProfile&, const OperatorProfile&) = default;
};

struct Moment {
    Time now{};
    Time started{};     // of this process: what was in flight before it is aged from here, whatever
                        // the clock says
    double chance = 0;  // [0, 1): jitter
};

struct Step {
    enum class Act : unsigned char {
        rest,         // nothing to do, no timer
        wait,         // look again at `at`
        lose_answer,  // the order's deadline passed: outcome unknown
        lose_read,
        forget_in_flight,  // no copy of it can take effect any more
        unpark,
        send,
        read,
        poll,
    };
    Act act = Act::rest;
    Time at{};
    friend bool operator==(const Step&, const Step&) = default;
};
Step next_step(const Chain&, const OperatorProfile&, const Moment&);

// Something to carry to an operator once the chain that asks for it is committed.
struct Errand {
    enum class Kind : unsigned char { order, read, poll };
    Kind kind = Kind::read;
    ChainId chain{};
    Subscription subscription;
    Iccid iccid;
    Order order = Order::activate;
    std::uint64_t generation = 0;
    OrderReference reference;
    std::uint64_t read_number = 0;
    OperatorReference operator_reference{};  // of a poll: what the operator calls the order
    Text<32> native{};                       // the operator's word for how it stood when last seen
    friend bool operator==(const Errand&, const Errand&) = default;
};

struct Advance {
    Chain after;
    std::optional<Errand> errand;
};
// Takes every step that is due. `fresh` names the sending, should there be one.
Advance advance(Chain, const OperatorProfile&, const Moment&, const OrderReference& fresh);

// What came of an order.
struct Outcome {
    enum class Kind : unsigned char {
        done,
        accepted,           // to be done later: poll or wait for the callback
        refused,            // will not be done, for `reason`
        refused_suspended,  // will not be done because the operator itself suspends
        busy,               // not begun, come again after `retry_after`
        unknown,            // no answer that tells
        not_sent,           // certainly nothing left this process
    };
    Kind kind = Kind::unknown;
    std::string reason;
    std::optional<Duration> retry_after;
    OperatorReference operator_reference{};  // of what was accepted, where the operator names it
};

// What a read showed.
struct Reading {
    NetworkState state = NetworkState::unknown;  // unknown: a word that the connector does not know
    bool suspended = false;                      // by the operator; meaningless for combined fields
    bool changing = false;  // the operator is still at it: nothing can be concluded
    std::optional<bool> session;
    Text<32> native;
    std::string cause;
};

Chain absorb_outcome(Chain, const OrderReference&, const Outcome&, const OperatorProfile&,
                     const Moment&);
Chain absorb_reading(Chain, std::uint64_t read_number, const Reading&, const OperatorProfile&,
                     const Moment&);
// No answer came to a read, or none that could be understood.
Chain absorb_lost_reading(Chain, std::uint64_t read_number, const OperatorProfile&, const Moment&);
// The operator said that something happened, or an audit saw a difference, or staff ask: read it,
// wake what is parked.
Chain absorb_hint(Chain, Time now);
// Something that was ordered there came to something, and not for us: read it. What is parked stays
// so, unless the read differs.
Chain look_again(Chain, Time now);
// A person wants it sent now, in spite of the operator's hold.
Chain insist(Chain, Time now);

// After holds or `stopped` moved from `before`: a new generation if `wanted` changed, and work that
// is due.
void follow_wanted(const Chain& before, Chain& after, Time now, const OperationId&);

}  // namespace msp
