// A mobile network operator, played: it takes orders, carries them out at once or later, and does
// things on its own. What crosses the wire is the front's (operator_simulator.hpp).
//
// Law: the same seed, the same calls at the same times of the loop, the same behaviour. Whatever
// takes effect is in the book's journal, and nothing takes effect later than it may.
// Threads: the loop's only; loop and sink outlive it.
#pragma once

#include "cast/operator_book.hpp"
#include "world/loop.hpp"
#include "world/random.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

// What it reports to its customer.
struct OperatorReport {
    std::string id;
    std::string_view type;  // order.done, order.refused, subscription.suspended …
    std::string subscription;
    std::string imsi;
    std::optional<BookedOrder> order;
    std::uint64_t change = 0;
    std::string cause;
    Time at{};
};

class SimulatedOperator {
public:
    using Sink = std::function<void(const OperatorReport&)>;

    SimulatedOperator(Loop&, std::uint64_t seed, const OperatorKnobs&);
    ~SimulatedOperator();
    SimulatedOperator(const SimulatedOperator&) = delete;
    SimulatedOperator& operator=(const SimulatedOperator&) = delete;

    void report_to(Sink sink) { sink_ = std::move(sink); }

    // An order arrived that may take effect until `latest`. Done and refused are final; what is
    // accepted is done later, and reported.
    BookedOrder take(BookedOrder, Time latest);
    // A change is under way, or its lock is still held.
    bool locked(const SimulatedSubscription&) const;
    // As `take`, of an operator that answers an order only when it is done or refused.
    BookedOrder take_at_once(BookedOrder);
    // As a read shows it, which may be how it was; nothing: there is no such subscription.
    std::optional<SimulatedSubscription> shown(std::string_view reference);
    // A read shows a word that nobody knows.
    bool odd_word();
    bool act(std::string_view reference_or_imsi, OperatorBook::Deed, const std::string& cause);

    // The database as it is now, to be brought back later. False: nothing was kept.
    void snapshot() { old_ = std::make_unique<OperatorBook>(book_); }
    bool restore();

    OperatorBook& book() { return book_; }
    OperatorKnobs& knobs() { return knobs_; }
    Random& random() { return random_; }
    // What came and what went wrong so far, for whoever directs the play.
    std::map<std::string, std::uint64_t>& counts() { return counts_; }
    const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

    // Log-normal with this median and 99th percentile.
    Duration drawn(Duration median, Duration p99);

private:
    BookedOrder executed(const BookedOrder&, bool refuses);
    void complete(const BookedOrder&, std::uint64_t epoch);
    void report(const SimulatedSubscription&, std::string_view type,
                const std::optional<BookedOrder>&);
    void live_a_second();
    void act_at_random(double per_hour, OperatorBook::Deed);

    Loop& loop_;
    SeededRandom random_;
    OperatorKnobs knobs_;
    OperatorBook book_;
    std::unique_ptr<OperatorBook> old_;
    std::map<std::string, std::uint64_t> counts_;
    Sink sink_;
    std::uint64_t reports_ = 0;
    std::uint64_t epoch_ = 0;  // raised when an old database comes back
    Loop::TimerId second_ = 0;
    std::shared_ptr<SimulatedOperator*> self_;  // null in turns that come too late
};

}  // namespace msp
