// What the tests of this folder are made of: dice, times, and one chain in its usual states.
#pragma once

#include "domain/chain.hpp"
#include "domain/party.hpp"

#include <string>
#include <string_view>

namespace msp::sample {

// Numbers that follow from a seed alone, the same on every machine (splitmix64).
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t out = state_ += 0x9E3779B97F4A7C15u;
        out = (out ^ (out >> 30)) * 0xBF58476D1CE4E5B9u;
        out = (out ^ (out >> 27)) * 0x94D049BB133111EBu;
        return out ^ (out >> 31);
    }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
    bool one_in(std::size_t of) { return below(of) == 0; }
    double share() { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
    std::uint64_t state_;
};

inline constexpr std::string_view digits = "0123456789";

inline bool mentions(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

inline Time at(std::string_view rfc3339_text) {
    return *parse_rfc3339(rfc3339_text);
}

inline PartyId party(std::string_view id) {
    return PartyId::parse(id).value();
}

inline DeviceId device_id(std::string_view id) {
    return DeviceId::parse(id).value();
}

// One of many cards, each with an ICCID and an IMSI of its own.
inline Card card(std::uint64_t number) {
    std::string body = std::to_string(8'900'000'000'000'000'000u + number);
    body.back() = '0';
    body = body.substr(0, 18);
    return {.iccid = Iccid::parse(body + luhn_digit(body), CheckDigit::strict).value(),
            .eid = {},
            .batch = BatchId::parse("b1").value()};
}

inline Subscription subscription(std::uint64_t number) {
    return {.at = OperatorId::parse("op-north").value(),
            .imsi = Imsi::parse(std::to_string(262'010'000'000'000u + number)).value(),
            .reference = *SubscriptionReference::of("sub-" + std::to_string(number)),
            .msisdn = {},
            .mdn = {}};
}

inline Reason reason(Holder holder, std::string_view code, Time since) {
    return {.holder = holder,
            .code = *ReasonCode::of(code),
            .text = {},
            .by = {.party = m2m_sp(), .principal = {}, .on_behalf_of = {}},
            .since = since,
            .follows_equipment = false};
}

// A card that acme has, unheld, its network wanted active and not yet so.
inline Chain chain(std::uint64_t number = 1) {
    return {.id = ChainId(number),
            .card = card(number),
            .subscription = subscription(number),
            .holder = party("acme"),
            .customer = party("acme"),
            .device = {},
            .equipment = {},
            .holds = {},
            .until = {},
            .observed = {},
            .exchange = {},
            .revisions = {}};
}

inline Chain with_device(Chain chain) {
    chain.device = Device{.id = device_id("acme-7"), .imei = {}, .since = chain.observed.at};
    return chain;
}

inline Chain with_equipment(Chain chain, Wish wish) {
    chain = with_device(std::move(chain));
    chain.equipment = Equipment{.id = EquipmentId::parse("EX-20417").value(),
                                .provider = party("acme"),
                                .wish = wish,
                                .since = chain.observed.at,
                                .was_active = false,
                                .ended = {},
                                .before = {}};
    return chain;
}

// As the operator left it: everything confirmed, and active if that is wanted and nobody holds.
inline Chain confirmed(Chain chain) {
    const bool held = chain.holds.holds(Holder::customer) || chain.holds.holds(Holder::m2m_sp);
    const bool on = !held && !chain.stopped;
    chain.exchange.confirmed = chain.exchange.generation;
    chain.exchange.seen = on && !chain.holds.any();
    chain.observed.state = chain.stopped ? NetworkState::reclaimed
                           : on          ? NetworkState::active
                                         : NetworkState::de_active;
    chain.observed.by = ObservedBy::read;
    return chain;
}

}  // namespace msp::sample
