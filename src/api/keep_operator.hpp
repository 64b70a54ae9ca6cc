// The M2M SP's staff connect an operator, change how it is talked to, pause and resume it.
//
// The members of a call's body are those of the settings record; the short words of the contract
// stand for one of them each:
//
//   secret callback_secret · kind can · drift drift_policy · rate_per_s limits/per_second ·
//   concurrency limits/concurrency
//
// Law: token and secret that are left out are kept, and so is a pause; everything else that is left
// out has its usual value. Pure; in the shape of every flow.
#pragma once

#include "operators/operator_settings.hpp"
#include "provisioning/flow.hpp"

#include <optional>
#include <string>
#include <vector>

namespace msp {

struct KeepOperator {
    OperatorId id;
    std::string body;  // one JSON object, as sent
    Origin origin;
};
// Answer::text: the settings record. Refuses: invalid (with the member at fault), party_exists (a
// party has this name).
std::vector<Name> names(const KeepOperator&);
Decision decide(const View&, const KeepOperator&);

// Why an operator is paused, and since when: kept beside its settings.
struct Pause {
    std::string reason;
    std::string by;
    Time since{};
    friend bool operator==(const Pause&, const Pause&) = default;
};
Name pause_name(const OperatorId&);
std::optional<Pause> decode_pause(const std::optional<std::string>& body);

struct PauseOperator {
    OperatorId id;
    bool pause = true;  // else resume
    std::string reason{};
    Origin origin;
};
// Answer::text: the settings record. Refuses: no_such_operator.
std::vector<Name> names(const PauseOperator&);
Decision decide(const View&, const PauseOperator&);

}  // namespace msp
