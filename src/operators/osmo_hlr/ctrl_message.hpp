// CTRL, the control interface of Osmocom programs, as text within a frame.
//
//   GET <id> <variable>            GET_REPLY <id> <variable> <value>
//   SET <id> <variable> <value>    SET_REPLY <id> <variable> <value>    ERROR <id> <words>
//
// The id is the caller's and comes back. Pure functions. Source: OsmoHLR 1.5.0 and OsmoSGSN 1.9.0
// as they run; the transcripts are in the test.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

// A request without its id: "GET subscriber.by-imsi-….info", "SET subscriber.create …".
struct CtrlRequest {
    enum class Verb : unsigned char { get, set };
    Verb verb = Verb::get;
    std::string variable;
    std::string value{};
    friend bool operator==(const CtrlRequest&, const CtrlRequest&) = default;
};

struct CtrlReply {
    enum class Kind : unsigned char { value, error };
    std::uint32_t id = 0;
    Kind kind = Kind::value;
    std::string variable;  // empty in an error
    std::string value;     // the words of an error
    friend bool operator==(const CtrlReply&, const CtrlReply&) = default;
};

// The bytes to send, framed. Requires: 0 < id.
std::string encode(const CtrlRequest&, std::uint32_t id);

// Nothing: it is no reply, or one to nobody ("ERROR err …", a trap).
std::optional<CtrlReply> decode_ctrl(std::string_view text);

// What OsmoHLR knows of a subscriber, from `.info`: lines of a name, a tabulator, a value. A word
// that is absent is empty.
struct HlrRecord {
    std::string packet_allowed;   // nam_ps: 1 or 0
    std::string circuit_allowed;  // nam_cs
    std::string sgsn;             // the name of the serving node, empty where there is none
    std::string vlr;
    friend bool operator==(const HlrRecord&, const HlrRecord&) = default;
};
HlrRecord decode_record(std::string_view info);

// Whether the list of `subscriber-list-active-v1` ("IMSI,IPv4 192.0.2.7" a line, without an address
// for one who is attached and has no session) holds a session of this IMSI.
bool lists_session(std::string_view list, std::string_view imsi);

}  // namespace msp
