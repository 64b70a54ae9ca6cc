// An operator for stories: a network of subscriptions, and how it answers the next orders.
#pragma once

#include "domain/protocol.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace msp {

class ScriptedOperator {
public:
    enum class Answers : unsigned char {
        at_once,      // done
        later,        // accepted; done when finish() is called
        refuses,      // for the reason "not today"
        is_silent,    // done, but the answer is lost
        is_deaf,      // not done, and no answer either
        unreachable,  // nothing left us
        busy,
        holds_back,  // no answer yet: the order is in flight until release()
    };
    struct Subscription {
        NetworkState state = NetworkState::de_active;
        bool suspended = false;
        std::uint64_t generation = 0;  // of the newest order carried out
    };

    Answers answers = Answers::at_once;
    bool fences = true;     // refuses an order older than one that it carried out
    bool combined = false;  // tells active or not, whoever caused it
    std::vector<Errand> orders;
    std::map<SubscriptionReference, Subscription> network;
    std::map<SubscriptionReference, Errand> held;      // answers come with release()
    std::map<SubscriptionReference, Errand> accepted;  // carried out with finish()

    std::optional<Outcome> take(const Errand&);  // nothing: held back
    std::optional<Outcome> poll(const Errand&) const;
    Reading read(const SubscriptionReference&) const;
    void carry_out(const Errand&);
};

}  // namespace msp
