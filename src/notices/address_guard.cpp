#include "notices/address_guard.hpp"

#include <algorithm>
#include <charconv>

namespace msp {

namespace {

// IANA IPv4 Special-Purpose Address Registry, with multicast and what is reserved.
constexpr std::string_view not_public_v4[] = {
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
};

// Global unicast (RFC 4291 section 2.4) less what the IPv6 registry takes out of it: protocol
// assignments with Teredo, documentation, 6to4. All forms with an IPv4 address inside but the last
// lie outside of it.
constexpr std::string_view global_v6 = "2000::/3";
constexpr std::string_view not_public_v6[] = {"2001::/23", "2001:db8::/32", "2002::/16",
                                              "3fff::/20"};

template <std::size_t N>
bool in_any(const std::string_view (&networks)[N], const IpAddress& address) {
    return std::any_of(std::begin(networks), std::end(networks), [&](std::string_view cidr) {
        return parse_ip_network(cidr)->contains(address);
    });
}

std::optional<unsigned> port_of(std::string_view digits) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    return whole && port > 0 && port <= 65'535 ? std::optional(port) : std::nullopt;
}

// Names that lead into the own house by convention (RFC 6761, RFC 6762, RFC 8375, RFC 9476), and
// all that have no dot.
bool is_house_name(std::string_view host) {
    if (host.find('.') == std::string_view::npos) return true;
    for (const std::string_view end :
         {".localhost", ".local", ".internal", ".home.arpa", ".localdomain", ".lan", ".intranet",
          ".corp", ".home", ".private", ".alt", ".onion", ".test", ".invalid"})
        if (host.ends_with(end)) return true;
    return false;
}

}  // namespace

std::optional<AllowedTarget> parse_allowed_target(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view cidr = text.substr(0, colon);
    const bool brackets = cidr.starts_with('[') && cidr.ends_with(']');
    if (brackets) cidr = cidr.substr(1, cidr.size() - 2);
    const auto network = parse_ip_network(cidr);
    const auto port = port_of(text.substr(colon + 1));
    if (!network || !port || network->begin.v6 != brackets) return std::nullopt;
    return AllowedTarget{*network, *port};
}

bool is_public(const IpAddress& address) {
    if (!address.v6) return !in_any(not_public_v4, address);
    return parse_ip_network(global_v6)->contains(address) && !in_any(not_public_v6, address);
}

bool AddressGuard::allowed(const IpAddress& address, unsigned port) const {
    return std::any_of(rules_.allowed.begin(), rules_.allowed.end(), [&](const auto& target) {
        return target.port == port && target.network.contains(address);
    });
}

bool AddressGuard::allows_port(unsigned port) const {
    return std::any_of(rules_.allowed.begin(), rules_.allowed.end(),
                       [port](const auto& target) { return target.port == port; });
}

bool AddressGuard::may_connect(std::string_view numeric_address, unsigned port, bool secure) const {
    const auto address = parse_ip_address(numeric_address);
    if (!address) return false;
    if (allowed(*address, port)) return true;
    const bool usual =
        std::find(rules_.ports.begin(), rules_.ports.end(), port) != rules_.ports.end();
    return secure && usual && is_public(*address);
}

std::optional<std::string> AddressGuard::objection(const WebhookUrl& url) const {
    if (url.address) {
        if (may_connect(url.host, url.port, url.secure)) return std::nullopt;
        if (!is_public(*url.address)) return "The address of the URL is not a public one.";
    } else if (allows_port(url.port)) {
        return std::nullopt;  // the name may lead to what is allowed: seen when it is connected to
    } else if (is_house_name(url.host)) {
        return "The host of the URL is not a public name.";
    }
    if (!url.secure) return "The URL does not begin with https://.";
    if (std::find(rules_.ports.begin(), rules_.ports.end(), url.port) == rules_.ports.end())
        return "The port of the URL is not one that webhooks are sent to.";
    return std::nullopt;
}

ConnectGuard connect_guard(std::shared_ptr<const AddressGuard> guard, bool secure) {
    return std::make_shared<const std::function<bool(std::string_view, unsigned)>>(
        [guard = std::move(guard), secure](std::string_view address, unsigned port) {
            return guard->may_connect(address, port, secure);
        });
}

}  // namespace msp
