// A walk over all flows, drawn by seed: calls that mostly make sense, by parties that mostly may,
// and the rest of any kind; an operator whose faults come and go.
#pragma once

#include "provisioning/scene_test.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

inline constexpr int card_count = 6;
inline constexpr std::string_view devices[] = {"mk-1", "mk-2", "rv-1", "rv-2"};
inline constexpr std::string_view equipments[] = {"E-1", "E-2", "E-3"};

class Walk {
public:
    Walk(std::uint64_t seed, const OperatorProfile& profile) : scene(profile), dice_(seed) {}
    void step();

    Scene scene;

private:
    using Answers = ScriptedOperator::Answers;

    template <class List>
    const auto& one_of(const List& list) {
        return list[dice_.below(std::size(list))];
    }
    int any_card() { return 1 + static_cast<int>(dice_.below(card_count)); }
    std::string_view any_device() { return one_of(devices); }
    PartyId any_party();
    static PartyId provider_of(std::string_view id) { return id[0] == 'm' ? maker : rival; }
    PartyId someone(const Chain* chain);
    IfMatch any_revision(std::uint32_t right);
    Name any_name();
    Name card_or_device();
    std::string number(std::string_view kind);

    // Faults come and go; time passes, never so long that a copy of an order which is on its way
    // could outlive what the protocol is told of a request's life.
    void operator_acts();
    void act_alone();

    // The next step of the use case for this card.
    void go_on(int card);
    void prepare();

    static Eid eid(int number) {
        const std::string body = "8904903212345123451234567890" + std::to_string(10 + number);
        return Eid::parse(body + eid_check_digits(body), CheckDigit::strict).value();
    }
    void issue();
    void switch_m2m();
    void report_card();

    void report_card(std::string_view id, int card);
    void hand_over();
    void report_equipment();
    PartyId equipment_provider();
    void unbind();
    void switch_equipment();
    void end_equipment();
    void move_hold();
    void decide_claim();
    void ask();
    void withdraw();
    void hear();

    sample::Dice dice_;
    std::uint64_t numbers_ = 100;
};

}  // namespace msp
