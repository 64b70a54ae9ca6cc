// Parts of the stage (stage_test.hpp): a chain, a store whose process can end, chance without any.
#pragma once

#include "domain/chain.hpp"
#include "store/store.hpp"
#include "world/random.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace msp::stage {

inline PartyId party(std::string_view id) {
    return PartyId::parse(id).value();
}
inline const PartyId digger = party("digger");
inline const PartyId stranger = party("stranger");

// A device of `maker`, with its card, that `digger` uses and the M2M SP does not hold yet.
inline Chain chain(std::uint64_t number) {
    std::string body = std::to_string(890'000'000'000'000'000u + number);
    const std::string iccid = body + luhn_digit(body);
    const std::string imsi = std::to_string(262'010'000'000'000u + number);
    return {.id = ChainId(number),
            .card = {.iccid = Iccid::parse(iccid, CheckDigit::strict).value(),
                     .eid = {},
                     .batch = BatchId::parse("b1").value()},
            .subscription = {.at = OperatorId::parse("op-north").value(),
                             .imsi = Imsi::parse(imsi).value(),
                             .reference = *SubscriptionReference::of("sub-" + imsi),
                             .msisdn = {},
                             .mdn = {}},
            .holder = party("maker"),
            .customer = party("digger"),
            .device = Device{.id = DeviceId::parse("DV-" + std::to_string(number)).value(),
                             .imei = {},
                             .since = {}},
            .equipment = {},
            .holds = {},
            .until = {},
            .observed = {},
            .exchange = {},
            .revisions = {}};
}

// A Store that can lose its process: what is handed in then goes nowhere.
class MortalStore final : public Store {
public:
    explicit MortalStore(Store& store) : store_(store) {}

    void submit(Command command, Done done) override {
        if (dead) return;
        if (refuses > 0) {
            --refuses;
            return done(Failure{Failure::Kind::overloaded, "too many wait"});
        }
        ++submitted;
        store_.submit(std::move(command), std::move(done));
    }
    void listen(Listener listener) override { store_.listen(std::move(listener)); }
    ChainId fresh_chain_id() override { return store_.fresh_chain_id(); }

    bool dead = false;
    unsigned refuses = 0;  // the next so many
    std::uint64_t submitted = 0;

private:
    Store& store_;
};

// Chance that can be switched off: no jitter then.
class Chance final : public Random {
public:
    explicit Chance(std::uint64_t seed) : seeded_(seed) {}
    void fill(std::span<std::byte> bytes) override {
        if (flat)
            std::fill(bytes.begin(), bytes.end(), std::byte{0});
        else
            seeded_.fill(bytes);
    }
    bool flat = false;

private:
    SeededRandom seeded_;
};

}  // namespace msp::stage
