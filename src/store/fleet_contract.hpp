// A fleet that does everything a fleet can do, drawn by seed: batches for an engine and its model.
#pragma once

#include "store/drawn_contract.hpp"
#include "store/model_contract.hpp"

#include <string>

namespace msp {

// Few names for many chains: they are taken, given back and fought for.
class Fleet {
public:
    explicit Fleet(std::uint64_t seed) : random(seed) {}

    Chain newborn() {
        Chain out = drawn::usual_chain(random, ++last_chain_);
        const std::string card = std::to_string(100 + random.below(60));
        out.card.iccid = drawn::id<Iccid>("8981100000000000" + card);
        out.subscription.imsi = drawn::id<Imsi>("440101000000" + card);
        out.subscription.reference = *SubscriptionReference::of(out.card.iccid.text());
        out.customer = party();
        out.device.reset();
        out.equipment.reset();
        return out;
    }

    PartyId party() { return drawn::id<PartyId>("party-" + std::to_string(random.below(5))); }

    void move(Chain& chain, Time now) {
        switch (random.below(7)) {
            case 0: chain.device = Device{device(), {}, now}; break;
            case 1: chain.device.reset(); break;
            case 2: chain.equipment = equipment(now); break;
            case 3: chain.equipment.reset(); break;
            case 4: reclaim(chain); break;
            case 5: chain.exchange.due = now + Duration(random.below(100'000)); break;
            case 6: chain.exchange.due.reset(); break;
        }
        if (drawn::coin(random)) chain.subscription.reference = drawn::text<64>(random);
        chain.customer = party();
    }

    Record record() {
        constexpr Name::Kind kinds[] = {Name::Kind::claim, Name::Kind::endpoint,
                                        Name::Kind::answer};
        const Name name{kinds[random.below(3)], "party-" + std::to_string(random.below(3)),
                        std::to_string(random.below(12))};
        if (random.below(3) == 0 && name.kind != Name::Kind::answer) return {name, std::nullopt};
        return {name, random.token(random.below(400))};
    }

    Name name() {
        switch (random.below(5)) {
            case 0: return Name::of(ChainId{1 + random.below(last_chain_ + 1)});
            case 1: return Name::of(newborn_card());
            case 2: return Name::of(device());
            case 3: return Name::of(party(), drawn::id<EquipmentId>(number("exc-", 8)));
            default: return record().name;
        }
    }

    SeededRandom random;

private:
    std::string number(const std::string& prefix, std::uint64_t below) {
        return prefix + std::to_string(random.below(below));
    }
    Iccid newborn_card() {
        return drawn::id<Iccid>("8981100000000000" + std::to_string(100 + random.below(60)));
    }
    DeviceId device() { return drawn::id<DeviceId>(number("dev-", 15)); }
    Equipment equipment(Time now) {
        return {.id = drawn::id<EquipmentId>(number("exc-", 8)),
                .provider = party(),
                .since = now,
                .ended = drawn::perhaps<Time>(random, [&] { return now; }),
                .before = {}};
    }
    static void reclaim(Chain& chain) {
        chain.stopped = true;
        chain.observed.state = NetworkState::reclaimed;
        chain.exchange.confirmed = chain.exchange.generation;
    }

    std::uint64_t last_chain_ = 0;
};

// A batch as a commit queue could have decided it.
Changes draw_changes(Fleet&, Model&);

// It looked at more than it changed.
void look_at_others(Fleet&, const Model&, Changes&);

// Something was changed by somebody else since it was looked at.
void outdate(Fleet&, const Model&, Changes&);

}  // namespace msp
