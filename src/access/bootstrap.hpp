// The first step on an empty store: the M2M SP becomes a party, and its staff get a first key.
//
// Law: it is taken once. Whoever begins it writes the token away before the command is submitted:
// what is lost then can be begun anew, and a token that was written but never became true opens
// nothing. Values and pure functions.
#pragma once

#include "access/keys.hpp"
#include "access/parties.hpp"

#include <string>
#include <vector>

namespace msp {

class Random;

struct Bootstrap {
    Party party;
    Key key;
    Origin origin;
};
// Refuses: party_exists.
std::vector<Name> names(const Bootstrap&);
Decision decide(const View&, const Bootstrap&);

struct FirstStaff {
    Bootstrap command;
    std::string token;
};
FirstStaff first_staff(Random&, Time now);

// The records of parties and keys as they stand at start: read on the reader's thread, learnt on
// the loop.
class Archive;
struct KnownAccess {
    std::vector<Party> parties;
    std::vector<Key> keys;
};
Result<KnownAccess, Failure> load_access(Archive&);
void learn(const KnownAccess&, Parties&, Keys&);

}  // namespace msp
