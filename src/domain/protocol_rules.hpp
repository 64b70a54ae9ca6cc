// What the two halves of the protocol share: the steps that we take and the answers that we take
// in. Only protocol.cpp and protocol_answers.cpp include this.
#pragma once

#include "domain/protocol.hpp"

namespace msp::protocol {

bool overwrites(const OperatorProfile&);
bool hides_suspension(const OperatorProfile&);
bool behind(const Exchange&);

// The operator holds for more than a difference that was accepted.
bool suspension_stands(const Chain&);

// Nothing may be sent any more: the operator gave the subscription up, or our reclaim is through.
bool over(const Chain&);

void back_off(Exchange&, const OperatorProfile&, const Moment&);
void calm_down(Exchange&);

// Sets when to look again: the next step's time, and the end of a test.
void plan(Chain&, const OperatorProfile&, const Moment&);

}  // namespace msp::protocol
