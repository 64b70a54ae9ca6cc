// One operator as the platform talks to it: a window that each kind of operator interface fills in
// once.
//
// Law: an answer is what the operator said, never a guess. What cannot be understood is `unknown`,
// or a Failure; what may have left this process is never `not_sent`. A link keeps no state of its
// own about subscriptions, tries nothing twice and knows no limits: repeating, pacing and giving up
// are the order loop's. Every function that takes `done` calls it exactly once, later, on the loop,
// within the profile's answer deadline, also when the link is gone meanwhile.
// Words: Outcome::reason, and a Failure's, begin with a short stable code; after ": " come the
// operator's own words. Neither holds an identifier.
// Threads: the loop's only. Every link passes operator_link_contract.hpp.
#pragma once

#include "domain/failure.hpp"
#include "domain/protocol.hpp"
#include "domain/result.hpp"
#include "world/http.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace msp {

// One subscription as an operator's list shows it.
struct ListEntry {
    SubscriptionReference reference{};  // empty where the list names only the IMSI
    std::optional<Imsi> imsi{};
    Reading reading{};         // state unknown: a word that the connector does not know
    std::uint64_t change = 0;  // the operator's own count of its changes
};

struct ListPage {
    std::vector<ListEntry> entries;
    std::optional<std::string> next;  // go on from here; nothing: the end
};

// What an operator reports by itself.
struct OperatorEvent {
    std::string id;                   // the operator's; a report that is repeated keeps it
    SubscriptionReference reference;  // empty where it names only the IMSI
    std::optional<Imsi> imsi;
    // The outcome of an order that was accepted; without it, something happened to the
    // subscription, whatever it was.
    struct Answered {
        OrderReference reference;  // empty where the operator names the order by its own
        Outcome outcome;
        OperatorReference operator_reference{};
    };
    std::optional<Answered> order;
};

// Why a report is not heard.
struct EventFault {
    enum class Kind : unsigned char { forged, malformed };
    Kind kind = Kind::malformed;
    std::string what;
    friend bool operator==(const EventFault&, const EventFault&) = default;
};

class OperatorLink {
public:
    using OutcomeDone = std::function<void(Outcome)>;
    using ReadingDone = std::function<void(Result<Reading, Failure>)>;
    using ListDone = std::function<void(Result<ListPage, Failure>)>;

    virtual ~OperatorLink() = default;

    virtual const Capabilities& can() const = 0;

    // Sends an order, once. Never repeat it under the same reference: where the answer is lost, the
    // outcome is `unknown`, and the protocol decides. `busy`: the operator says that it did not
    // begin.
    virtual void carry_out(const Errand&, OutcomeDone) = 0;

    // Asks what became of an accepted order; changes nothing and may be repeated. `accepted`: still
    // at it, or no answer that tells; `unknown`: the operator says that it does not know the order.
    virtual void poll(const Errand&, OutcomeDone) = 0;

    // Reads the subscription as it is now; changes nothing and may be repeated.
    virtual void ask(const Errand&, ReadingDone) = 0;

    // A page of all subscriptions in an order of the operator's that does not change; empty
    // `after`: from the first. Changes nothing and may be repeated. Requires: can().lists_in_bulk.
    virtual void list(const std::string& after, std::size_t limit, ListDone) = 0;

    // Takes a report of the operator's apart, after it proved to be this operator's and young.
    // Pure but for the time of day; the same report again gives the same event.
    virtual Result<OperatorEvent, EventFault> parse_event(const HttpRequest&) const = 0;
};

}  // namespace msp
