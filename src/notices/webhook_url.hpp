// The URL of a webhook endpoint: parsed once and strictly, written back in one way only.
//
// Law: what is not certain to mean the same to everybody is no URL here: user names, fragments,
// backslashes, percent signs or other than ASCII letters in the host, numbers that some parsers
// read as an address, zones. text() is what is connected to, so no second parser's opinion matters.
// Values and pure functions; any thread.
#pragma once

#include "domain/result.hpp"
#include "world/ip_address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace msp {

enum class UrlFault : unsigned char {
    too_long,       // over 2,048 bytes
    bad_character,  // anything but visible ASCII, or one that URLs do not have
    bad_scheme,     // neither https:// nor http://
    user_name,      // user:password@
    fragment,       // #
    bad_host,       // no host, not a host name, or written otherwise than in ASCII (RFC 5890)
    odd_address,    // a number that is an address to some: 0x7f.1, 2130706433, 127.1
    bad_port,       // not 1 to 65535, or written with leading zeros
    bad_path,       // a percent sign without two hexadecimal digits
};
std::string_view sentence(UrlFault);

struct WebhookUrl {
    bool secure = true;
    std::string host;                  // in small letters, an IPv6 address without its brackets
    std::optional<IpAddress> address;  // where the host is one
    std::uint16_t port = 443;
    std::string path;  // with the query; begins with '/'

    static Result<WebhookUrl, UrlFault> parse(std::string_view);
    std::string text() const;
    friend bool operator==(const WebhookUrl&, const WebhookUrl&) = default;
};

}  // namespace msp
