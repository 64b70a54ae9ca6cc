// Where webhooks may be sent to: the guard against requests that are aimed at our own insides
// (OWASP API7, server-side request forgery).
//
// Law: https to a public address on a port that is allowed; and whatever an operator of the
// platform names explicitly, an address and a port, in the clear too. A name is judged when it is
// connected to, by the very address that is connected to: what a name leads to may change between
// two looks. Public is what IANA's special-purpose registries (RFC 6890) do not take out: neither
// loopback, private, link-local, shared (100.64.0.0/10), documentation, multicast nor reserved
// addresses, nor IPv6 forms that carry an IPv4 address inside (mapped, NAT64, 6to4, Teredo).
// Immutable; pure; any thread.
#pragma once

#include "notices/webhook_url.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

struct AllowedTarget {
    IpNetwork network;
    unsigned port = 0;
    friend bool operator==(const AllowedTarget&, const AllowedTarget&) = default;
};
// "127.0.0.1:9000", "10.1.0.0/16:443", "[::1]:9000", "[fd00::/8]:443"
std::optional<AllowedTarget> parse_allowed_target(std::string_view);

struct AddressRules {
    std::vector<unsigned> ports{443};
    std::vector<AllowedTarget> allowed;
};

bool is_public(const IpAddress&);

class AddressGuard {
public:
    explicit AddressGuard(AddressRules rules) : rules_(std::move(rules)) {}

    // Why such a URL is no endpoint; nothing: it may be one, as far as can be told before
    // connecting.
    std::optional<std::string> objection(const WebhookUrl&) const;

    // The last word, about the address that is about to be connected to.
    bool may_connect(std::string_view numeric_address, unsigned port, bool secure) const;

private:
    bool allowed(const IpAddress&, unsigned port) const;
    bool allows_port(unsigned port) const;

    AddressRules rules_;
};

// may_connect() in the form that HttpClient asks it in.
using ConnectGuard = std::shared_ptr<const std::function<bool(std::string_view, unsigned)>>;
ConnectGuard connect_guard(std::shared_ptr<const AddressGuard>, bool secure);

}  // namespace msp
