// Chains, events and answers drawn by seed: for property tests and measurements.
//
// Two kinds: `usual` ones, as a fleet consists of them, and `strange` ones, in which every member
// takes any value that it can.
#pragma once

#include "domain/decision.hpp"
#include "domain/party.hpp"
#include "world/random.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace msp::drawn {

inline std::string digits(Random& random, std::size_t count) {
    std::string out;
    while (out.size() < count) out += static_cast<char>('0' + random.below(10));
    return out;
}

template <class Id>
Id id(std::string_view text) {
    if constexpr (requires { Id::parse(text, CheckDigit::warn); })
        return Id::parse(text, CheckDigit::warn).value();
    else
        return Id::parse(text).value();
}

inline bool coin(Random& random) {
    return random.below(2) == 1;
}
inline Time moment(Random& random) {
    return Time(
        Duration(1'760'000'000'000 + static_cast<std::int64_t>(random.below(31'536'000'000))));
}
template <std::size_t N>
Text<N> text(Random& random) {
    return *Text<N>::of(random.token(random.below(N + 1)));
}
inline PartyId party(Random& random) {
    return id<PartyId>("provider-" + std::to_string(random.below(100)));
}

// As a fleet consists of them: a card in a device in an equipment, on or off.
inline Chain usual_chain(Random& random, std::uint64_t number) {
    const std::string name = std::to_string(100'000'000 + number % 800'000'000);
    const Iccid iccid = id<Iccid>("8981100000" + name);
    const PartyId customer = party(random);
    const Time at = moment(random);
    Chain out{.id = ChainId{number},
              .card = {iccid, {}, id<BatchId>("2026-" + std::to_string(number / 10'000))},
              .subscription = {id<OperatorId>("op-east"),
                               id<Imsi>("440101" + name),
                               *SubscriptionReference::of(iccid.text()),
                               {},
                               {}},
              .holder = id<PartyId>("modem-maker"),
              .customer = customer,
              .device = Device{id<DeviceId>("dev-" + name), {}, at},
              .equipment = Equipment{.id = id<EquipmentId>("exc-" + name),
                                     .provider = customer,
                                     .wish = coin(random) ? Wish::active : Wish::de_active,
                                     .since = at + Duration(86'400'000),
                                     .was_active = true,
                                     .ended = {},
                                     .before = {}},
              .holds = {},
              .until = {},
              .observed = {},
              .exchange = {},
              .revisions = {.customer_hold = 4, .m2m_sp_hold = 1, .wish = 3},
              .sequence = 9 + random.below(200)};
    Exchange& exchange = out.exchange;
    exchange.generation = exchange.confirmed = 3 + random.below(100);
    exchange.read_number = exchange.read_generation = exchange.generation;
    exchange.behind_since = out.equipment->since + Duration(random.below(1'000'000'000));
    exchange.operation = *OperationId::of(random.token(16));
    out.observed = {.state = NetworkState::active,
                    .session = {},
                    .native = "ACTIVE",
                    .at = exchange.behind_since + Duration(2'345),
                    .by = ObservedBy::read};
    exchange.seen = out.equipment->wish == Wish::active;
    if (!exchange.seen) {
        out.observed.state = NetworkState::de_active;
        out.observed.native = "SUSPENDED";
        out.holds.put({.holder = Holder::customer,
                       .code = "equipment-service",
                       .text = {},
                       .by = {customer, *Principal::of("key " + random.token(8)), {}},
                       .since = exchange.behind_since});
    }
    return out;
}

inline Reason strange_reason(Random& random) {
    Actor by{party(random), text<64>(random), {}};
    if (coin(random)) by.on_behalf_of = party(random);
    return {.holder = every_holder[random.below(3)],
            .code = coin(random) ? ReasonCode("other") : text<32>(random),
            .text = random.token(random.below(300)),
            .by = by,
            .since = coin(random) ? moment(random) : Time{},
            .follows_equipment = coin(random)};
}

template <class Value, class Draw>
std::optional<Value> perhaps(Random& random, Draw draw) {
    if (coin(random)) return std::nullopt;
    return Value(draw());
}

inline Exchange strange_exchange(Random& random) {
    const auto when = [&] { return moment(random); };
    Exchange out{.generation = random.next() >> random.below(64),
                 .confirmed = random.next() >> random.below(64),
                 .in_flight = {},
                 .parked = {},
                 .due = perhaps<Time>(random, when),
                 .operation = text<32>(random)};
    if (coin(random))
        out.in_flight =
            InFlight{.order = static_cast<Order>(random.below(3)),
                     .generation = random.below(1'000),
                     .reference = text<40>(random),
                     .since = moment(random),
                     .answered = coin(random),
                     .done = coin(random),
                     .next_poll = perhaps<Time>(random, when),
                     .operator_reference = coin(random) ? text<64>(random) : Text<64>()};
    if (coin(random))
        out.parked = Parked{random.token(random.below(90)), coin(random) ? moment(random) : Time{},
                            perhaps<Time>(random, when)};
    out.awaiting = static_cast<Awaiting>(random.below(3));
    for (Time* time : {&out.behind_since, &out.deadline, &out.not_before})
        if (coin(random)) *time = moment(random);
    for (bool* flag : {&out.read_due, &out.drift, &out.seen, &out.clear_to_send, &out.insisted})
        *flag = coin(random);
    out.read_number = random.below(100'000);
    out.read_generation = random.below(300);
    out.attempts = static_cast<std::uint32_t>(random.next());
    return out;
}

inline Chain strange_chain(Random& random, std::uint64_t number) {
    const auto when = [&] { return moment(random); };
    Chain out = usual_chain(random, number);
    out.card.iccid = id<Iccid>("89" + digits(random, 16 + random.below(3)));
    out.card.eid = perhaps<Eid>(random, [&] { return id<Eid>(digits(random, 32)); });
    Subscription& subscription = out.subscription;
    subscription.imsi = id<Imsi>(digits(random, 6 + random.below(10)));
    subscription.reference = text<64>(random);
    subscription.msisdn =
        perhaps<Msisdn>(random, [&] { return id<Msisdn>("1" + digits(random, random.below(15))); });
    subscription.mdn = perhaps<Mdn>(random, [&] { return id<Mdn>("13" + digits(random, 9)); });
    if (coin(random)) out.holder = party(random);
    const auto imei = [&] { return id<Imei>(digits(random, 14 + random.below(3))); };
    out.device->imei = perhaps<Imei>(random, imei);
    out.equipment->wish = static_cast<Wish>(random.below(4));
    out.equipment->was_active = coin(random);
    out.equipment->ended = perhaps<Time>(random, when);
    out.equipment->before = perhaps<ChainId>(random, [&] { return random.next(); });
    if (coin(random)) out.equipment.reset();
    if (coin(random)) out.device.reset();
    for (auto reasons = random.below(5); reasons > 0; --reasons)
        out.holds.put(strange_reason(random));
    for (bool* flag : {&out.stopped, &out.lost, &out.withdrawn}) *flag = random.below(4) == 0;
    out.until = perhaps<Time>(random, when);
    out.observed = {.state = static_cast<NetworkState>(random.below(4)),
                    .session = perhaps<bool>(random, [&] { return coin(random); }),
                    .native = text<32>(random),
                    .at = coin(random) ? moment(random) : Time{},
                    .by = static_cast<ObservedBy>(random.below(4))};
    out.exchange = strange_exchange(random);
    out.revisions.wish = static_cast<std::uint32_t>(random.next());
    return out;
}

}  // namespace msp::drawn
