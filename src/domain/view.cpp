#include "domain/view.hpp"

#include "domain/status.hpp"

#include <algorithm>

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

const View::Found* View::find(const Name& name) const {
    const auto found = names_.find(name);
    if (found != names_.end()) return &found->second;
    if (std::find(missing_.begin(), missing_.end(), name) == missing_.end())
        missing_.push_back(name);
    return nullptr;
}

const Chain* View::last(const Name& name) const {
    const Found* found = find(name);
    return found && found->chain ? &chains_.at(*found->chain) : nullptr;
}

const Chain* View::chain(const Name& name) const {
    const Found* found = find(name);
    return found && found->chain && found->live ? &chains_.at(*found->chain) : nullptr;
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
    if (!chain) {
        names_.emplace(name, Found{});
        return;
    }
    names_.emplace(name, Found{chain->id, live});
    names_.emplace(Name::of(chain->id), Found{chain->id, true});
    chains_.emplace(chain->id, *chain);
}

void View::learn(const Name& name, std::optional<std::string> record) {
    records_.emplace(name, std::move(record));
}

bool View::knows(const Name& name) const {
    return names_a_chain(name.kind) ? names_.contains(name) : records_.contains(name);
}

void View::follow(const Chain& after) {
    const auto was = chains_.find(after.id);
    if (was != chains_.end())
        for (const Name& name : live_names(was->second)) {
            const auto found = names_.find(name);
            if (found != names_.end() && found->second.chain == after.id)
                found->second.live = false;
        }
    for (const Name& name : live_names(after)) names_[name] = Found{after.id, true};
    chains_.insert_or_assign(after.id, after);
}

void View::follow(const Record& record) {
    records_[record.name] = record.body;
}

}  // namespace msp
