// A webhook endpoint: whose it is, where notices go, which, and how they are signed.
//
// Law: an endpoint is a reader of its party's feed from `after` on; how far it has come stands
// apart (endpoint_progress.hpp). Two secrets are valid while one takes the other's place.
// Values and pure functions; no threads.
#pragma once

#include "domain/view.hpp"
#include "notices/type_filter.hpp"
#include "notices/webhook.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

using EndpointId = Text<32>;

struct Endpoint {
    enum class State : unsigned char {
        enabled,
        disabled,  // by its party or by us; goes on where it stopped
        deleted,   // gone for everybody; what is kept of it is being removed
    };
    struct OldSecret {
        WebhookSecret secret;
        Time until{};
        friend bool operator==(const OldSecret&, const OldSecret&) = default;
    };

    EndpointId id;
    PartyId party;
    std::string url;  // as WebhookUrl::text() writes it
    TypeFilter types;
    WebhookSecret secret;
    std::optional<OldSecret> old_secret;
    State state = State::enabled;
    std::string reason;       // why it is disabled
    std::uint64_t after = 0;  // number in its party's feed: what came up to it is not sent
    Time created{};
    Time enabled_since{};
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};
std::string_view word(Endpoint::State);

std::vector<WebhookSecret> valid_secrets(const Endpoint&, Time now);

Name endpoint_name(const EndpointId&);
std::string encode(const Endpoint&);
std::optional<Endpoint> decode_endpoint(std::string_view);

}  // namespace msp
