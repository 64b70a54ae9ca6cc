// The simulated operator behind the REST interface of docs/operators/rest.md, with its faults, its
// callbacks and a door for whoever directs the play.
//
//   PUT, GET  /subscriptions/{reference}/orders/{order_reference}     as documented
//   GET       /subscriptions/{reference}, /subscriptions?after=&limit=
//   GET       /journal?after=&limit=         what really took effect
//   GET       /control/counts                requests, effects, reports so far
//   GET, POST /control/knobs                 {"lost-after": "0.1"}
//   POST      /control/suspend|resume|terminate|change|detach   {"subscription": …, "cause": …}
//   POST      /control/snapshot|restore
//
// Journal and control know no faults. A request in, a response out or none at all: sockets and
// framing are its owner's. Threads: the loop's only; loop and client outlive it.
#pragma once

#include "cast/direct_http.hpp"
#include "cast/simulated_operator.hpp"

#include <map>
#include <string>

namespace msp {

struct Target;

struct OperatorFront {
    std::string token;            // asked of whoever comes to /subscriptions; empty: of nobody
    std::string callback_url;     // empty: nothing is reported
    std::string callback_secret;  // whsec_<base64>
};

class OperatorSimulator {
public:
    OperatorSimulator(Loop&, HttpClient&, std::uint64_t seed, const OperatorKnobs&, OperatorFront);

    void handle(const HttpRequest&, const HttpRespond&);

    SimulatedOperator& played() { return operator_; }
    // By what was asked for, and what was reported: "order", "read", "callback lost" …
    const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

private:
    struct Mishap;

    void receive(const HttpRequest&, const HttpRespond&);
    void serve(const HttpRequest&, const HttpRespond&, Time latest, const Mishap&);
    void repeat(const HttpRequest&, Time latest, Duration rest);
    HttpResponse answer(const HttpRequest&, Time latest);
    HttpResponse answer_order(const HttpRequest&, const Target&, Time latest);
    HttpResponse garble(HttpResponse);
    HttpResponse direct(const HttpRequest&, const Target&);
    bool chance(double share) { return operator_.random().unit() < share; }

    void report(const OperatorReport&);
    void send(const OperatorReport&, unsigned tries);

    Loop& loop_;
    HttpClient& http_;
    SimulatedOperator operator_;
    OperatorFront front_;
    std::string callback_key_;
    std::map<std::string, std::uint64_t> counts_;
    std::shared_ptr<OperatorSimulator*> self_;  // null in turns that come too late
};

}  // namespace msp
