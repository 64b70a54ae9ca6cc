// Numeric addresses of hosts: 192.0.2.7, 2001:db8::7.
//
// Law: only the strict forms are read: four decimal numbers without leading zeros, or the text
// forms of RFC 4291 section 2.2 without a zone. What other parsers take for an address besides
// (octal, hex, one big number) is none.
// Values and pure functions; any thread.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

struct IpAddress {
    bool v6 = false;
    std::array<unsigned char, 16> bytes{};  // the first four of an IPv4 address
    friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

std::optional<IpAddress> parse_ip_address(std::string_view numeric);
std::string text(const IpAddress&);

// All addresses that begin with the same bits: 10.0.0.0/8, fe80::/10, ::1/128.
struct IpNetwork {
    IpAddress begin;
    unsigned bits = 0;
    bool contains(const IpAddress&) const;
    friend bool operator==(const IpNetwork&, const IpNetwork&) = default;
};

// Without a slash: this one address.
std::optional<IpNetwork> parse_ip_network(std::string_view cidr);

}  // namespace msp
