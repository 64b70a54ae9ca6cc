// A claim: a device's report that was refused, kept as received until its owner decides. Values;
// no threads.
#pragma once

#include "domain/identity.hpp"
#include "domain/refusal.hpp"
#include "domain/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace msp {

using ClaimId = Text<32>;

struct Claim {
    enum class Kind : unsigned char { card, equipment };
    enum class State : unsigned char { open, accepted, dismissed };
    ClaimId id;
    Kind kind = Kind::card;
    State state = State::open;
    DeviceId device;
    PartyId provider;  // of the device: its ID stands under this party's prefix
    PartyId owner;     // who decides
    std::string iccid, imsi, imei, eid, equipment;  // as received; nothing in them is trusted
    RefusalCode refused = RefusalCode::invalid;
    Time at{};
    std::optional<Time> decided;
    friend bool operator==(const Claim&, const Claim&) = default;
};

std::string encode(const Claim&);
std::optional<Claim> decode_claim(std::string_view);

}  // namespace msp
