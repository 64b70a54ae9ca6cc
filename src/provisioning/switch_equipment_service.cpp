#include "provisioning/switch_equipment_service.hpp"

namespace msp {

namespace {

using Command = SwitchEquipmentService;

bool ends_device(Wish wish) {
    return wish == Wish::stopped || wish == Wish::replaced;
}

bool has_live_device(const Chain& chain) {
    return chain.device && !chain.stopped;
}

// The device that a call to end must name: the live one, or the one that this very wish ended
// already.
bool names_right_device(const Chain& chain, const Command& command) {
    if (!command.names_device) return false;
    if (has_live_device(chain)) return command.device == chain.device->id;
    const bool so_already = chain.equipment->wish == command.wish;
    return !command.device || (so_already && chain.device && command.device == chain.device->id);
}

std::optional<RefusalCode> unfit_to_end(const Chain& chain, const Command& command) {
    if (!names_right_device(chain, command)) return RefusalCode::device_differs;
    if (chain.equipment->wish == command.wish) return std::nullopt;  // so already: nothing to guard
    if (!command.if_match) return RefusalCode::revision_missing;
    return std::nullopt;
}

std::optional<RefusalCode> unfit_to_switch(const Chain& chain, const Command& command) {
    if (command.wish != Wish::active) return std::nullopt;
    if (chain.equipment->wish == Wish::stopped) return RefusalCode::equipment_stopped;
    if (!has_live_device(chain)) return RefusalCode::no_equipment_bound;
    if (chain.lost) return RefusalCode::subscription_lost;
    return std::nullopt;
}

std::optional<RefusalCode> unfit(const Chain& chain, const Command& command) {
    if (command.origin.actor.party != command.provider) return RefusalCode::not_the_customer;
    const auto code =
        ends_device(command.wish) ? unfit_to_end(chain, command) : unfit_to_switch(chain, command);
    if (code) return code;
    const bool so_already = chain.equipment->wish == command.wish;
    if (!so_already && command.if_match && *command.if_match != chain.revisions.wish)
        return RefusalCode::revision_stale;
    return std::nullopt;
}

void move(Draft& draft, Wish wish) {
    Chain& chain = draft.chain();
    const bool live = has_live_device(chain);
    if (!live && wish == Wish::de_active && chain.equipment->wish == Wish::replaced)
        return;  // it waits for its next device, switched off, already
    chain.equipment->wish = wish;
    if (!live) return;
    switch (wish) {
        case Wish::active: draft.lift_for_customer(); return;
        case Wish::de_active: draft.hold_for_customer("equipment-service"); return;
        case Wish::stopped:
        case Wish::replaced:
            chain.stopped = true;
            chain.until.reset();
            return;
    }
}

}  // namespace

std::vector<Name> names(const Command& command) {
    return {Name::of(command.provider, command.equipment)};
}

Decision decide(const View& view, const Command& command) {
    const bool may_see =
        command.origin.actor.party == command.provider || command.origin.actor.party == m2m_sp();
    const Chain* chain = view.chain(Name::of(command.provider, command.equipment));
    if (!may_see) return refused(RefusalCode::no_such_equipment);
    if (!chain) {
        const Name registered{Name::Kind::equipment_card, std::string(command.provider.text()),
                              std::string(command.equipment.text())};
        return refused(view.record(registered) ? RefusalCode::no_equipment_bound
                                               : RefusalCode::no_such_equipment);
    }
    if (const auto code = unfit(*chain, command))
        return refused(*code, {}, *code == RefusalCode::device_differs ? "/device_id" : "");
    Decision decision;
    Draft draft(*chain, command.origin);
    move(draft, command.wish);
    draft.finish(decision);
    return decision;
}

}  // namespace msp
