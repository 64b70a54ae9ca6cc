#include "provisioning/register_cards.hpp"

namespace msp {

namespace {

SubscriptionReference reference_of(const CardRow& row) {
    return row.reference.empty() ? *SubscriptionReference::of(row.iccid.text()) : row.reference;
}

bool same_card(const Chain& chain, const RegisterCards& command, const CardRow& row) {
    return !chain.stopped && chain.card.iccid == row.iccid && chain.card.eid == row.eid &&
           chain.subscription.at == command.at && chain.subscription.imsi == row.imsi &&
           chain.subscription.reference == reference_of(row) &&
           chain.subscription.msisdn == row.msisdn && chain.subscription.mdn == row.mdn;
}

Chain new_chain(const RegisterCards& command, const CardRow& row) {
    Chain chain{.id = row.fresh,
                .card = {.iccid = row.iccid, .eid = row.eid, .batch = command.batch},
                .subscription = {.at = command.at,
                                 .imsi = row.imsi,
                                 .reference = reference_of(row),
                                 .msisdn = row.msisdn,
                                 .mdn = row.mdn},
                .holder = m2m_sp(),
                .customer = m2m_sp(),
                .device = {},
                .equipment = {},
                .holds = {},
                .until = {},
                .observed = {},
                .exchange = {},
                .revisions = {}};
    chain.holds.put({.holder = Holder::customer,
                     .code = "new-card",
                     .text = {},
                     .by = command.origin.actor,
                     .since = command.origin.at,
                     .follows_equipment = false});
    chain.observed.at = command.origin.at;
    chain.observed.state = command.verify ? NetworkState::unknown : NetworkState::de_active;
    if (command.verify) {
        chain.exchange.read_due = true;
        chain.exchange.due = command.origin.at;
    }
    return chain;
}

// The card that stands in the way of a row, or nothing.
const Chain* in_the_way(const View& view, const RegisterCards& command, const CardRow& row) {
    const Chain* by_iccid = view.chain(Name::of(row.iccid));
    const Chain* by_imsi = view.chain(Name::of(command.at, row.imsi));
    const Chain* by_reference =
        row.reference.empty() ? nullptr
                              : view.chain(Name::subscription(command.at, row.reference.view()));
    return by_iccid ? by_iccid : by_imsi ? by_imsi : by_reference;
}

void bear(Decision& decision, const RegisterCards& command, const CardRow& row) {
    const Chain nothing = new_chain(command, row);
    Chain born = nothing;
    auto events = tell(nothing, born, command.origin, {{EventType::card_registered, {}, {}, {}}});
    decision.after.push_back(born);
    std::move(events.begin(), events.end(), std::back_inserter(decision.events));
}

std::string number_of(ChainId id) {
    return std::to_string(static_cast<std::uint64_t>(id));
}

}  // namespace

std::vector<Name> names(const RegisterCards& command) {
    std::vector<Name> out;
    for (const CardRow& row : command.rows) {
        out.push_back(Name::of(row.iccid));
        out.push_back(Name::of(command.at, row.imsi));
    }
    return out;
}

Decision decide(const View& view, const RegisterCards& command) {
    if (command.origin.actor.party != m2m_sp()) return refused(RefusalCode::m2m_sp_only);
    Decision decision;
    View seen = view;  // rows of one piece may repeat each other
    for (const CardRow& row : command.rows) {
        ItemAnswer item{.item = std::to_string(row.line), .refusal = {}};
        const Chain* other = in_the_way(seen, command, row);
        if (!other) {
            item.changed = true;
            const std::size_t before = decision.after.size();
            bear(decision, command, row);
            seen.follow(decision.after[before]);
        } else if (!same_card(*other, command, row)) {
            item.refusal = Refusal{RefusalCode::card_conflicts, {}, {}};
        }
        decision.answer.changed |= item.changed;
        decision.answer.items.push_back(std::move(item));
    }
    for (const Name& name : seen.missing()) (void)view.chain(name);
    if (command.check_only) {
        decision.after.clear();
        decision.events.clear();
    }
    return decision;
}

std::vector<Name> names(const WithdrawCards& command) {
    std::vector<Name> out;
    for (const ChainId id : command.chains) out.push_back(Name::of(id));
    return out;
}

// Nothing of ours can reach the operator any more, whoever gets the card next.
static bool unused(const Chain& chain) {
    return chain.customer == m2m_sp() && !chain.device && chain.exchange.generation == 0 &&
           !chain.exchange.in_flight;
}

Decision decide(const View& view, const WithdrawCards& command) {
    if (command.origin.actor.party != m2m_sp()) return refused(RefusalCode::m2m_sp_only);
    Decision decision;
    for (const ChainId id : command.chains) {
        const Chain* chain = view.chain(Name::of(id));
        if (!chain || chain->withdrawn) continue;
        if (!unused(*chain)) return refused(RefusalCode::batch_in_use);
        ItemAnswer item{.item = number_of(id), .refusal = {}, .changed = true};
        decision.answer.items.push_back(std::move(item));
        if (command.check_only) continue;
        Draft draft(*chain, command.origin);
        draft.chain().withdrawn = true;
        draft.chain().exchange.read_due = false;
        draft.chain().exchange.awaiting = Awaiting::nothing;
        draft.chain().exchange.due.reset();
        draft.tell({EventType::card_withdrawn, {}, {}, {}});
        draft.finish(decision);
    }
    decision.answer.chains.clear();
    return decision;
}

}  // namespace msp
