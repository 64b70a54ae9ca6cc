// What people, programs and devices do with their machines: mostly what a machine needs next on its
// way from a card to a replaced device, sometimes anything.
//
// Chooses by what is committed, which nobody outside could see: it only decides what is asked for,
// never what comes of it. Threads: one. All it stands on outlives it.
#pragma once

#include "cast/operator_simulator.hpp"
#include "simulation/caller.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace msp::simulation {

class Acts {
public:
    // Makes a card known to its operator before it is registered here.
    using MakeCard = std::function<void(const Machine&)>;

    Acts(Caller& caller, const Witness& witness, Sometimes& sometimes, const Founded& founded,
         MakeCard make_card, std::uint64_t seed);

    // One act. `odd`: the share of those that no machine needs.
    void act(double odd);

private:
    const Chain* chain_of(const Machine&) const;
    Machine& any_machine();
    bool chance(double share) { return random_.unit() < share; }

    void next(Machine&);
    void next_of_card(Machine&, const Chain&);
    void next_of_device(Machine&, const Chain&);
    void next_of_equipment(Machine&, const Chain&);
    void odd_act();

    void issue(const Machine&, const std::string& to);
    void switch_card(const Machine&, const std::string& who, const char* status);
    void switch_device(const Machine&, const std::string& who, const char* status);
    void hand_over(const Machine&, const std::string& who, const std::string& to);
    void switch_equipment(const Machine&, const char* status);
    void end_equipment(const Machine&, const char* status);
    void report_card(const Machine&, const std::string& device);
    void report_equipment(const Machine&, const std::string& equipment);
    void hold(const Machine&, bool put);
    void ask_about(const Machine&, const char* verb);
    void unbind(const Machine&);
    void renew(Machine&);
    void decide_claim();
    std::string until();

    Caller& caller_;
    const Witness& witness_;
    Sometimes& sometimes_;
    const Founded& founded_;
    MakeCard make_card_;
    SeededRandom random_;
    std::vector<Machine> machines_;
    unsigned newest_card_ = 1'000;
};

}  // namespace msp::simulation
