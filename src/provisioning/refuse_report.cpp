#include "provisioning/refuse_report.hpp"

#include <algorithm>

namespace msp {

static Event event_without_chain(const Claim& claim, const Origin& origin) {
    Event event{.type = EventType::binding_refused,
                .at = origin.at,
                .actor = origin.actor,
                .cause = origin.cause,
                .operation = origin.operation,
                .before = {},
                .after = nullptr,
                .audience = {claim.provider, claim.owner},
                .code = std::string(entry_of(claim.refused).word),
                .detail = std::string(claim.id.view())};
    std::erase(event.audience, m2m_sp());
    std::sort(event.audience.begin(), event.audience.end());
    event.audience.erase(std::unique(event.audience.begin(), event.audience.end()),
                         event.audience.end());
    return event;
}

static Name name_of(const Claim& claim) {
    return {Name::Kind::claim, {}, std::string(claim.id.view())};
}

// The same report, refused for the same reason, and its owner has not accepted it meanwhile.
static bool stands_already(const View& view, Claim claim) {
    const std::string* body = view.record(name_of(claim));
    const std::optional<Claim> standing = body ? decode_claim(*body) : std::nullopt;
    if (!standing || standing->state == Claim::State::accepted) return false;
    claim.state = standing->state;
    claim.at = standing->at;
    claim.decided = standing->decided;
    return claim == *standing;
}

Decision refuse_report(const View& view, const Claim& claim, const Chain* affected, bool accepted,
                       const Origin& origin) {
    Decision decision = refused(claim.refused);
    if (accepted) return decision;
    decision.answer.text = claim.id.view();
    if (stands_already(view, claim)) return decision;
    decision.records.push_back({name_of(claim), encode(claim)});
    if (!affected) {
        decision.events.push_back(event_without_chain(claim, origin));
        return decision;
    }
    Draft draft(*affected, origin);
    draft.tell({EventType::binding_refused,
                std::string(entry_of(claim.refused).word),
                std::string(claim.id.view()),
                {}});
    draft.finish(decision);
    decision.answer.chains.clear();
    decision.answer.changed = false;
    return decision;
}

}  // namespace msp
