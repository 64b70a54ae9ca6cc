#include "operators/connectors.hpp"
#include "operators/thingspace/thingspace_link.hpp"

namespace msp {

namespace {

std::optional<Refusal> objection(const OperatorSettings& settings) {
    if (!thingspace::read_credentials(settings.token))
        return Refusal{RefusalCode::invalid,
                       "This connector's token is key:secret:username:password.", "/token"};
    const AccountSettings& account = settings.account;
    if (account.name.empty())
        return Refusal{RefusalCode::invalid, "The account that the lines belong to.",
                       "/account/name"};
    if (account.service_plan.empty())
        return Refusal{RefusalCode::invalid, "The plan that a line is activated with.",
                       "/account/service_plan"};
    if (account.zip_code.empty())
        return Refusal{RefusalCode::invalid, "The place that a line's number is from.",
                       "/account/zip_code"};
    return std::nullopt;
}

}  // namespace

extern const ConnectorKind thingspace_connector;

const ConnectorKind thingspace_connector{
    .name = "thingspace",
    .over_http = true,
    // One state that the last writer wins: who suspended does not show.
    .can = Capabilities{.fences_by_generation = false,
                        .request_life = std::nullopt,
                        .ignores_repeated_reference = false,
                        .status_field = StatusField::overwritten_combined,
                        .tells_cause = false,
                        .notifies = true,
                        .lists_in_bulk = true,
                        .cuts_sessions = false},
    .limits = {.per_second = 1.5, .burst = 5, .concurrency = 4},
    .objection = objection,
    .connect = [](const OperatorSettings& settings,
                  const LinkWindows& windows) -> std::shared_ptr<OperatorLink> {
        return std::make_shared<ThingSpaceLink>(settings, windows.loop, windows.http);
    }};

}  // namespace msp
