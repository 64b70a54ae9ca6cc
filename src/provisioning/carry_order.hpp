// Our side of the conversation with an operator, one commit at a time: what is due is begun, what
// comes back is taken in.
//
// Law: an errand leaves the process only after the decision that holds it is committed.
#pragma once

#include "provisioning/flow.hpp"

namespace msp {

struct TalkContext {
    ChainId chain{};
    OperatorProfile profile;
    Moment moment;
    OrderReference fresh;  // names the sending, should there be one
    bool may_talk = true;  // false: take answers in, begin nothing (paused, limits reached)
};

// A chain's time has come: the end of a test, a deadline, an order, a read. Answer::errands holds
// what to carry out.
struct TakeStep {
    TalkContext talk;
};
std::vector<Name> names(const TakeStep&);
Decision decide(const View&, const TakeStep&);

struct TakeOutcome {
    TalkContext talk;
    OrderReference reference;
    Outcome outcome;
};
std::vector<Name> names(const TakeOutcome&);
Decision decide(const View&, const TakeOutcome&);

struct TakeReading {
    TalkContext talk;
    std::uint64_t read_number = 0;
    std::optional<Reading> reading;  // nothing: no answer, or none that could be understood
};
std::vector<Name> names(const TakeReading&);
Decision decide(const View&, const TakeReading&);

}  // namespace msp
