#include "domain/explain.hpp"
#include "domain/party.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace msp {

namespace {

std::string minute(Time time) {
    constexpr std::size_t as_far_as_minutes = 16;
    std::string out = rfc3339(time).substr(0, as_far_as_minutes);
    out[10] = ' ';
    return out += " UTC";
}

std::string on(Time time) {
    return " on " + minute(time);
}

// Somebody else's words. A long number in them may be a subscriber's and is left out.
std::string quoted(std::string_view words) {
    constexpr std::string_view digits = "0123456789";
    std::string out;
    while (!words.empty()) {
        const std::size_t run = std::min(words.find_first_not_of(digits), words.size());
        if (run == 0)
            out += words[0];
        else
            out += run < 6 ? words.substr(0, run) : std::string_view("…");
        words.remove_prefix(std::max<std::size_t>(run, 1));
    }
    return out.empty() ? out : " (“" + out + "”)";
}

bool serves_equipment(const Chain& chain) {
    return chain.equipment && !chain.equipment->ended;
}

std::string service(const Chain& chain) {
    if (serves_equipment(chain)) return "equipment service";
    return chain.device ? "M2M service of the device" : "M2M service of the card";
}

Status outermost(const Chain& chain) {
    return serves_equipment(chain) ? equipment_status(chain) : m2m_status(chain);
}

std::string order_words(const Chain& chain) {
    return "the order to " + std::string(word(wanted(chain)));
}

std::string who(const Held& held) {
    if (held.holder == "m2m-sp") return "the M2M service provider";
    if (held.holder == "operator") return "the operator";
    if (held.holder == "equipment-provider") return "the equipment provider " + held.party;
    if (held.party == m2m_sp().text()) return "the M2M service provider, as its customer,";
    return "its customer " + held.party;
}

// One holder with all its reasons.
struct Clause {
    std::string_view holder;
    std::string text;
    std::string lifted_by;
    bool several = false;
};

std::string begun(const Held& held) {
    if (held.holder != "equipment-provider")
        return who(held) + " holds it since " + minute(held.since) + " because " + held.says;
    if (held.says == "the equipment service was not activated yet")
        return who(held) + " has not activated it yet";
    return who(held) + " has it switched off since " + minute(held.since);
}

// The equipment provider's wish speaks for the customer hold that comes and goes with it.
bool said_by_the_wish(const Chain& chain, const Held& held) {
    return held.holder == "customer" && serves_equipment(chain) &&
           chain.equipment->wish == Wish::de_active && chain.customer == chain.equipment->provider;
}

std::vector<Clause> clauses(const Chain& chain, const std::vector<Held>& holders) {
    std::vector<Clause> out;
    for (const Held& held : holders) {
        if (held.holder == "nobody" || said_by_the_wish(chain, held)) continue;
        if (out.empty() || out.back().holder != held.holder) {
            out.push_back({held.holder, begun(held), held.lifted_by});
            continue;
        }
        out.back().text += ", and since " + minute(held.since) + " because " + held.says;
        out.back().several = true;
    }
    return out;
}

std::string way_back(const Chain& chain, const std::vector<Clause>& holders) {
    if (chain.lost)
        return "nothing brings this subscription back, only stopping or replacing remains";
    if (holders.size() == 2) return "both have to lift";
    if (holders.size() > 2)
        return holders.size() == 3 ? "all three have to lift" : "all four have to lift";
    if (holders[0].several) return "all these reasons have to be lifted";
    if (holders[0].holder == "equipment-provider") return "it takes that party to activate it";
    return "the hold is lifted by " + holders[0].lifted_by;
}

std::string drift_words(const Chain& chain) {
    return "since " + minute(chain.exchange.behind_since) + " the operator shows " +
           std::string(word(chain.observed.state)) + " although it had confirmed " +
           std::string(word(effect_of(wanted(chain)))) + "; " +
           (chain.exchange.parked ? "the M2M service provider decides what is done"
                                  : order_words(chain) + " is sent again");
}

std::string parked_words(const Chain& chain) {
    const Parked& parked = *chain.exchange.parked;
    const bool held = chain.holds.holds(Holder::network_operator);
    std::string out = held ? order_words(chain) + " waits until the operator lifts its hold"
                           : "the operator refused " + order_words(chain) + on(parked.since) +
                                 quoted(parked.reason);
    if (parked.until) return out + "; it is tried again" + on(*parked.until);
    if (held) return out;
    return out + "; it goes on with the operator, or with a retry by the M2M service provider";
}

// Empty when there is nothing to add.
std::string network_words(const Chain& chain) {
    const Exchange& exchange = chain.exchange;
    if (chain.lost || reclaimed(chain)) return {};
    if (exchange.drift) return drift_words(chain);
    if (exchange.parked) return parked_words(chain);
    if (exchange.confirmed != exchange.generation)
        return "since " + minute(exchange.behind_since) + " the operator has not confirmed " +
               order_words(chain);
    if (network_confirmed(chain)) return {};
    return "the operator confirmed " + order_words(chain) + " of " + minute(exchange.behind_since) +
           " but has not shown it active yet";
}

std::string outlook(const Chain& chain) {
    const Exchange& exchange = chain.exchange;
    if (exchange.parked || exchange.drift) return {};
    return exchange.confirmed != exchange.generation
               ? "it becomes active once the operator confirms"
               : "it becomes active once the operator shows it";
}

std::string joined(const std::vector<std::string>& parts) {
    std::string out;
    for (const std::string& part : parts)
        if (!part.empty()) out += (out.empty() ? "" : "; ") + part;
    return out;
}

std::string test_end(const Chain& chain) {
    return chain.until ? "the test ends" + on(*chain.until) : std::string();
}

std::string active_sentence(const Chain& chain) {
    const std::string until = chain.until ? " until " + minute(*chain.until) : "";
    return "The " + service(chain) + " is active" + until + "; nobody holds it.";
}

std::string down_sentence(const Chain& chain, const std::vector<Held>& held) {
    const auto holders = clauses(chain, held);
    std::vector<std::string> parts;
    if (holders.empty()) {
        parts = {"nobody holds it", network_words(chain), outlook(chain), test_end(chain)};
    } else {
        for (const Clause& clause : holders) parts.push_back(clause.text);
        parts.push_back(way_back(chain, holders));
        if (m2m_status(chain) == Status::active)
            parts.emplace_back("the M2M service of the device is active");
        parts.push_back(network_words(chain));
        parts.push_back(test_end(chain));
    }
    return "The " + service(chain) + " is de-active: " + joined(parts) + ".";
}

std::string ended_network(const Chain& chain) {
    if (chain.lost) return "the operator had terminated the subscription by itself";
    return reclaimed(chain) ? "the operator has taken the subscription back" : network_words(chain);
}

std::string ended_sentence(const Chain& chain) {
    const std::string since = minute(chain.exchange.behind_since);
    std::string begin = "The " + service(chain) + " is ";
    std::string next;
    if (!serves_equipment(chain)) {
        begin += "stopped for ever, since " + since;
        next = chain.device ? "the device may start again with a fresh card" : "";
    } else if (chain.equipment->wish == Wish::stopped) {
        begin += "stopped since " + since;
        next = "its provider may reopen it for a new device";
    } else if (chain.equipment->wish == Wish::replaced) {
        begin += "replaced since " + since;
        next = "it waits for a new device to report";
    } else {
        begin += "de-active since its device was stopped" + on(chain.exchange.behind_since);
        next = "it waits for a new device to report";
    }
    return joined({begin, ended_network(chain), next}) + ".";
}

std::vector<std::string> remaining(const Chain& chain) {
    std::vector<std::string> out;
    if (chain.holds.holds(Holder::customer)) out.emplace_back("of the customer");
    if (chain.holds.holds(Holder::m2m_sp)) out.emplace_back("of the M2M service provider");
    if (chain.holds.holds(Holder::network_operator)) out.emplace_back("of the operator");
    return out;
}

std::string remaining_words(const Chain& chain) {
    const auto holders = remaining(chain);
    if (holders.empty()) return {};
    if (holders.size() == 1) return "one hold remains, " + holders[0];
    if (holders.size() == 2) return "two holds remain, " + holders[0] + " and " + holders[1];
    return "three holds remain, " + holders[0] + ", " + holders[1] + " and " + holders[2];
}

bool kept_down(const Chain& chain) {
    return chain.holds.any() || (serves_equipment(chain) && chain.equipment->wish != Wish::active);
}

bool leaves_equipment(const Chain& before, const Chain& after) {
    return serves_equipment(before) && !serves_equipment(after);
}

std::string status_words(const Chain& before, const Chain& after) {
    const std::string it = "the " + service(after);
    const bool leaves = leaves_equipment(before, after);
    const bool was = (leaves ? m2m_status(before) : outermost(before)) == Status::active;
    if (outermost(after) == Status::active)
        return it + (was ? " stays active" : " becomes active at once");
    if (kept_down(after)) {
        const bool wish_alone = !after.holds.any();
        return it + (was ? " becomes de-active at once" : " stays de-active") +
               (wish_alone ? " until its provider activates it" : "");
    }
    return it + " becomes active once the operator " +
           (after.exchange.confirmed == after.exchange.generation ? "shows it" : "confirms");
}

std::string order_sent(const Chain& before, const Chain& after) {
    if (after.lost || wanted(before) == wanted(after)) return {};
    return "the network is ordered to " + std::string(word(wanted(after)));
}

std::string ending_words(const Chain& before, const Chain& after) {
    const bool replaced = serves_equipment(after) && after.equipment->wish == Wish::replaced;
    const std::string order = order_sent(before, after);
    return joined({"the M2M service ends for ever",
                   order.empty() ? "no order is sent, the subscription is gone already" : order,
                   replaced ? "the equipment waits for a new device" : ""});
}

bool same_to_the_parties(const Chain& a, const Chain& b) {
    const auto wish = [](const Chain& chain) {
        return serves_equipment(chain) ? std::optional(chain.equipment->wish) : std::nullopt;
    };
    return a.holds == b.holds && a.stopped == b.stopped && a.customer == b.customer &&
           a.until == b.until && wish(a) == wish(b);
}

bool sent_again(const Chain& before, const Chain& after) {
    return same_to_the_parties(before, after) && before.exchange != after.exchange &&
           before.exchange.read_due == after.exchange.read_due &&
           after.exchange.confirmed != after.exchange.generation;
}

// Where nothing changes but what goes on with the operator.
std::string traffic_sentence(const Chain& before, const Chain& after) {
    if (sent_again(before, after))
        return "The order to " + std::string(word(wanted(after))) + " is sent again" +
               (after.exchange.insisted ? ", in spite of the operator's hold." : ".");
    if (before.exchange == after.exchange || !after.exchange.read_due) return "Nothing changes.";
    return "The operator is asked how the subscription stands; nothing else changes.";
}

std::string as_sentence(std::string words) {
    if (words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words + ".";
}

}  // namespace

std::string sentence(const Chain& chain) {
    return sentence(chain, held_by(chain));
}

std::string sentence(const Chain& chain, const std::vector<Held>& held) {
    if (chain.withdrawn) return "The card was withdrawn unused; nobody has it.";
    if (chain.stopped) return ended_sentence(chain);
    return outermost(chain) == Status::active ? active_sentence(chain) : down_sentence(chain, held);
}

std::optional<Order> order_foreseen(const Chain& before, const Chain& after) {
    const bool another = wanted(before) != wanted(after);
    if (after.lost || !(another || sent_again(before, after))) return std::nullopt;
    return wanted(after);
}

std::string preview_sentence(const Chain& before, const Chain& after) {
    if (same_to_the_parties(before, after)) return traffic_sentence(before, after);
    if (after.stopped && before.stopped) return "The M2M service stays stopped; no order is sent.";
    if (after.stopped) return as_sentence(ending_words(before, after));
    const std::string order = order_sent(before, after);
    const bool leaves = leaves_equipment(before, after);
    return as_sentence(
        joined({leaves ? "the equipment is free to be reported again" : "", remaining_words(after),
                order, status_words(before, after), order.empty() ? "no order is sent" : ""}));
}

}  // namespace msp
