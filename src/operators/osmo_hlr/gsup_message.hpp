// GSUP, what Osmocom's HLR and serving nodes tell each other, as far as a peer of the HLR needs it:
// to name itself, and to have a serving node end a subscriber's session.
//
//   message   type, elements                element   tag, length, value
//   01 IMSI (digits in pairs, swapped, f at the end)   02 cause   06 cancel type
//   28 domain (1 packet, 2 circuit)                    60, 61 source and destination name, with NUL
//
// The HLR carries a message with both names on to the peer of the second name, and answers 4e
// (routing error) where there is none. A serving node's answer goes to the HLR, not back here.
// Pure functions. Law: no bytes from outside do harm; an element that runs over the end is
// malformed.
#pragma once

#include "operators/osmo_hlr/ipa_frame.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace msp {

struct GsupMessage {
    enum class Type : unsigned char {
        delete_data = 0x14,
        delete_data_error = 0x15,
        delete_data_result = 0x16,
        location_cancel = 0x1c,
        location_cancel_error = 0x1d,
        location_cancel_result = 0x1e,
        routing_error = 0x4e,
    };
    enum class Domain : unsigned char { packet = 1, circuit = 2 };

    Type type = Type::delete_data;  // may be a byte without a name
    std::string imsi;
    std::optional<Domain> domain;
    std::optional<unsigned char> cause;
    std::string from;  // without the NUL
    std::string to;
    friend bool operator==(const GsupMessage&, const GsupMessage&) = default;
};

// Ends the packet session: the device is told "GPRS services not allowed".
GsupMessage end_packet_session(std::string_view imsi, std::string from, std::string to);
// Withdraws the subscriber from a circuit-switched serving node.
GsupMessage withdraw_circuit(std::string_view imsi, std::string from, std::string to);

// Framed. Requires: an IMSI of digits, names of at most 254 bytes.
std::string encode(const GsupMessage&);
std::optional<GsupMessage> decode_gsup(std::string_view body);

// What to say to a frame about the connection itself: who we are, or pong. Empty: nothing.
std::string answer_to_connection(const IpaFrame&, std::string_view our_name);
// The frame that asks who we are; what follows its answer is heard.
bool asks_who_we_are(const IpaFrame&);

}  // namespace msp
