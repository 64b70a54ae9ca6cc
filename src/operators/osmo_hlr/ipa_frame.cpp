#include "operators/osmo_hlr/ipa_frame.hpp"

#include <cassert>

namespace msp {

namespace {

constexpr unsigned char connection_protocol = 0xfe;
constexpr unsigned char extended_protocol = 0xee;
constexpr unsigned char ctrl_extension = 0x00;
constexpr unsigned char gsup_extension = 0x05;
constexpr std::size_t header = 3;

unsigned char byte(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

IpaFrame frame_of(unsigned char protocol, std::string_view body) {
    if (protocol == connection_protocol) return {IpaProtocol::connection, std::string(body)};
    if (protocol != extended_protocol || body.empty()) return {};
    const std::string rest(body.substr(1));
    if (byte(body, 0) == ctrl_extension) return {IpaProtocol::ctrl, rest};
    if (byte(body, 0) == gsup_extension) return {IpaProtocol::gsup, rest};
    return {};
}

}  // namespace

std::string encode(const IpaFrame& frame) {
    assert(frame.protocol != IpaProtocol::other);
    const bool plain = frame.protocol == IpaProtocol::connection;
    const std::size_t length = frame.body.size() + (plain ? 0 : 1);
    assert(length <= 0xffff);
    std::string out{static_cast<char>(length >> 8), static_cast<char>(length & 0xff),
                    static_cast<char>(plain ? connection_protocol : extended_protocol)};
    if (frame.protocol == IpaProtocol::ctrl) out += static_cast<char>(ctrl_extension);
    if (frame.protocol == IpaProtocol::gsup) out += static_cast<char>(gsup_extension);
    return out + frame.body;
}

void IpaCutter::take(std::string_view bytes) {
    if (!too_long_) bytes_ += bytes;
}

std::optional<IpaFrame> IpaCutter::next() {
    if (bytes_.size() < header) return std::nullopt;
    const std::size_t length = byte(bytes_, 0) * 256U + byte(bytes_, 1);
    if (length > longest_ + 1) {
        too_long_ = true;
        bytes_.clear();
        return std::nullopt;
    }
    if (bytes_.size() < header + length) return std::nullopt;
    IpaFrame out = frame_of(byte(bytes_, 2), std::string_view(bytes_).substr(header, length));
    bytes_.erase(0, header + length);
    return out;
}

}  // namespace msp
