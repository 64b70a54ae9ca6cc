// Holds: each party's wish that a service be down, with its reasons.
//
// Law: a hold is the set of its reasons and nothing else: it holds while there is one. Putting or
// lifting one reason never touches another, and nobody can reach a reason of another holder without
// naming that holder. Values; no threads.
#pragma once

#include "domain/identity.hpp"
#include "domain/time.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

enum class Holder : unsigned char { customer, m2m_sp, network_operator };
inline constexpr Holder every_holder[] = {Holder::customer, Holder::m2m_sp,
                                          Holder::network_operator};

using ReasonCode = Text<32>;
using Principal = Text<64>;  // who exactly: a key's name, a device, an operator's event source

// Who did it, and for whom if not for themselves.
struct Actor {
    PartyId party;
    Principal principal;
    std::optional<PartyId> on_behalf_of;
    friend bool operator==(const Actor&, const Actor&) = default;
};

struct Reason {
    Holder holder = Holder::customer;
    ReasonCode code;
    std::string text;  // free words of whoever put it
    Actor by;
    Time since{};
    bool follows_equipment = false;  // survives a replacement: copied to the next device's chain
    friend bool operator==(const Reason&, const Reason&) = default;
};

class Holds {
public:
    bool holds(Holder) const;
    bool any() const { return !reasons_.empty(); }
    const Reason* find(Holder, std::string_view code) const;
    std::span<const Reason> reasons() const { return reasons_; }  // by holder, then by code

    // A reason that stands already keeps its `since`. Answers whether anything changed.
    bool put(Reason);
    bool lift(Holder, std::string_view code);
    bool lift_all(Holder);

    friend bool operator==(const Holds&, const Holds&) = default;

private:
    std::vector<Reason> reasons_;
};

// The catalogue: every code there is, whose hold it belongs to, what it says and what lifts it.
struct CatalogueEntry {
    Holder holder;
    std::string_view code;
    std::string_view says;       // completes "it is held because …"
    std::string_view lifted_by;  // completes "it is lifted by …"
    bool by_platform;            // put by the platform's own rules, not by a person
};
std::span<const CatalogueEntry> hold_catalogue();
const CatalogueEntry* in_catalogue(Holder, std::string_view code);

std::string_view word(Holder);  // customer, m2m-sp, operator

}  // namespace msp
