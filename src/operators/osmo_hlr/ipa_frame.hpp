// The frames of IPA, in which OsmoHLR's and OsmoSGSN's interfaces come: two bytes of length (most
// significant first, of what follows the protocol byte), the protocol, the bytes.
//
//   fe     the connection itself: who are you, ping
//   ee 00  CTRL        ee 05  GSUP
//
// Law: however the bytes are cut, the same frames come out; what is longer than allowed is said as
// soon as its length is known, and nothing comes out after it. Values; no threads.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

enum class IpaProtocol : unsigned char { connection, ctrl, gsup, other };

struct IpaFrame {
    IpaProtocol protocol = IpaProtocol::other;
    std::string body;
    friend bool operator==(const IpaFrame&, const IpaFrame&) = default;
};

// Requires: protocol is not `other`, and the body fits: 65,534 bytes.
std::string encode(const IpaFrame&);

class IpaCutter {
public:
    explicit IpaCutter(std::size_t longest) : longest_(longest) {}

    void take(std::string_view bytes);
    std::optional<IpaFrame> next();
    bool too_long() const { return too_long_; }
    bool within_a_frame() const { return !bytes_.empty(); }

private:
    std::size_t longest_;  // of a body
    std::string bytes_;
    bool too_long_ = false;
};

}  // namespace msp
