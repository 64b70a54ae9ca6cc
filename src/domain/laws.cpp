#include "domain/laws.hpp"

#include "domain/status.hpp"
#include "domain/view.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace msp {

namespace {

// Collects what is broken in one chain.
class Findings {
public:
    Findings(std::vector<BrokenLaw>& out, ChainId chain) : out_(out), chain_(chain) {}

    void demand(bool kept, int law, std::string how) {
        if (!kept) out_.push_back({law, chain_, std::move(how)});
    }

private:
    std::vector<BrokenLaw>& out_;
    ChainId chain_;
};

// The derivation of docs/laws.md once more, from the reasons themselves and by counting: what
// status.cpp derives must come out the same.
struct Derived {
    std::string_view order;
    std::string_view m2m;
    std::string_view equipment;
    bool admission = false;
};

Derived derive(const Chain& chain) {
    int ours = 0;
    int theirs = 0;
    for (const Reason& reason : chain.holds.reasons())
        ++(reason.holder == Holder::network_operator ? theirs : ours);
    const Exchange& exchange = chain.exchange;
    const bool shown =
        exchange.seen && !exchange.drift && exchange.generation - exchange.confirmed == 0;

    Derived out{.order = "activate",
                .m2m = "de-active",
                .equipment = "de-active",
                .admission = ours + theirs == 0 && !chain.stopped};
    if (ours > 0) out.order = "de-activate";
    if (ours + theirs == 0 && shown) out.m2m = "active";
    if (chain.stopped) out.order = "reclaim", out.m2m = "stopped";
    if (!chain.equipment) return out;
    if (chain.equipment->wish == Wish::active && out.m2m == "active") out.equipment = "active";
    if (chain.equipment->wish == Wish::stopped) out.equipment = "stopped";
    if (chain.equipment->wish == Wish::replaced) out.equipment = "replaced";
    return out;
}

void law_1(const Chain& chain, Findings& findings) {
    const Derived derived = derive(chain);
    findings.demand(word(wanted(chain)) == derived.order, 1, "wanted is not what the holds say");
    findings.demand(word(m2m_status(chain)) == derived.m2m, 1,
                    "the M2M service's status is not derived");
    findings.demand(admission_open(chain) == derived.admission, 1,
                    "admission is not what the holds say");
    const bool over = chain.stopped || chain.holds.holds(Holder::customer);
    findings.demand(!chain.until || !over, 1, "a test has an end although it is over");
    if (!chain.equipment) return;
    const Wish wish = chain.equipment->wish;
    findings.demand(word(equipment_status(chain)) == derived.equipment, 1,
                    "the equipment service's status is not derived");
    findings.demand(wish != Wish::active || !chain.holds.holds(Holder::customer), 1,
                    "the equipment service is wished active under a customer hold");
    findings.demand((wish != Wish::stopped && wish != Wish::replaced) || chain.stopped, 1,
                    "the equipment service is ended but the subscription is not stopped");
    findings.demand(wish != Wish::active || !chain.stopped, 1,
                    "the equipment service is wished active on a stopped subscription");
    findings.demand(wish != Wish::active || !chain.until, 1,
                    "the equipment service is wished active until the end of a test");
}

void law_2(const Chain& chain, Findings& findings) {
    const Exchange& exchange = chain.exchange;
    findings.demand(exchange.confirmed <= exchange.generation, 2,
                    "a generation is confirmed that was never wanted");
    findings.demand(exchange.read_generation <= exchange.generation, 2,
                    "a read was issued under a generation that is still to come");
    findings.demand(!exchange.seen || (exchange.confirmed == exchange.generation &&
                                       wanted(chain) == Order::activate),
                    2, "active was seen for something else than is wanted now");
    if (!exchange.in_flight) return;
    const InFlight& sent = *exchange.in_flight;
    findings.demand(sent.generation <= exchange.generation, 2,
                    "an order is in flight for a generation that is still to come");
    findings.demand(sent.generation != exchange.generation || sent.order == wanted(chain), 2,
                    "the newest order in flight is not what is wanted");
    findings.demand(!sent.done || sent.generation <= exchange.confirmed, 2,
                    "an order is done but its generation is not confirmed");
}

void law_4(const Chain& chain, Findings& findings) {
    const Exchange& exchange = chain.exchange;
    findings.demand(chain.lost == (chain.holds.find(Holder::network_operator, "lost") != nullptr),
                    4, "lost and the operator's hold for it do not go together");
    const NetworkState shown = chain.observed.state;
    findings.demand(!exchange.seen || shown == NetworkState::active, 4,
                    "active counts as seen and is not what was observed");
    const bool explained = exchange.confirmed != exchange.generation || exchange.drift ||
                           chain.holds.holds(Holder::network_operator);
    findings.demand(explained || wanted(chain) != Order::de_activate ||
                        shown == NetworkState::de_active || shown == NetworkState::unknown,
                    4, "de-active is confirmed and not what was observed");
    if (!reclaimed(chain)) return;
    findings.demand(exchange.awaiting == Awaiting::nothing && !exchange.read_due, 4,
                    "something is asked about a reclaimed subscription");
    findings.demand(!exchange.in_flight || exchange.in_flight->order == Order::reclaim, 4,
                    "an order but reclaim is in flight to a reclaimed subscription");
}

bool something_to_do(const Chain& chain) {
    const Exchange& exchange = chain.exchange;
    if (exchange.awaiting != Awaiting::nothing || exchange.in_flight) return true;
    if (chain.lost || reclaimed(chain)) return false;
    if (exchange.parked) return exchange.read_due || exchange.parked->until.has_value();
    return exchange.read_due || exchange.drift || exchange.confirmed != exchange.generation;
}

void law_10(const Chain& chain, Findings& findings) {
    const Exchange& exchange = chain.exchange;
    const bool order = exchange.awaiting == Awaiting::order;
    findings.demand(!order || (exchange.in_flight && !exchange.in_flight->answered), 10,
                    "an answer is awaited to an order that is not in flight");
    findings.demand(!exchange.in_flight || !exchange.in_flight->next_poll || order, 10,
                    "an order is polled for that no answer is awaited to");
    findings.demand(!something_to_do(chain) || exchange.due, 10,
                    "something is to be done and nothing is due");
    findings.demand(!exchange.due || something_to_do(chain) || chain.until, 10,
                    "something is due and nothing is to be done");
    findings.demand(!chain.until || chain.stopped || !exchange.due || *exchange.due <= *chain.until,
                    10, "the end of a test comes before what is due");
}

std::string_view kind_words(Name::Kind kind) {
    switch (kind) {
        case Name::Kind::chain: return "number";
        case Name::Kind::iccid: return "ICCID";
        case Name::Kind::imsi: return "IMSI at one operator";
        case Name::Kind::subscription: return "subscription reference";
        case Name::Kind::device: return "device ID";
        case Name::Kind::equipment: return "equipment";
        case Name::Kind::claim:
        case Name::Kind::batch:
        case Name::Kind::batch_open:
        case Name::Kind::equipment_card:
        case Name::Kind::party:
        case Name::Kind::key:
        case Name::Kind::endpoint:
        case Name::Kind::endpoint_state:
        case Name::Kind::delivery:
        case Name::Kind::operator_settings:
        case Name::Kind::operator_event:
        case Name::Kind::answer:
        case Name::Kind::setting: break;
    }
    return "name";
}

void law_5(const Chain& chain, Findings& findings) {
    if (!chain.equipment) return;
    findings.demand(chain.device.has_value(), 5, "an equipment is bound to no device");
    findings.demand(chain.equipment->provider == chain.customer, 5,
                    "an equipment is another party's than its device");
    findings.demand(!chain.equipment->ended || chain.stopped, 5,
                    "an equipment was left by a device that is not stopped");
}

void law_5(std::span<const Chain> fleet, std::vector<BrokenLaw>& out) {
    std::map<Name, ChainId> owners;
    for (const Chain& chain : fleet)
        for (Name& name : live_names(chain)) {
            const Name::Kind kind = name.kind;
            const bool fresh = owners.emplace(std::move(name), chain.id).second;
            Findings(out, chain.id)
                .demand(fresh, 5,
                        "another live chain has the same " + std::string(kind_words(kind)));
        }
}

std::vector<Reason> reasons_of(const Chain& chain, Holder holder) {
    std::vector<Reason> out;
    for (const Reason& reason : chain.holds.reasons())
        if (reason.holder == holder) out.push_back(reason);
    return out;
}

void law_2(const Chain& before, const Chain& after, Findings& findings) {
    const std::uint64_t steps = wanted(before) == wanted(after) ? 0 : 1;
    findings.demand(after.exchange.generation == before.exchange.generation + steps, 2,
                    steps == 0 ? "the generation moved although wanted did not"
                               : "wanted moved and the generation did not follow by one");
    findings.demand(after.exchange.confirmed >= before.exchange.confirmed, 2,
                    "the confirmed generation fell");
    findings.demand(after.exchange.read_number >= before.exchange.read_number, 2,
                    "the number of reads fell");
}

void law_3(const Chain& before, const Chain& after, Holder mover, Findings& findings) {
    for (const Holder holder : every_holder)
        findings.demand(holder == mover || reasons_of(before, holder) == reasons_of(after, holder),
                        3,
                        "a change for " + std::string(word(mover)) + " moved a hold of " +
                            std::string(word(holder)));
}

// The platform's own changes put holds of every kind, but lift none that a person put as M2M SP.
void law_3_platform(const Chain& before, const Chain& after, Findings& findings) {
    for (const Reason& reason : reasons_of(before, Holder::m2m_sp)) {
        const CatalogueEntry* entry = in_catalogue(reason.holder, reason.code.view());
        const bool own = entry && entry->by_platform;
        findings.demand(own || after.holds.find(reason.holder, reason.code.view()), 3,
                        "the platform lifted a hold that the M2M service provider put");
    }
}

void law_4(const Chain& before, const Chain& after, Findings& findings) {
    findings.demand(!before.stopped || after.stopped, 4, "a stopped service came back");
    findings.demand(!before.lost || after.lost, 4, "a lost subscription came back");
    findings.demand(!reclaimed(before) || reclaimed(after), 4,
                    "a reclaimed subscription came back");
    const bool sent = after.exchange.in_flight &&
                      (!before.exchange.in_flight ||
                       after.exchange.in_flight->reference != before.exchange.in_flight->reference);
    findings.demand(!sent || !(before.lost || reclaimed(before)), 4,
                    "an order was sent to a subscription that is gone");
}

}  // namespace

std::vector<BrokenLaw> broken_laws(std::span<const Chain> fleet) {
    std::vector<BrokenLaw> out;
    for (const Chain& chain : fleet) {
        Findings findings(out, chain.id);
        law_1(chain, findings);
        law_2(chain, findings);
        law_4(chain, findings);
        law_5(chain, findings);
        law_10(chain, findings);
    }
    law_5(fleet, out);
    return out;
}

std::vector<BrokenLaw> broken_laws_between(const Chain& before, const Chain& after,
                                           std::optional<Holder> mover) {
    std::vector<BrokenLaw> out;
    Findings findings(out, after.id);
    law_2(before, after, findings);
    if (mover)
        law_3(before, after, *mover, findings);
    else
        law_3_platform(before, after, findings);
    law_4(before, after, findings);
    findings.demand(after.sequence >= before.sequence, 8, "events were taken back");
    return out;
}

}  // namespace msp
