// What a simulated operator knows: its subscriptions, the orders it was given, and a journal of all
// that really took effect.
//
// Law: the journal is append-only and complete: how a subscription stands is what its journal says,
// and a book that takes up the journal of another stands as that did, but for orders that were not
// done. No time passes in here; a value; one thread at a time.
#pragma once

#include "cast/operator_knobs.hpp"
#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

struct BookedOrder {
    enum class What : unsigned char { activate, de_activate, reclaim };
    enum class Status : unsigned char { accepted, done, refused };
    std::string subscription;
    std::string reference;
    What what = What::activate;
    std::uint64_t generation = 0;
    Status status = Status::accepted;
    std::string code{};  // of a refusal
    std::string reason{};
};

struct SimulatedSubscription {
    enum class State : unsigned char { de_active, active, terminated };
    std::string reference;
    std::string imsi;
    State state = State::de_active;
    bool suspended = false;
    std::string cause{};
    bool session = false;
    std::uint64_t generation = 0;  // the newest that arrived; kept by a fencing operator only
    std::uint64_t change = 0;
    Time changed{};                    // the last time that one of these moved
    std::deque<BookedOrder> orders{};  // the newest last, so many of them

    bool in_service() const { return state == State::active && !suspended; }
    bool pending() const;  // an accepted order is still to be done
};

// One thing that took effect.
struct JournalEntry {
    std::uint64_t number = 0;
    Time at{};
    std::string subscription;
    std::string what;  // activated, de-activated, reclaimed, suspended, resumed, terminated,
                       // changed, restored
    std::string order_reference;  // empty: the operator's own doing
    std::uint64_t generation = 0;
    SimulatedSubscription::State state = SimulatedSubscription::State::de_active;
    bool suspended = false;  // these two: after it
    friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

class OperatorBook {
public:
    void add(std::string reference, std::string imsi);
    void forget(std::string_view reference);  // as if it had never been
    SimulatedSubscription* find(std::string_view reference_or_imsi);
    // As it stood then: from a cache, or a copy of the database that lags behind.
    SimulatedSubscription as_of(SimulatedSubscription, Time) const;
    const std::map<std::string, SimulatedSubscription>& subscriptions() const { return all_; }
    const std::vector<JournalEntry>& journal() const { return journal_; }
    // Told of each entry as it is made, before anybody else can know.
    void tell(std::function<void(const JournalEntry&)> told) { told_ = std::move(told); }
    // An entry of a journal that was kept elsewhere. One that cannot be the next of this one is a
    // Failure, and changes nothing.
    Result<Done, Failure> take_up(const JournalEntry&);

    // An order arrived: booked, or answered at once. `fresh` tells whether it is to be executed.
    struct Booked {
        BookedOrder order;
        bool fresh = false;
    };
    Booked book(BookedOrder, const OperatorKnobs&);
    // It takes effect now, or is refused now. `refuses` decides where the kind leaves it open. The
    // first outcome of an order is the one that is kept.
    BookedOrder execute(const BookedOrder&, const OperatorKnobs&, bool refuses, Time now);

    // It was accepted and comes to nothing.
    BookedOrder fail(const BookedOrder&, std::string code);

    // The operator's own doing; false: it makes no sense for this subscription now.
    enum class Deed : unsigned char { suspend, resume, terminate, change, detach };
    bool act(SimulatedSubscription&, Deed, std::string cause, const OperatorKnobs&, Time now);

    // An old database comes back, and with it the states of old; the journal tells. What was
    // accepted and not done is forgotten.
    void restore(const OperatorBook& old, Time now);

private:
    void enter(SimulatedSubscription&, std::string_view what, Time now,
               const BookedOrder* order = nullptr);
    void keep(const BookedOrder&);

    std::map<std::string, SimulatedSubscription> all_;
    std::map<std::string, std::string, std::less<>> by_imsi_;
    std::vector<JournalEntry> journal_;
    std::function<void(const JournalEntry&)> told_;
};

std::string_view word(SimulatedSubscription::State);
std::string_view word(BookedOrder::What);
std::string_view word(BookedOrder::Status);
std::string_view word(OperatorBook::Deed);

// How an operator of this kind writes the state: "inactive" where it has two words only.
std::string_view state_word(const SimulatedSubscription&, OperatorKind);

}  // namespace msp
