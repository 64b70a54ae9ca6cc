// What a party does with its webhook endpoints: pure decisions on their records, in the shape of
// every flow: a command is a value, names() says what it looks at, decide() is pure.
//
// An endpoint of another party is as absent as one that never was. A deleted one is too, while what
// is kept of it is being removed. The answer's text is the endpoint's record as it is afterwards.
#pragma once

#include "domain/decision.hpp"
#include "notices/endpoint.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace msp {

inline constexpr Duration secret_overlap = std::chrono::hours(24);

struct CreateEndpoint {
    Endpoint endpoint;
};
std::vector<Name> names(const CreateEndpoint&);
Decision decide(const View&, const CreateEndpoint&);

// Changes what is named and leaves the rest. Enabling gives what failed a fresh schedule.
struct ChangeEndpoint {
    EndpointId id;
    PartyId by;
    std::optional<std::string> url;  // as WebhookUrl::text() writes it
    std::optional<TypeFilter> types;
    std::optional<bool> enabled;
    Time at{};
};
std::vector<Name> names(const ChangeEndpoint&);
Decision decide(const View&, const ChangeEndpoint&);

// The standing secret stays valid for `secret_overlap`.
struct RotateSecret {
    EndpointId id;
    PartyId by;
    WebhookSecret fresh;
    Time at{};
};
std::vector<Name> names(const RotateSecret&);
Decision decide(const View&, const RotateSecret&);

struct DeleteEndpoint {
    EndpointId id;
    PartyId by;
};
std::vector<Name> names(const DeleteEndpoint&);
Decision decide(const View&, const DeleteEndpoint&);

// The platform's own: its receiver is gone, or fails and fails. One that is not enabled is left.
struct DisableEndpoint {
    EndpointId id;
    std::string reason;
};
inline constexpr std::string_view gone_reason =
    "The receiver answered 410: it does not want notices any more.";
inline constexpr std::string_view failing_reason =
    "Every attempt failed for five days. Repair the receiver, then enable the webhook.";
std::vector<Name> names(const DisableEndpoint&);
Decision decide(const View&, const DisableEndpoint&);

}  // namespace msp
