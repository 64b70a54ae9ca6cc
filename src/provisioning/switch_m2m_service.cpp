#include "provisioning/switch_m2m_service.hpp"

namespace msp {

namespace {

RefusalCode absent(const Name& name) {
    return name.kind == Name::Kind::device ? RefusalCode::no_such_device
                                           : RefusalCode::no_such_card;
}

bool equipment_live(const Chain& chain) {
    return chain.equipment && !chain.equipment->ended;
}

// What forbids this party to move the customer hold now.
std::optional<RefusalCode> not_theirs(const Chain& chain, const PartyId& party) {
    if (equipment_live(chain) && chain.equipment->wish == Wish::active)
        return RefusalCode::use_equipment_service;
    const bool on_behalf = party != chain.customer;
    if (on_behalf && chain.equipment && chain.equipment->was_active)
        return RefusalCode::past_installation;
    return std::nullopt;
}

std::optional<RefusalCode> unfit_to_switch(const View& view, const Chain& chain,
                                           const SwitchM2mService& command) {
    if (chain.stopped) return RefusalCode::already_stopped;
    if (const auto code = not_theirs(chain, command.origin.actor.party)) return code;
    if (chain.lost && command.wish == ServiceWish::active) return RefusalCode::subscription_lost;
    if (command.until && *command.until <= command.origin.at) return RefusalCode::until_past;
    if (chain.customer == m2m_sp() &&
        view.record({Name::Kind::batch_open, {}, std::string(chain.card.batch.text())}))
        return RefusalCode::batch_incomplete;
    return std::nullopt;
}

std::optional<RefusalCode> unfit_to_stop(const Chain& chain, const SwitchM2mService& command) {
    if (command.origin.actor.party != m2m_sp()) return RefusalCode::m2m_sp_only;
    if (equipment_live(chain)) return RefusalCode::equipment_bound;
    if (!command.if_match) return RefusalCode::revision_missing;
    return std::nullopt;
}

Origin named_for(const SwitchM2mService& command, const Chain& chain) {
    Origin origin = command.origin;
    if (origin.actor.party != chain.customer) origin.actor.on_behalf_of = chain.customer;
    return origin;
}

void move(Draft& draft, const SwitchM2mService& command) {
    switch (command.wish) {
        case ServiceWish::active:
            draft.lift_for_customer();
            draft.chain().until = command.until;
            return;
        case ServiceWish::de_active: draft.hold_for_customer("requested"); return;
        case ServiceWish::stopped:
            draft.chain().stopped = true;
            draft.chain().until.reset();
            return;
    }
}

}  // namespace

std::vector<Name> names(const SwitchM2mService& command) {
    return {command.name};
}

Decision decide(const View& view, const SwitchM2mService& command) {
    const Chain* chain = within_reach(view.last(command.name), command.origin.actor.party);
    if (!chain) return refused(absent(command.name));
    const bool stop = command.wish == ServiceWish::stopped;
    if (stop && chain->stopped && command.origin.actor.party == m2m_sp()) {
        Decision nothing_new;
        nothing_new.answer.chains.push_back(*chain);
        return nothing_new;
    }
    if (command.until && command.wish != ServiceWish::active)
        return refused(RefusalCode::invalid, "`until` goes with active alone.", "/until");
    const auto code =
        stop ? unfit_to_stop(*chain, command) : unfit_to_switch(view, *chain, command);
    if (code) return refused(*code, {}, *code == RefusalCode::until_past ? "/until" : "");
    if (command.if_match && *command.if_match != chain->revisions.customer_hold)
        return refused(RefusalCode::revision_stale);

    Decision decision;
    Draft draft(*chain, stop ? command.origin : named_for(command, *chain));
    move(draft, command);
    draft.finish(decision);
    return decision;
}

void end_test(Draft& draft) {
    draft.hold_for_customer("test-over");
}

}  // namespace msp
