// Whether what an operator shows of a subscription is what we have on record. Pure functions.
#pragma once

#include "operators/operator_link.hpp"
#include "store/archive.hpp"

namespace msp {

enum class Compared : unsigned char {
    same,
    differs,
    pending,  // something is under way there, or we heard of it since: nothing to compare
    unread,   // in words that are not understood
    unknown,  // not ours, or not any more
};

// Something is being said or waited for, or a person was asked.
bool under_way(const Chain&);

// `asked`: when the operator was asked; what we know from later is not compared.
Compared compare(const Chain&, const Reading&, StatusField, Time asked);

// The chain that the operator's reference leads to, live or not; by the IMSI alone, which is given
// out again, the live one.
std::optional<Chain> find_subscription(Archive&, const OperatorId&, const ListEntry&);

}  // namespace msp
