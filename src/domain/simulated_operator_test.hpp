// A mobile network operator as the protocol may meet it, with the truth beside what it shows.
//
// Law: it does what its capabilities say and nothing better: it applies whatever lands unless a
// rule of its own refuses it, shows its suspension as its status field does, and acts on its own.
// `offence` says what should never have reached it. A value; no threads.
#pragma once

#include "domain/protocol.hpp"

#include <map>
#include <set>
#include <string>

namespace msp::sample {

// What an operator is like beyond what its connector declares.
struct Nature {
    bool refuses_under_suspension = true;  // activation too; a reclaim always
    bool accepts_first = false;            // and does it later
};

struct Request {
    Order order = Order::activate;
    std::uint64_t generation = 0;
    OrderReference reference;
    Time expires{};
    bool accepted = false;
};

// What a read showed, and how it was at that instant.
struct Look {
    Reading reading;
    std::uint64_t version = 0;
    bool active = false;
    bool suspended = false;
    bool own_change = false;
};

struct Verdict {
    Outcome outcome;
    std::uint64_t version = 0;
    bool suspended = false;
};

class SimulatedOperator {
public:
    SimulatedOperator(const Capabilities&, Nature);

    Verdict take(const Request&, bool insisted);
    Verdict poll(const OrderReference&) const;
    Look look() const;

    // Its own doing. `race`: something of ours is under way that began before the suspension.
    void suspend(bool race);
    void resume();
    void change_our_state();
    void terminate();

    NetworkState state = NetworkState::de_active;
    bool suspended = false;
    bool own_change = false;  // of our state, since the last order took effect
    bool terminated = false;
    bool moody = false;         // refuses orders for a reason of its own
    std::uint64_t version = 0;  // of its own doings
    std::set<OrderReference> executed;
    std::string offence;
    bool undone_in_a_race = false;

    // A suspension that a read could have shown is no race any more.
    void a_read_could_show_it() { race_ = false; }
    bool overwritten() const;

private:
    bool refuses(Order) const;
    Verdict answer(const Request&, Outcome::Kind, std::string reason);
    void carry_out(const Request&, bool insisted);
    void overwrite(Order, bool insisted);

    Capabilities can_;
    Nature nature_;
    std::uint64_t newest_ = 0;  // generation, where it fences
    bool reclaimed_by_us_ = false;
    bool suspension_stands_ = false;  // of an overwritten field: until an order undid it knowingly
    bool race_ = false;
    std::map<OrderReference, Verdict> answers_;
};

}  // namespace msp::sample
