#include "provisioning/issue_cards.hpp"

#include <set>

namespace msp {

static std::optional<RefusalCode> unfit(const IssueCards& command) {
    if (command.origin.actor.party != m2m_sp()) return RefusalCode::m2m_sp_only;
    if (command.to == m2m_sp()) return std::nullopt;
    if (!command.parties->contains(command.to)) return RefusalCode::no_such_party;
    const PartyFacts to = facts_of(*command.parties, command.to);
    if (!to.open) return RefusalCode::party_closed;
    if (!to.device_provider) return RefusalCode::not_a_device_provider;
    return std::nullopt;
}

static std::optional<RefusalCode> unfit(const View& view, const Chain* chain) {
    if (!chain) return RefusalCode::no_such_card;
    if (chain->stopped) return RefusalCode::already_stopped;
    if (chain->device) return RefusalCode::device_bound;
    if (view.record({Name::Kind::batch_open, {}, std::string(chain->card.batch.text())}))
        return RefusalCode::batch_incomplete;
    return std::nullopt;
}

static void issue(Decision& decision, const Chain& chain, const IssueCards& command) {
    Draft draft(chain, command.origin);
    draft.chain().holder = command.to;
    draft.chain().customer = command.to;
    draft.hold_for_customer("issued");
    draft.tell({EventType::card_issued, {}, {}, {}});
    draft.finish(decision);
}

std::vector<Name> names(const IssueCards& command) {
    std::vector<Name> out;
    for (const Iccid& iccid : command.iccids) out.push_back(Name::of(iccid));
    return out;
}

Decision decide(const View& view, const IssueCards& command) {
    if (const auto code = unfit(command)) return refused(*code, {}, "/to");
    Decision decision;
    std::set<Iccid> seen;
    for (const Iccid& iccid : command.iccids) {
        if (!seen.insert(iccid).second) continue;
        const Chain* chain = view.chain(Name::of(iccid));
        ItemAnswer item{.item = std::string(iccid.text()), .refusal = {}};
        if (const auto code = unfit(view, chain)) {
            item.refusal = Refusal{*code, {}, {}};
        } else if (chain->customer != command.to) {
            item.changed = true;
            issue(decision, *chain, command);
        }
        decision.answer.items.push_back(std::move(item));
    }
    decision.answer.chains.clear();
    return decision;
}

}  // namespace msp
