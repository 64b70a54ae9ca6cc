// What the platform and a gate say to each other: lines of text in MQTT messages
// (docs/decisions/0016).
//
//   to the gate, on `gate_control_topic`, QoS 1; a message holds one line or many
//     begin EPOCH
//     provider PARTY KEY AUTHORITY PREFIX...   KEY, AUTHORITY in hex, or "-": has none
//     device DEVICE STATE                      what is not named is unbound
//     end EPOCH COUNT                          COUNT: of the lines between
//     set EPOCH DEVICE STATE                   one change to the table of EPOCH
//     beat INSTANCE CLOCK                      act until CLOCK + gate_lease
//   from the gate, QoS 0 and 1
//     clock INSTANCE EPOCH CLOCK               each second; EPOCH 0: has no table
//     connected DEVICE CONNECTION PEER         CONNECTION: a number, once per instance
//     disconnected DEVICE CONNECTION
//
// Law: what is read is valid in every word, and write(read(x)) == x; what is not understood spoils
// its message whole, never the reader. CLOCK is the gate's own, in ms; it never goes back within
// an INSTANCE, which is drawn anew when the broker starts.
// Values and pure functions, for both ends; inside the broker nothing but domain/ comes along.
#pragma once

#include "domain/identity.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace msp {

inline constexpr std::string_view gate_control_topic = "$CONTROL/msp-gate/v1";
inline constexpr std::string_view gate_clock_topic = "m2m/1/gate/clock";
inline constexpr std::string_view gate_presence_topic = "m2m/1/gate/presence";
inline constexpr std::string_view gate_platform_user = "msp";  // of the platform's own client
inline constexpr std::string_view device_topics = "m2m/1/d/";  // then DEVICE/sys|up|down/...
inline constexpr Duration gate_lease{5'000};
inline constexpr Duration gate_clock_every{1'000};
inline constexpr std::size_t gate_message_most = 64 * 1024;  // bytes of lines in one message

// What a device may do, as a gate holds it.
enum class DoorState : unsigned char {
    unbound,      // sys/ only, small and seldom
    active,       // everything of its own
    inactive,     // nothing
    stopped,      // nothing
    quarantined,  // sys/ only
};
std::string_view word(DoorState);
std::optional<DoorState> door_state(std::string_view word);

struct GateBegin {
    std::uint64_t epoch = 0;
    friend bool operator==(const GateBegin&, const GateBegin&) = default;
};
struct GateProvider {
    PartyId party;
    std::string enrolment_key;  // bytes; empty: its devices have no secrets
    std::string authority;      // SHA-256 of its CA certificate, in hex; empty: no certificates
    std::vector<std::string> prefixes;
    friend bool operator==(const GateProvider&, const GateProvider&) = default;
};
struct GateDevice {
    DeviceId device;
    DoorState state = DoorState::unbound;
    friend bool operator==(const GateDevice&, const GateDevice&) = default;
};
struct GateEnd {
    std::uint64_t epoch = 0;
    std::size_t count = 0;
    friend bool operator==(const GateEnd&, const GateEnd&) = default;
};
struct GateSet {
    std::uint64_t epoch = 0;
    DeviceId device;
    DoorState state = DoorState::unbound;
    friend bool operator==(const GateSet&, const GateSet&) = default;
};
struct GateBeat {
    std::uint64_t instance = 0;
    Duration clock{};
    friend bool operator==(const GateBeat&, const GateBeat&) = default;
};
using GateOrder = std::variant<GateBegin, GateProvider, GateDevice, GateEnd, GateSet, GateBeat>;

struct GateClock {
    std::uint64_t instance = 0;
    std::uint64_t epoch = 0;
    Duration clock{};
    friend bool operator==(const GateClock&, const GateClock&) = default;
};
struct GatePresence {
    DeviceId device;
    std::uint64_t connection = 0;
    std::optional<std::string> peer;  // an address; nothing: it went away
    friend bool operator==(const GatePresence&, const GatePresence&) = default;
};
using GateNews = std::variant<GateClock, GatePresence>;

// Each ends with a line feed.
std::string line_of(const GateOrder&);
std::string line_of(const GateNews&);

// Nothing: some line is not understood.
std::optional<std::vector<GateOrder>> read_gate_orders(std::string_view message);
std::optional<std::vector<GateNews>> read_gate_news(std::string_view message);

}  // namespace msp
