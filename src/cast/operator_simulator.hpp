// The simulated operator behind the interface that it speaks, with its faults, its callbacks and a
// door for whoever directs the play.
//
//   everything else               what the interface says: docs/operators/ has a page for each
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
#include "cast/operator_tongue.hpp"
#include "cast/simulated_operator.hpp"

#include <map>
#include <memory>
#include <string>

namespace msp {

class OperatorSimulator {
public:
    // Requires: a tongue of the name that the front says.
    OperatorSimulator(Loop&, HttpClient&, std::uint64_t seed, const OperatorKnobs&, OperatorFront);

    void handle(const HttpRequest&, const HttpRespond&);

    SimulatedOperator& played() { return operator_; }
    // By what was asked for, and what was reported: "order", "read", "callback lost" …
    const std::map<std::string, std::uint64_t>& counts() const { return operator_.counts(); }

private:
    struct Mishap;

    void keep_kind();
    bool above_rate();
    void receive(const HttpRequest&, const HttpRespond&);
    void serve(const HttpRequest&, const HttpRespond&, Time latest, const Mishap&);
    void repeat(const HttpRequest&, Time latest, Duration rest);
    HttpResponse answer(const HttpRequest&, Time latest);
    HttpResponse garble(HttpResponse);
    HttpResponse direct(const HttpRequest&, const ReadTarget&);
    bool chance(double share) { return operator_.random().unit() < share; }

    void report(const OperatorReport&);
    void send(const OperatorReport&, unsigned tries);

    Loop& loop_;
    HttpClient& http_;
    SimulatedOperator operator_;
    OperatorFront front_;
    std::unique_ptr<OperatorTongue> tongue_;
    double bucket_ = 0;  // requests that it would take at once
    Monotonic filled_{};
    std::shared_ptr<OperatorSimulator*> self_;  // null in turns that come too late
};

}  // namespace msp
