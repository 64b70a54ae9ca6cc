#include "domain/view.hpp"

#include "domain/status.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

namespace msp {

Name Name::of(ChainId id) {
    return {Kind::chain, {}, std::to_string(static_cast<std::uint64_t>(id))};
}
Name Name::of(const Iccid& iccid) {
    return {Kind::iccid, {}, std::string(iccid.text())};
}
Name Name::of(const DeviceId& id) {
    return {Kind::device, {}, std::string(id.text())};
}
Name Name::of(const OperatorId& at, const Imsi& imsi) {
    return {Kind::imsi, std::string(at.text()), std::string(imsi.text())};
}
Name Name::of(const PartyId& provider, const EquipmentId& id) {
    return {Kind::equipment, std::string(provider.text()), std::string(id.text())};
}
Name Name::subscription(const OperatorId& at, std::string_view reference) {
    return {Kind::subscription, std::string(at.text()), std::string(reference)};
}

bool names_a_chain(Name::Kind kind) {
    return kind <= Name::Kind::equipment;
}

std::vector<Name> live_names(const Chain& chain) {
    std::vector<Name> out{Name::of(chain.id)};
    if (!reclaimed(chain)) {
        out.push_back(Name::of(chain.card.iccid));
        out.push_back(Name::of(chain.subscription.at, chain.subscription.imsi));
        if (chain.subscription.reference.view() != chain.card.iccid.text())
            out.push_back(
                Name::subscription(chain.subscription.at, chain.subscription.reference.view()));
    }
    if (chain.device && !chain.stopped) out.push_back(Name::of(chain.device->id));
    if (chain.equipment && !chain.equipment->ended)
        out.push_back(Name::of(chain.equipment->provider, chain.equipment->id));
    return out;
}

// Compares what live_names() looks at.
bool keeps_names(const Chain& before, const Chain& after) {
    const auto card = [](const Chain& chain) {
        const auto& [at, imsi, reference, msisdn, mdn] = chain.subscription;
        return std::tie(chain.card.iccid, at, imsi, reference);
    };
    const auto device = [](const Chain& chain) {
        return chain.device && !chain.stopped ? &chain.device->id : nullptr;
    };
    const auto equipment = [](const Chain& chain) {
        return chain.equipment && !chain.equipment->ended ? &*chain.equipment : nullptr;
    };
    const auto same = [](const auto* a, const auto* b, auto equal) {
        return a && b ? equal(*a, *b) : a == b;
    };
    const auto same_equipment = [](const Equipment& a, const Equipment& b) {
        return a.id == b.id && a.provider == b.provider;
    };
    return before.id == after.id && reclaimed(before) == reclaimed(after) &&
           (reclaimed(after) || card(before) == card(after)) &&
           same(device(before), device(after), std::equal_to{}) &&
           same(equipment(before), equipment(after), same_equipment);
}

std::size_t NameHash::operator()(const Name& name) const noexcept {
    const std::hash<std::string_view> hash;
    const std::size_t scope = name.scope.empty() ? 0 : hash(name.scope) * 31;
    return hash(name.value) ^ scope ^ static_cast<std::size_t>(name.kind);
}

const View::Found* View::find(const Name& name) const {
    const auto found = names_.find(name);
    if (found != names_.end()) return &found->second;
    if (std::find(missing_.begin(), missing_.end(), name) == missing_.end())
        missing_.push_back(name);
    return nullptr;
}

const Chain* View::last(const Name& name) const {
    const Found* found = find(name);
    return found && found->chain ? chains_.at(*found->chain).get() : nullptr;
}

const Chain* View::chain(const Name& name) const {
    const Found* found = find(name);
    return found && found->chain && found->live ? chains_.at(*found->chain).get() : nullptr;
}

const std::string* View::record(const Name& name) const {
    const auto found = records_.find(name);
    if (found == records_.end()) {
        if (std::find(missing_.begin(), missing_.end(), name) == missing_.end())
            missing_.push_back(name);
        return nullptr;
    }
    return found->second ? &*found->second : nullptr;
}

void View::learn(const Name& name, const std::optional<Chain>& chain, bool live) {
    learn(name, chain ? std::make_shared<const Chain>(*chain) : nullptr, live);
}

void View::learn(const Name& name, std::shared_ptr<const Chain> chain, bool live) {
    if (!chain) {
        names_.try_emplace(name, Found{});
        return;
    }
    const ChainId id = chain->id;
    names_.try_emplace(name, Found{id, live});
    if (chains_.emplace(id, std::move(chain)).second)
        names_.try_emplace(Name::of(id), Found{id, true});
}

void View::learn(const Name& name, std::optional<std::string> record) {
    records_.emplace(name, std::move(record));
}

bool View::knows(const Name& name) const {
    return names_a_chain(name.kind) ? names_.contains(name) : records_.contains(name);
}

void View::follow(const Chain& after) {
    follow(std::make_shared<const Chain>(after));
}

void View::follow(std::shared_ptr<const Chain> after) {
    std::shared_ptr<const Chain>& now = chains_[after->id];
    const std::shared_ptr<const Chain> was = std::exchange(now, std::move(after));
    if (was && keeps_names(*was, *now)) return;
    for (const Name& name : was ? live_names(*was) : std::vector<Name>{}) {
        const auto found = names_.find(name);
        if (found != names_.end() && found->second.chain == now->id) found->second.live = false;
    }
    for (const Name& name : live_names(*now)) names_[name] = Found{now->id, true};
}

void View::follow(const Record& record) {
    records_[record.name] = record.body;
}

}  // namespace msp
