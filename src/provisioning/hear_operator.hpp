// Scenario 6: the operator tells that it suspended, resumed or terminated a subscription, or that
// an order is done.
//
// The event is stored first, so that it may be answered. It is a hint: it makes the subscription be
// read by its reference, and it is the read that moves the operator's hold. An event that names
// only an IMSI never does.
#pragma once

#include "provisioning/carry_order.hpp"
#include "provisioning/flow.hpp"

namespace msp {

struct HearOperator {
    OperatorId from;
    std::string event_id;             // the operator's; the same again is answered and does nothing
    SubscriptionReference reference;  // empty where the operator names only the IMSI
    std::optional<Imsi> imsi;
    std::string body;  // as received
    Origin origin;
};
// Answer::text: "heard", "heard before", "unknown subscription", "reclaimed subscription".
std::vector<Name> names(const HearOperator&);
Decision decide(const View&, const HearOperator&);

// An operator that accepted an order reports its outcome. It is stored like any other report, and
// is the answer to that one sending; an order that has its answer is not answered again, so a
// report that comes late wakes nothing. It is named by our reference or, where that is empty, by
// the operator's. One that is not in flight and names a subscription of ours tells of what somebody
// else ordered, or of an old order: it makes us read, and wakes nothing either.
struct HearAnswer {
    HearOperator heard;
    OrderReference reference;
    Outcome outcome;
    TalkContext talk;  // its chain is that of what was heard; where nothing was, the one given here
    OperatorReference operator_reference{};
};
// Answer::text: as for HearOperator, and "answered before".
std::vector<Name> names(const HearAnswer&);
Decision decide(const View&, const HearAnswer&);

// Ask the operator now: a person wants to know, or an audit saw a difference.
struct AskOperator {
    Name name;            // a chain, an ICCID, a device or an equipment
    bool insist = false;  // send the order again, in spite of the operator's hold
    Origin origin;
};
// Refuses: no_such_card, no_such_device, no_such_equipment; m2m_sp_only and nothing_to_retry to
// insist.
std::vector<Name> names(const AskOperator&);
Decision decide(const View&, const AskOperator&);

}  // namespace msp
