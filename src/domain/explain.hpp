// Why a service is down, who holds it, since when, and who may lift it: in data and in one
// sentence.
//
// Pure functions; the sentence holds no identifier of a subscriber.
#pragma once

#include "domain/status.hpp"

#include <optional>
#include <string>
#include <vector>

namespace msp {

enum class Layer : unsigned char { network, m2m, equipment };
std::string_view word(Layer);

// One thing that keeps a layer down.
struct Held {
    Layer layer = Layer::m2m;
    std::string party;  // customer's, M2M SP's or operator's name
    std::string_view
        holder;  // customer, m2m-sp, operator, equipment-provider, or "nobody": in progress
    std::string code;
    std::string says;  // completes "because …"
    std::string text;  // free words
    Time since{};
    std::string lifted_by;              // completes "lifted by …"
    std::vector<std::string> may_lift;  // party names
    friend bool operator==(const Held&, const Held&) = default;
};

// From the cause outwards: the network's and the card's holds first, then the equipment wish.
std::vector<Held> held_by(const Chain&);

// "Its M2M service is de-active: held by the M2M SP (unpaid) since 2026-03-02T09:14Z and by …; …"
std::string sentence(const Chain&);
// The same for who has asked already. Requires: held is held_by(chain).
std::string sentence(const Chain&, const std::vector<Held>& held);

// The order that would follow from a change: another is wanted, or the one that stands is to be
// sent again.
std::optional<Order> order_foreseen(const Chain& before, const Chain& after);

// What a change would do, from how the chain stands before and after: "One hold remains (…); it
// stays de-active; no order is sent."
std::string preview_sentence(const Chain& before, const Chain& after);

}  // namespace msp
