// What a reader may see of a chain: one rule, for events, answers and screens.
//
//                              card identity                      equipment
//   the M2M SP                 yes                                yes
//   the holder of the card     yes                                no
//   the equipment provider     no: four digits of the ICCID       its own
//   any other party            no                                 no
//
// Card identity is ICCID, EID, IMSI, MSISDN and MDN. A party that is both, an equipment provider
// that builds its own devices, sees what either sees. Where no equipment is bound, the customer is
// taken for the equipment provider: the event of an unbinding is about its equipment.
// Pure functions; no threads.
#pragma once

#include "domain/chain.hpp"

#include <string>
#include <string_view>

namespace msp {

struct Sight {
    bool card_identity = false;
    bool equipment = false;
    friend bool operator==(Sight, Sight) = default;
};

Sight sight_of(const PartyId& reader, const Chain&);

// The chain as it may be explained to such a reader: without an equipment that is not to be seen,
// and without a subscriber's identifier in the words of others (reasons, an operator's answers).
// `card` and `subscription` are left as they are: who writes them out asks the Sight first.
Chain as_seen(Chain, Sight);

// What is shown of a card to a reader without card identity.
std::string_view last_four(const Iccid&);

// Somebody's free words with an ellipsis for every number that may be a subscriber's: six digits or
// more in a row, and whatever ends as an identifier of this chain does, however it is spaced.
std::string without_identifiers(std::string_view words, const Chain&);

}  // namespace msp
