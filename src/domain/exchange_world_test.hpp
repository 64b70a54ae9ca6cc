// One chain, one operator, two nodes and the wires between them, moved by dice: what the protocol
// may meet.
//
// Requests are lost, repeated, delayed and overtaken within their life, answers and events lost,
// repeated and late; a node crashes or pauses between commit and send, and starts again after the
// clock was set; parties switch, the operator acts on its own. Every transition is held against
// the laws; the first that does not stand is kept in `fault`. After `calm_down` nothing is lost
// any more. A value; no threads.
#pragma once

#include "domain/sample_test.hpp"
#include "domain/simulated_operator_test.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace msp::sample {

// An operator of one kind, with what may differ within the kind drawn by the dice.
struct Kind {
    std::string_view name;
    Capabilities can;
    bool promises = true;  // fences, or bounds how long a request lives
};
std::span<const Kind> kinds();

// How often something rare was reached.
using Sometimes = std::map<std::string_view, std::uint64_t>;

class ExchangeWorld {
public:
    ExchangeWorld(const Kind&, std::uint64_t seed, Sometimes&);

    void step();
    // Runs to twice the bound: everything settles within it, or waits visibly.
    void calm_down();

    const std::string& fault() const { return fault_; }
    Duration settling() const { return settling_; }  // from calm to the last unsettled instant
    Duration bound() const;
    void record() { recording_ = true; }
    std::string story() const;

private:
    struct Sending {
        Errand errand;
        Time committed{};
        bool confirmed = false;  // when it was committed
    };
    struct Answer {
        OrderReference reference;
        Verdict verdict;
    };
    struct Trip {
        std::uint64_t number = 0;
        bool confirmed = false;  // when it was issued
        std::optional<Look> look;
    };

    // The parties, the nodes, the operator, the wires.
    void a_party_acts();
    void move_hold(Holder, std::string_view code);
    void stop();
    void staff();
    void a_node_acts();
    void perform(std::size_t index);
    void send(const Sending&);
    void restart();
    void the_operator_acts();
    void suspend();
    void expire();
    void deliver_request(std::size_t);
    void deliver_answer(std::size_t);
    void look(std::size_t index);
    void deliver_look(std::size_t index);
    void deliver_event();
    bool something_moves();
    Time wall() const { return now_ + skew_; }
    bool unlucky(std::size_t one_in);
    Moment moment(std::size_t node);
    OrderReference fresh();

    // The laws.
    void commit(Chain after, std::optional<Holder> mover, bool shown_active = false);
    void check_errand(const Chain& before, const Errand&, bool crowded);
    bool another_can_land() const;
    void check_hint_only(const Chain& after);
    void check_reading(const Chain& after, const Trip&);
    void check_hold(const Chain& after, std::uint64_t version, bool to_blame);
    void check_law_4();
    void demand(bool kept, std::string_view what);

    // After the storm.
    bool settled() const;
    bool waits() const;
    bool state_as_wanted() const;
    bool hold_as_shown() const;
    bool audit();
    bool hides() const;
    Duration life() const;

    // What is told of it.
    void remark(const Chain& after);
    void remark_errand(const Chain& before, const Errand&);
    void sometimes(std::string_view what) { ++sometimes_[what]; }
    void note(std::string_view what);

    Sometimes& sometimes_;
    bool promises_;
    Dice dice_;
    OperatorProfile profile_;
    Nature nature_;
    SimulatedOperator operator_;
    Chain chain_;
    Time now_;
    Duration skew_{0};
    Time started_[2];
    std::vector<Sending> errands_;
    std::vector<Request> wire_;
    std::vector<Answer> answers_;
    std::vector<Trip> trips_;
    int events_ = 0;
    bool hears_all_ = false;  // no event is lost, and nobody audits
    std::size_t roughness_ = 0;
    std::set<OrderReference> insisted_;
    std::uint64_t references_ = 0;
    std::uint64_t applied_version_ = 0;
    std::uint64_t unknown_generation_ = 0;
    std::uint64_t refused_generation_ = 0;
    bool approved_ = false;  // a person decided about the drift
    int errands_in_calm_ = 0;
    bool calm_ = false;
    Duration settling_{0};
    std::string fault_;
    bool recording_ = false;
    std::vector<std::string> story_;
};

}  // namespace msp::sample
