// A chain: one card with all that has joined it. Its network subscription, then a device, then an
// equipment.
//
//      card (ICCID) ── network subscription (IMSI at one operator)
//        │
//      device ── M2M service          held by customer, M2M SP, operator
//        │
//      equipment ── equipment service wished by its equipment provider
//
// Law: nobody writes a status. What parties move stands here (holds, wish, stopped), and what the
// operator showed (`observed`, `exchange`); every status is read off these by status.hpp.
// Values; compared by value; no threads.
#pragma once

#include "domain/hold.hpp"
#include "domain/identity.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace msp {

enum class ChainId : std::uint64_t {};

using OperationId =
    Text<32>;  // ties a command, its order, its confirmation and its notice together
using SubscriptionReference =
    Text<64>;                     // what the operator calls the subscription; never the bare IMSI
using OrderReference = Text<40>;  // names one sending of one order, never used twice
using OperatorReference = Text<64>;  // what the operator calls an order that it accepted

enum class Order : unsigned char { activate, de_activate, reclaim };
enum class NetworkState : unsigned char { unknown, de_active, active, reclaimed };

struct Card {
    Iccid iccid;
    std::optional<Eid> eid;
    BatchId batch;
    friend bool operator==(const Card&, const Card&) = default;
};

struct Subscription {
    OperatorId at;
    Imsi imsi;
    SubscriptionReference reference;
    std::optional<Msisdn> msisdn;
    std::optional<Mdn> mdn;
    friend bool operator==(const Subscription&, const Subscription&) = default;
};

struct Device {
    DeviceId id;
    std::optional<Imei> imei;
    Time since{};
    friend bool operator==(const Device&, const Device&) = default;
};

// The equipment provider's wish for its equipment service.
enum class Wish : unsigned char { de_active, active, stopped, replaced };

struct Equipment {
    EquipmentId id;
    PartyId provider;
    Wish wish = Wish::de_active;
    Time since{};
    bool was_active = false;        // its service was active at least once under this binding
    std::optional<Time> ended;      // a later device of the same equipment took over
    std::optional<ChainId> before;  // the chain whose device this one's replaced
    friend bool operator==(const Equipment&, const Equipment&) = default;
};

// One order that was sent, or may have been, and may still take effect.
struct InFlight {
    Order order = Order::activate;
    std::uint64_t generation = 0;
    OrderReference reference;
    Time since{};
    bool answered = false;  // done or refused: what is left is that a second copy lands
    bool done = false;
    std::optional<Time> next_poll;           // accepted, not done: when to ask
    OperatorReference operator_reference{};  // empty: it gave none
    friend bool operator==(const InFlight&, const InFlight&) = default;
};

// What we wait for: there is one conversation with the operator per subscription.
enum class Awaiting : unsigned char { nothing, order, read };

// Cannot go on by itself; wakes on a new generation, an operator event, a read that differs, staff,
// or `until`.
struct Parked {
    std::string reason;  // the operator's own words, or ours for drift
    Time since{};
    std::optional<Time> until;
    bool asks = false;  // a person decides about drift; a hint or a read sends nothing
    friend bool operator==(const Parked&, const Parked&) = default;
};

// Our side of the protocol with the operator; see protocol.hpp.
struct Exchange {
    std::uint64_t generation = 0;  // grows by one exactly when `wanted` changes
    std::uint64_t confirmed = 0;   // the newest generation known to be carried out
    Time behind_since{};           // when wanted and confirmed last came apart
    std::optional<InFlight> in_flight;
    Awaiting awaiting = Awaiting::nothing;
    Time deadline{};                    // of what is awaited
    std::uint64_t read_number = 0;      // names the newest read
    std::uint64_t read_generation = 0;  // the generation that read was issued under
    bool read_due = false;
    bool drift = false;  // the operator showed something else than was confirmed, unexplained
    bool seen = false;   // a read issued after `done` showed active for what we want now
    bool clear_to_send =
        false;              // overwritten field: a read since the last order showed no suspension
    bool insisted = false;  // a person wants it sent in spite of the operator's hold
    std::optional<Parked> parked;
    std::uint32_t attempts = 0;
    Time not_before{};        // backoff: neither order nor read before this
    std::optional<Time> due;  // when to look again; absent exactly while there is nothing to do
    OperationId operation;    // what the newest generation belongs to
    friend bool operator==(const Exchange&, const Exchange&) = default;
};

enum class ObservedBy : unsigned char { declared, confirmation, read, event };

struct Observed {
    NetworkState state = NetworkState::unknown;
    std::optional<bool> session;  // detached or not is a fact of its own, where the operator tells
    Text<32> native;              // the operator's own word
    Time at{};
    ObservedBy by = ObservedBy::declared;
    friend bool operator==(const Observed&, const Observed&) = default;
};

// ETags: each moves only with what it names.
struct Revisions {
    std::uint32_t customer_hold = 1;
    std::uint32_t m2m_sp_hold = 1;
    std::uint32_t wish = 1;
    friend bool operator==(const Revisions&, const Revisions&) = default;
};

struct Chain {
    ChainId id{};
    Card card;
    Subscription subscription;
    PartyId
        holder;  // has the card in custody: the M2M SP, then the device provider it was issued to
    PartyId customer;  // uses the M2M service; the customer hold is this party's
    std::optional<Device> device;
    std::optional<Equipment> equipment;
    Holds holds;
    bool stopped = false;
    bool lost = false;          // the operator terminated the subscription without being asked
    bool withdrawn = false;     // registered by mistake and taken back unused: it is nobody's
    std::optional<Time> until;  // the customer hold comes back then: the end of a test
    Observed observed;
    Exchange exchange;
    Revisions revisions;
    std::uint64_t sequence = 0;  // events so far
    friend bool operator==(const Chain&, const Chain&) = default;
};

}  // namespace msp
