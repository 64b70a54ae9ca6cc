#include "provisioning/scripted_operator_test.hpp"

#include "domain/status.hpp"

#include <string>
#include <utility>

namespace msp {

static Outcome outcome(Outcome::Kind kind, std::string reason = {}) {
    return {.kind = kind, .reason = std::move(reason), .retry_after = {}};
}

void ScriptedOperator::carry_out(const Errand& errand) {
    Subscription& at = network[errand.subscription.reference];
    if (at.state == NetworkState::reclaimed || (fences && errand.generation < at.generation))
        return;
    at.state = effect_of(errand.order);
    at.generation = errand.generation;
}

std::optional<Outcome> ScriptedOperator::take(const Errand& errand) {
    using Kind = Outcome::Kind;
    orders.push_back(errand);
    switch (answers) {
        case Answers::at_once: carry_out(errand); return outcome(Kind::done);
        case Answers::later:
            accepted.insert_or_assign(errand.subscription.reference, errand);
            return outcome(Kind::accepted);
        case Answers::refuses: return outcome(Kind::refused, "not today");
        case Answers::is_silent: carry_out(errand); return outcome(Kind::unknown);
        case Answers::is_deaf: return outcome(Kind::unknown);
        case Answers::unreachable: return outcome(Kind::not_sent);
        case Answers::busy: return outcome(Kind::busy);
        case Answers::holds_back: break;
    }
    held.insert_or_assign(errand.subscription.reference, errand);
    return std::nullopt;
}

std::optional<Outcome> ScriptedOperator::poll(const Errand& errand) const {
    const auto kind = accepted.contains(errand.subscription.reference) ? Outcome::Kind::accepted
                                                                       : Outcome::Kind::done;
    return outcome(kind);
}

Reading ScriptedOperator::read(const SubscriptionReference& reference) const {
    const auto found = network.find(reference);
    const Subscription at = found == network.end() ? Subscription{} : found->second;
    const bool hidden = combined && at.suspended && at.state == NetworkState::active;
    return {.state = hidden ? NetworkState::de_active : at.state,
            .suspended = at.suspended && !combined,
            .session = {},
            .native = {},
            .cause = {}};
}

}  // namespace msp
