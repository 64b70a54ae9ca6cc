// A change of one chain in the making, as every flow writes it: look, move what your party may
// move, finish.
//
// Law: finish() is the only way a chain gets into a decision. It raises the generation exactly when
// `wanted` moved, the revisions exactly when their holds or wish moved, and appends the events that
// the difference tells.
#pragma once

#include "domain/decision.hpp"
#include "domain/party.hpp"

namespace msp {

// The party sees the chain: it uses its service, or is the M2M SP. What it does not see is absent
// to it.
bool sees(const PartyId&, const Chain&);

// The chain, if there is one that this party sees and nobody withdrew; else null.
const Chain* within_reach(const Chain*, const PartyId&);

class Draft {
public:
    Draft(const Chain& before, Origin origin)
        : before_(before), after_(before), origin_(std::move(origin)) {}

    const Chain& before() const { return before_; }
    Chain& chain() { return after_; }
    const Origin& origin() const { return origin_; }

    void tell(Telling telling) { also_.push_back(std::move(telling)); }

    // Replaces all reasons of the customer hold by this one, which keeps its `since` if it stood
    // for this customer already.
    void hold_for_customer(const ReasonCode&);
    void lift_for_customer();

    // Appends the chain as it is now to the answer, and to what is written if it differs or tells
    // something.
    void finish(Decision&);

private:
    Reason reason(Holder, const ReasonCode&) const;

    Chain before_;
    Chain after_;
    Origin origin_;
    std::vector<Telling> also_;
};

}  // namespace msp
