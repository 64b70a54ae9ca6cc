#include "world/ip_address.hpp"

#include <arpa/inet.h>

#include <cassert>
#include <charconv>

namespace msp {

std::optional<IpAddress> parse_ip_address(std::string_view numeric) {
    const std::string terminated(numeric);
    if (terminated.find('\0') != std::string::npos) return std::nullopt;
    IpAddress out{.v6 = numeric.find(':') != std::string_view::npos};
    const int family = out.v6 ? AF_INET6 : AF_INET;
    if (inet_pton(family, terminated.c_str(), out.bytes.data()) != 1) return std::nullopt;
    return out;
}

std::string text(const IpAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> out{};
    const char* const written =
        inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), out.data(), out.size());
    assert(written != nullptr);
    return written;
}

bool IpNetwork::contains(const IpAddress& address) const {
    if (address.v6 != begin.v6) return false;
    for (unsigned bit = 0; bit < bits; ++bit) {
        const unsigned mask = 0x80u >> bit % 8;
        if ((address.bytes[bit / 8] & mask) != (begin.bytes[bit / 8] & mask)) return false;
    }
    return true;
}

std::optional<IpNetwork> parse_ip_network(std::string_view cidr) {
    const std::size_t slash = cidr.find('/');
    const auto begin = parse_ip_address(cidr.substr(0, slash));
    if (!begin) return std::nullopt;
    const unsigned most = begin->v6 ? 128 : 32;
    if (slash == std::string_view::npos) return IpNetwork{*begin, most};
    const std::string_view digits = cidr.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size() || bits > most)
        return std::nullopt;
    return IpNetwork{*begin, bits};
}

}  // namespace msp
