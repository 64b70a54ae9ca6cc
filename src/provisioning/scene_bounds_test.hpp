// What the decision of each flow may do besides changing chains.
#pragma once

#include "provisioning/carry_order.hpp"
#include "provisioning/decide_claim.hpp"
#include "provisioning/hand_over.hpp"
#include "provisioning/hear_operator.hpp"
#include "provisioning/issue_cards.hpp"
#include "provisioning/move_hold.hpp"
#include "provisioning/register_cards.hpp"
#include "provisioning/report_card.hpp"
#include "provisioning/report_equipment.hpp"
#include "provisioning/switch_equipment_service.hpp"
#include "provisioning/switch_m2m_service.hpp"

#include <optional>

namespace msp {

struct SceneBounds {
    std::optional<Holder> mover;  // for whom holds may move
    bool leaves_claims = false;   // a refusal may
    bool repeatable = true;       // the same again changes nothing
    bool keeps_records = true;    // says "changed" whenever it writes one
};

inline SceneBounds scene_bounds_of_customer() {
    return {.mover = Holder::customer};
}
inline SceneBounds scene_bounds(const RegisterCards&) {
    return scene_bounds_of_customer();
}
inline SceneBounds scene_bounds(const WithdrawCards&) {
    return scene_bounds_of_customer();
}
inline SceneBounds scene_bounds(const IssueCards&) {
    return scene_bounds_of_customer();
}
inline SceneBounds scene_bounds(const HandOver&) {
    return scene_bounds_of_customer();
}
inline SceneBounds scene_bounds(const SwitchM2mService&) {
    return scene_bounds_of_customer();
}
inline SceneBounds scene_bounds(const SwitchEquipmentService&) {
    return scene_bounds_of_customer();
}
inline SceneBounds scene_bounds(const UnbindEquipment&) {
    return scene_bounds_of_customer();
}
inline SceneBounds scene_bounds(const MoveHold&) {
    return {.mover = Holder::m2m_sp};
}

// The platform's own: reports copy reasons and free cards, whoever accepts their claims.
inline SceneBounds scene_bounds(const ReportCard&) {
    return {.mover = {}, .leaves_claims = true};
}
inline SceneBounds scene_bounds(const ReportEquipment&) {
    return {.mover = {}, .leaves_claims = true};
}
inline SceneBounds scene_bounds(const DecideClaim&) {
    return {.mover = {}};
}

inline SceneBounds scene_bounds(const AskOperator&) {
    return {.mover = Holder::network_operator};
}
inline SceneBounds scene_bounds(const HearOperator&) {
    return {.mover = Holder::network_operator, .keeps_records = false};
}
inline SceneBounds scene_bounds(const HearAnswer&) {
    return {.mover = Holder::network_operator, .keeps_records = false};
}
inline SceneBounds scene_bounds(const TakeStep&) {
    return {.mover = {}, .repeatable = false};
}
inline SceneBounds scene_bounds(const TakeOutcome&) {
    return {.mover = Holder::network_operator, .repeatable = false};
}
inline SceneBounds scene_bounds(const TakeReading&) {
    return {.mover = Holder::network_operator, .repeatable = false};
}

}  // namespace msp
