#include "provisioning/hand_over.hpp"

#include <set>

namespace msp {

static std::optional<RefusalCode> unfit(const Chain* chain, const HandOver& command) {
    if (!chain) return RefusalCode::no_such_device;
    if (chain->stopped) return RefusalCode::already_stopped;
    if (chain->equipment) return RefusalCode::equipment_bound;
    const bool back = command.to == chain->holder;
    if (!back && !facts_of(*command.parties, command.to).equipment_provider)
        return RefusalCode::not_an_equipment_provider;
    return std::nullopt;
}

static void hand_over(Decision& decision, const Chain& chain, const HandOver& command) {
    Draft draft(chain, command.origin);
    draft.chain().customer = command.to;
    draft.hold_for_customer("handed-over");
    draft.tell({EventType::device_handed_over, {}, {}, {}});
    draft.finish(decision);
}

std::vector<Name> names(const HandOver& command) {
    std::vector<Name> out;
    for (const DeviceId& id : command.devices) out.push_back(Name::of(id));
    return out;
}

Decision decide(const View& view, const HandOver& command) {
    const PartyFacts to = facts_of(*command.parties, command.to);
    if (!command.parties->contains(command.to))
        return refused(RefusalCode::no_such_party, {}, "/to");
    if (!to.open) return refused(RefusalCode::party_closed, {}, "/to");

    Decision decision;
    std::set<DeviceId> seen;
    for (const DeviceId& id : command.devices) {
        if (!seen.insert(id).second) continue;
        const Chain* chain = within_reach(view.last(Name::of(id)), command.origin.actor.party);
        ItemAnswer item{.item = std::string(id.text()), .refusal = {}};
        if (const auto code = unfit(chain, command)) {
            item.refusal = Refusal{*code, {}, {}};
        } else if (chain->customer != command.to) {
            item.changed = true;
            hand_over(decision, *chain, command);
        }
        decision.answer.items.push_back(std::move(item));
    }
    decision.answer.chains.clear();
    return decision;
}

}  // namespace msp
