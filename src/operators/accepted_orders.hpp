// Which chain an accepted order belongs to, by what the operator calls it: a report may name
// nothing else.
//
// Law: follows from the chains as commits left them, and forgets an order with its answer. After a
// start it knows an order once its chain was looked at again, which its next poll does.
// A value; no threads.
#pragma once

#include "domain/chain.hpp"

#include <unordered_map>

namespace msp {

class AcceptedOrders {
public:
    void note(const Chain& chain) {
        const auto& sent = chain.exchange.in_flight;
        const bool open = sent && !sent->answered && !sent->operator_reference.empty();
        const auto known = names_.find(chain.id);
        if (known != names_.end()) {
            if (open && known->second == sent->operator_reference) return;
            chains_.erase(known->second);
            names_.erase(known);
        }
        if (!open) return;
        chains_[sent->operator_reference] = chain.id;
        names_[chain.id] = sent->operator_reference;
    }

    // ChainId{}: none that is known.
    ChainId find(const OperatorReference& reference) const {
        const auto found = chains_.find(reference);
        return found == chains_.end() ? ChainId{} : found->second;
    }

    std::size_t size() const { return chains_.size(); }

private:
    std::unordered_map<OperatorReference, ChainId> chains_;
    std::unordered_map<ChainId, OperatorReference> names_;
};

}  // namespace msp
