#include "simulation/witness.hpp"

#include "domain/party.hpp"
#include "domain/status.hpp"

#include <algorithm>

namespace msp::simulation {

static constexpr Duration pause_most{1'100};  // between commit and sending, as the world is founded

std::vector<std::string> Witness::names_of(const Chain& chain) const {
    std::vector<std::string> out{
        std::string(chain.card.iccid.text()),
        "chain " + std::to_string(static_cast<std::uint64_t>(chain.id)) + ":"};
    if (chain.device) out.emplace_back(chain.device->id.text());
    if (chain.equipment) out.emplace_back(chain.equipment->id.text());
    return out;
}

void Witness::report(const std::vector<BrokenLaw>& broken, const Chain& chain) {
    for (const BrokenLaw& one : broken) story_.broken(one.law, one.how, names_of(chain));
}

void Witness::committed(const Changes& changes, Time world) {
    ++commits_;
    story_.mix(changes.batch.stamp());
    for (const ChainChange& one : changes.chains) change(one, changes, world);
    std::set<std::string> operations;
    for (const Event& event : changes.events) {
        append(event);
        if (event.cause == Cause::command) operations.insert(std::string(event.operation.view()));
    }
    for (const std::string& operation : operations) ++operations_[operation];
    for (const RecordChange& one : changes.records)
        if (one.record.name.kind == Name::Kind::answer && one.record.body &&
            ++answers_[one.record.name] > 1)
            story_.broken(7, "one idempotency key was answered anew", {one.record.name.value});
}

static std::string in_words(const Chain& chain) {
    std::string out = "wanted " + std::string(word(wanted(chain))) + ", generation " +
                      std::to_string(chain.exchange.confirmed) + "/" +
                      std::to_string(chain.exchange.generation) + ", m2m " +
                      std::string(word(m2m_status(chain)));
    for (const Reason& reason : chain.holds.reasons())
        out += ", " + std::string(word(reason.holder)) + " holds (" +
               std::string(reason.code.view()) + ")";
    if (chain.exchange.in_flight) {
        out += ", in flight " + std::string(chain.exchange.in_flight->reference.view());
        if (chain.exchange.in_flight->answered) out += " answered";
    }
    if (chain.exchange.awaiting == Awaiting::read)
        out += ", awaits read " + std::to_string(chain.exchange.read_number);
    if (chain.exchange.drift) out += ", drift";
    if (chain.exchange.parked) out += ", parked: " + chain.exchange.parked->reason;
    if (chain.lost) out += ", lost";
    return out;
}

void Witness::change(const ChainChange& one, const Changes& changes, Time world) {
    const Chain& after = *one.after;
    Seen& seen = chains_[after.id];
    if (one.expected != seen.version)
        story_.broken(7, "a chain was written over a change that nobody looked at",
                      names_of(after));
    story_.mix(static_cast<std::uint64_t>(after.id));
    story_.mix(after.sequence);
    story_.mix(after.exchange.read_number);
    story_.tell([&] {
        return "node " + std::to_string(changes.batch.lane) + ": chain " +
               std::to_string(static_cast<std::uint64_t>(after.id)) + ": (" +
               std::string(after.card.iccid.text()) + ") " + in_words(after);
    });
    if (seen.chain) {
        if (seen.lane != changes.batch.lane) sometimes_.reached(Rare::two_nodes_on_one_chain);
        check_order(seen, after, world);
        walk(*seen.chain, one.after, changes);
        journals_.compare(*seen.chain, after, seen.read_issued);
        if (after.exchange.read_number > seen.chain->exchange.read_number) seen.read_issued = world;
        note_rare(*seen.chain, after);
    }
    report(broken_laws({&after, 1}), after);
    seen.chain = one.after;
    seen.lane = changes.batch.lane;
    ++seen.version;
}

// A fresh order: where it would overwrite the operator's suspension, a read under this generation,
// since the order before, has to have looked for one.
void Witness::check_order(Seen& seen, const Chain& after, Time world) {
    const auto& sent = after.exchange.in_flight;
    const auto& before = seen.chain->exchange.in_flight;
    if (!sent || (before && before->reference == sent->reference)) return;
    orders_[std::string(sent->reference.view())] = world;
    const bool looked = after.exchange.read_generation == sent->generation &&
                        after.exchange.read_number > seen.reads_at_order;
    const bool careful = sent->order == Order::reclaim || seen.chain->exchange.insisted ||
                         !overwritten_.contains(after.subscription.at);
    if (!looked && !careful)
        story_.broken(6, "an order was sent that nothing was read before", names_of(after));
    seen.reads_at_order = after.exchange.read_number;
}

void Witness::sent(const std::string& reference, Time world) {
    const auto order = orders_.find(reference);
    if (order == orders_.end())
        story_.broken(4, "an order was sent that is not on record", {reference});
    else if (world - order->second > pause_most)
        story_.broken(4, "an order was sent long after it was committed", {reference});
}

// A hold that is inferred from an inactive network is the operator's only where we had it active.
void Witness::check_blame(const Chain& before, const Chain& after) {
    constexpr std::string_view inferred = "operator-inactive";
    if (before.holds.find(Holder::network_operator, inferred) ||
        !after.holds.find(Holder::network_operator, inferred))
        return;
    const bool ours_was_active = wanted(before) == Order::activate &&
                                 before.exchange.confirmed == before.exchange.generation;
    if (!ours_was_active)
        story_.broken(6, "our own order is blamed on the operator", names_of(after));
}

// One commit holds many decisions: each is looked at by itself, as its events show it.
void Witness::walk(const Chain& before, const SharedChain& after, const Changes& changes) {
    SharedChain last;
    for (const Event& event : changes.events) {
        if (!event.after || event.after->id != after->id || event.after == last) continue;
        step(last ? *last : before, *event.after, &event);
        last = event.after;
    }
    const Chain& from = last ? *last : before;
    if (last != after) step(from, *after, nullptr);
    if (from.holds != after->holds)
        story_.broken(9, "a hold moved and no event tells of it", names_of(*after));
}

static bool binds(EventType type) {
    return type == EventType::device_bound || type == EventType::device_unbound ||
           type == EventType::equipment_bound || type == EventType::equipment_unbound ||
           type == EventType::card_registered || type == EventType::card_withdrawn;
}

void Witness::step(const Chain& before, const Chain& after, const Event* first) {
    const bool binding = first && binds(first->type);
    report(broken_laws_between(before, after, first ? mover_of(*first, binding) : std::nullopt),
           after);
    check_blame(before, after);
    if (first && first->cause == Cause::command) check_command(before, after, *first);
    if (before.device && after.device && before.device->id != after.device->id)
        story_.broken(5, "another device took a bound card over", names_of(after));
}

void Witness::check_command(const Chain& before, const Chain& after, const Event& event) {
    const Expected* known = expected(event);
    if (known && known->revision && before.revisions.wish != *known->revision)
        story_.broken(7, "a command was applied to another revision than it named",
                      names_of(after));
}

const Witness::Expected* Witness::expected(const Event& event) const {
    const auto known = expected_.find(std::string(event.operation.view()));
    return known == expected_.end() ? nullptr : &known->second;
}

Mover Witness::mover_of(const Event& event, bool binding) const {
    if (binding) return std::nullopt;
    switch (event.cause) {
        case Cause::network_operator:
        case Cause::audit: return Holder::network_operator;
        case Cause::timer: return Holder::customer;
        case Cause::device: return std::nullopt;
        case Cause::command: break;
    }
    const Expected* known = expected(event);
    return known ? known->mover : std::nullopt;
}

void Witness::append(const Event& event) {
    const auto kept = std::make_shared<const Event>(event);
    history_.push_back(kept);
    for (const PartyId& party : event.audience) feeds_[party].push_back(kept);
    story_.tell([&] {
        return "event " + std::string(word(event.type)) + " " + event.code + " " + event.detail +
               (event.after ? " of " + std::string(event.after->card.iccid.text()) : "") +
               ", cause " + std::string(word(event.cause)) + ", operation " +
               std::string(event.operation.view());
    });
    note_rare(event);
    if (!event.after) return;
    if (event.sequence != ++sequences_[event.after->id])
        story_.broken(8, "a chain's events are not numbered one by one", names_of(*event.after));
    check_audience(event);
}

static bool concerns(const Chain& chain, const PartyId& party) {
    return chain.customer == party || chain.holder == party ||
           (chain.equipment && chain.equipment->provider == party);
}

// Whoever is told used the service before or uses it after, or made the device.
void Witness::check_audience(const Event& event) {
    Shown& shown = shown_[event.after->id];
    if (shown.now != event.after) shown = {shown.now, event.after};
    for (const PartyId& party : event.audience)
        if (!concerns(*event.after, party) && !(shown.before && concerns(*shown.before, party)))
            story_.broken(9, "an event is told to a party that it does not concern",
                          names_of(*event.after));
}

const std::vector<std::shared_ptr<const Event>>& Witness::feed(const PartyId& party) const {
    static const std::vector<std::shared_ptr<const Event>> nothing;
    const auto found = feeds_.find(party);
    return found == feeds_.end() ? nothing : found->second;
}

unsigned Witness::applied(const std::string& operation) const {
    const auto found = operations_.find(operation);
    return found == operations_.end() ? 0 : found->second;
}

unsigned Witness::answered(const Name& key) const {
    const auto found = answers_.find(key);
    return found == answers_.end() ? 0 : found->second;
}

std::vector<Chain> Witness::fleet() const {
    std::vector<Chain> out;
    out.reserve(chains_.size());
    for (const auto& [id, seen] : chains_) out.push_back(*seen.chain);
    return out;
}

void Witness::look_at_fleet() {
    const std::vector<Chain> all = fleet();
    for (const BrokenLaw& one : broken_laws(all)) report({one}, *chains_.at(one.chain).chain);
}

// -------------------------------------------------------------------------------------------- rare

void Witness::note_rare(const Chain& before, const Chain& after) {
    if (!reclaimed(before) && reclaimed(after) && !after.withdrawn)
        sometimes_.reached(Rare::reclaimed);
    if (!before.lost && after.lost) sometimes_.reached(Rare::subscription_lost);
    if (!before.exchange.drift && after.exchange.drift) sometimes_.reached(Rare::drift_found);
    if (!before.exchange.insisted && after.exchange.insisted) sometimes_.reached(Rare::insisted);
    if (!before.holds.holds(Holder::network_operator) &&
        after.holds.holds(Holder::network_operator))
        sometimes_.reached(Rare::operator_held);
    if (!after.equipment) return;
    const Wish is = after.equipment->wish;
    const bool moved = before.equipment && before.equipment->wish != is;
    if (moved && is == Wish::stopped) sometimes_.reached(Rare::equipment_stopped);
    if (moved && is == Wish::replaced) sometimes_.reached(Rare::equipment_replaced);
    if (!before.equipment && after.equipment->before)
        sometimes_.reached(Rare::equipment_back_with_new_device);
}

void Witness::note_rare(const Event& event) {
    if (event.type == EventType::binding_refused) sometimes_.reached(Rare::claim_kept);
    if (event.type == EventType::order_refused) sometimes_.reached(Rare::order_refused);
    if (event.cause == Cause::timer) sometimes_.reached(Rare::test_ended);
}

}  // namespace msp::simulation
