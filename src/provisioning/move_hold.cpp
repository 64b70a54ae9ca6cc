#include "provisioning/move_hold.hpp"

namespace msp {

static std::optional<RefusalCode> unfit(const Chain& chain, const MoveHold& command) {
    if (chain.stopped) return RefusalCode::already_stopped;
    const CatalogueEntry* entry = in_catalogue(Holder::m2m_sp, command.code);
    if (!entry || (command.put && entry->by_platform)) return RefusalCode::unknown_reason;
    if (command.if_match && *command.if_match != chain.revisions.m2m_sp_hold)
        return RefusalCode::revision_stale;
    return std::nullopt;
}

std::vector<Name> names(const MoveHold& command) {
    return {command.name};
}

Decision decide(const View& view, const MoveHold& command) {
    const Chain* chain = within_reach(view.last(command.name), command.origin.actor.party);
    const bool device = command.name.kind == Name::Kind::device;
    if (!chain) return refused(device ? RefusalCode::no_such_device : RefusalCode::no_such_card);
    if (command.origin.actor.party != m2m_sp()) return refused(RefusalCode::m2m_sp_only);
    if (const auto code = unfit(*chain, command)) return refused(*code);

    Decision decision;
    Draft draft(*chain, command.origin);
    if (command.put)
        draft.chain().holds.put({.holder = Holder::m2m_sp,
                                 .code = *ReasonCode::of(command.code),
                                 .text = command.text,
                                 .by = command.origin.actor,
                                 .since = command.origin.at,
                                 .follows_equipment = command.follows_equipment});
    else
        draft.chain().holds.lift(Holder::m2m_sp, command.code);
    draft.finish(decision);
    return decision;
}

}  // namespace msp
