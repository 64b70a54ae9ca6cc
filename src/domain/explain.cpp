#include "domain/explain.hpp"

#include "domain/party.hpp"

#include <cstdlib>

namespace msp {

namespace {

std::string name(const PartyId& party) {
    return std::string(party.text());
}

std::string operator_name(const Chain& chain) {
    return name(party_of(chain.subscription.at));
}

std::string order_words(const Chain& chain) {
    return "the order to " + std::string(word(wanted(chain)));
}

std::vector<std::string> who_may_lift(const Chain& chain, const Reason& reason) {
    if (chain.stopped && reason.holder != Holder::network_operator) return {};
    switch (reason.holder) {
        case Holder::m2m_sp: return {name(m2m_sp())};
        case Holder::network_operator:
            return reason.code == ReasonCode("lost") ? std::vector<std::string>{}
                                                     : std::vector{operator_name(chain)};
        case Holder::customer: break;
    }
    std::vector<std::string> out{name(chain.customer)};
    const bool tested = chain.equipment && chain.equipment->was_active;
    if (!tested && chain.customer != m2m_sp()) out.push_back(name(m2m_sp()));
    return out;
}

std::string party_of_hold(const Chain& chain, Holder holder) {
    switch (holder) {
        case Holder::customer: return name(chain.customer);
        case Holder::m2m_sp: return name(m2m_sp());
        case Holder::network_operator: return operator_name(chain);
    }
    std::abort();
}

Held held(const Chain& chain, const Reason& reason) {
    const CatalogueEntry* entry = in_catalogue(reason.holder, reason.code.view());
    return {.layer = reason.holder == Holder::network_operator ? Layer::network : Layer::m2m,
            .party = party_of_hold(chain, reason.holder),
            .holder = word(reason.holder),
            .code = std::string(reason.code.view()),
            .says = std::string(entry ? entry->says : "it was asked for"),
            .text = reason.text,
            .since = reason.since,
            .lifted_by = std::string(entry ? entry->lifted_by : "whoever put it"),
            .may_lift = who_may_lift(chain, reason)};
}

Held under_way(const Chain& chain, std::string code, std::string says, Time since,
               std::string lifted_by) {
    return {.layer = Layer::network,
            .party = operator_name(chain),
            .holder = "nobody",
            .code = std::move(code),
            .says = std::move(says),
            .text = {},
            .since = since,
            .lifted_by = std::move(lifted_by),
            .may_lift = {operator_name(chain)}};
}

Held drifted(const Chain& chain) {
    const Exchange& exchange = chain.exchange;
    Held out = under_way(chain, "drift", "the operator shows another state than it had confirmed",
                         exchange.behind_since, "the operator carrying out " + order_words(chain));
    if (!exchange.parked) return out;
    out.party = name(m2m_sp());
    out.lifted_by = "the M2M service provider deciding what is done";
    out.may_lift = {name(m2m_sp())};
    return out;
}

Held waiting(const Chain& chain) {
    const Parked& parked = *chain.exchange.parked;
    const bool held = chain.holds.holds(Holder::network_operator);
    Held out = under_way(chain, held ? "waiting" : "refused",
                         held ? order_words(chain) + " waits until the operator lifts its hold"
                              : "the operator refused " + order_words(chain),
                         parked.since, "the operator, or a retry by the M2M service provider");
    out.text = parked.reason;
    out.may_lift.push_back(name(m2m_sp()));
    return out;
}

// What goes on with the operator, or is stuck there: nobody's hold, and somebody to wait for.
std::optional<Held> in_progress(const Chain& chain) {
    const Exchange& exchange = chain.exchange;
    if (chain.lost || reclaimed(chain)) return std::nullopt;
    if (exchange.drift) return drifted(chain);
    if (exchange.parked) return waiting(chain);
    if (exchange.confirmed != exchange.generation)
        return under_way(chain, "unconfirmed",
                         "the operator has not confirmed " + order_words(chain) + " yet",
                         exchange.behind_since, "the operator confirming it");
    if (network_confirmed(chain)) return std::nullopt;
    return under_way(
        chain, "unseen",
        "the operator confirmed " + order_words(chain) + " but has not shown it active yet",
        exchange.behind_since, "the operator showing it active");
}

Time wished_since(const Chain& chain) {
    if (chain.stopped) return chain.exchange.behind_since;
    const Reason* reason = chain.holds.find(Holder::customer, "equipment-service");
    return reason ? reason->since : chain.equipment->since;
}

std::optional<Held> unwished(const Chain& chain) {
    const Equipment& equipment = *chain.equipment;
    Held out{.layer = Layer::equipment,
             .party = name(equipment.provider),
             .holder = "equipment-provider",
             .code = "not-wished",
             .says = {},
             .text = {},
             .since = wished_since(chain),
             .lifted_by = "the equipment provider activating the equipment service",
             .may_lift = {name(equipment.provider)}};
    switch (equipment.wish) {
        case Wish::active: return std::nullopt;
        case Wish::de_active:
            out.says = equipment.was_active ? "the equipment service was switched off"
                                            : "the equipment service was not activated yet";
            break;
        case Wish::stopped:
            out.says = "the equipment service was stopped";
            out.lifted_by = "the equipment provider reopening it for a new device";
            break;
        case Wish::replaced:
            out.says = "the device was replaced";
            out.lifted_by = "a new device reporting this equipment";
            break;
    }
    return out;
}

Held ended(const Chain& chain) {
    return {.layer = Layer::m2m,
            .party = {},
            .holder = "nobody",
            .code = "stopped",
            .says = "the M2M service was stopped, for ever",
            .text = {},
            .since = chain.exchange.behind_since,
            .lifted_by = "nobody: a fresh card is needed",
            .may_lift = {}};
}

}  // namespace

std::string_view word(Layer layer) {
    switch (layer) {
        case Layer::network: return "network";
        case Layer::m2m: return "m2m";
        case Layer::equipment: return "equipment";
    }
    std::abort();
}

std::vector<Held> held_by(const Chain& chain) {
    std::vector<Held> out;
    for (const Reason& reason : chain.holds.reasons()) out.push_back(held(chain, reason));
    if (auto progress = in_progress(chain)) out.push_back(*std::move(progress));
    if (chain.stopped) out.push_back(ended(chain));
    if (chain.equipment && !chain.equipment->ended)
        if (auto wish = unwished(chain)) out.push_back(*std::move(wish));
    return out;
}

}  // namespace msp
