#include "store/fleet_contract.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace msp {

static std::vector<Event> tell_of(Fleet& fleet, const Chain& before, Chain& after, Time now) {
    const Origin origin{.actor = {fleet.party(), drawn::text<64>(fleet.random), {}},
                        .operation = drawn::text<32>(fleet.random),
                        .at = now};
    std::vector<Telling> also;
    if (drawn::coin(fleet.random))
        also.push_back({EventType::device_bound, "", fleet.random.token(20), {fleet.party()}});
    return tell(before, after, origin, also);
}

Changes draw_changes(Fleet& fleet, Model& model) {
    model.now += Duration(fleet.random.below(50));
    std::map<ChainId, Chain> moved;
    std::vector<Event> events;
    for (auto left = fleet.random.below(5); left > 0; --left) {
        Chain after = fleet.newborn();
        if (!model.chains().empty() && fleet.random.below(4) != 0) {
            auto at = model.chains().begin();
            std::advance(at, fleet.random.below(model.chains().size()));
            after = *at->second.chain;
        }
        if (const auto again = moved.find(after.id); again != moved.end()) after = again->second;
        const Chain before = after;
        fleet.move(after, model.now);
        for (Event& event : tell_of(fleet, before, after, model.now))
            events.push_back(std::move(event));
        moved.insert_or_assign(after.id, after);
    }
    if (fleet.random.below(5) == 0)
        events.push_back({.at = model.now,
                          .actor = {fleet.party(), {}, {}},
                          .operation = {},
                          .before = {},
                          .after = nullptr,
                          .audience = {fleet.party()},
                          .code = "no-such-card",
                          .detail = {}});
    std::map<Name, Record> records;
    for (auto left = fleet.random.below(4); left > 0; --left) {
        const Record record = fleet.record();
        records.insert_or_assign(record.name, record);
    }
    std::vector<Chain> after;
    after.reserve(moved.size());
    for (const auto& [id, chain] : moved) after.push_back(chain);
    std::vector<Record> kept;
    kept.reserve(records.size());
    for (const auto& [name, record] : records) kept.push_back(record);
    return model.changes(after, std::move(events), kept);
}

void look_at_others(Fleet& fleet, const Model& model, Changes& changes) {
    if (!model.chains().empty()) {
        const StoredChain& other = model.chains().rbegin()->second;
        const bool moves = std::any_of(
            changes.chains.begin(), changes.chains.end(),
            [&](const ChainChange& change) { return change.after->id == other.chain->id; });
        if (!moves) changes.unchanged_chains.emplace_back(other.chain->id, other.version);
    }
    const Name name = fleet.name();
    if (names_a_chain(name.kind) && name.kind != Name::Kind::chain && !model.owner(name).live)
        changes.free_names.push_back(name);
}

void outdate(Fleet& fleet, const Model& model, Changes& changes) {
    switch (fleet.random.below(5)) {
        case 0:
            if (!changes.chains.empty()) ++changes.chains.back().expected;
            break;
        case 1:
            if (!changes.records.empty()) changes.records.back().expected += 7;
            break;
        case 2:
            if (!model.chains().empty())
                changes.unchanged_chains.emplace_back(model.chains().begin()->first, 1'000'000);
            break;
        case 3: changes.unchanged_records.emplace_back(fleet.record().name, 12'345'678); break;
        case 4:
            if (const auto taken = model.names(Name::Kind::iccid, ""); !taken.empty())
                changes.free_names.push_back({Name::Kind::iccid, "", taken.front()});
            break;
    }
}

}  // namespace msp
