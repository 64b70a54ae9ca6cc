// An operator as the M2M SP's staff see it: settings, health, queue, audit.
//
// Law: neither token nor secret gets out. Pure functions; any thread.
#pragma once

#include "api/keep_operator.hpp"
#include "operators/health.hpp"

#include <optional>
#include <string>

namespace msp {

struct OperatorShown {
    OperatorSettings settings;
    std::optional<OperatorHealth> health;  // nothing: it does not run yet
    std::optional<Pause> pause;
};
std::string operator_json(const OperatorShown&);

}  // namespace msp
