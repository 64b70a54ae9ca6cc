#include "operators/connectors.hpp"
#include "operators/control_center/control_center_link.hpp"

namespace msp {

namespace {

std::optional<Refusal> objection(const OperatorSettings& settings) {
    if (settings.token.find(':') != std::string::npos) return std::nullopt;
    return Refusal{RefusalCode::invalid, "This connector's token is user:api-key.", "/token"};
}

}  // namespace

extern const ConnectorKind control_center_connector;

const ConnectorKind control_center_connector{
    .name = "control-center",
    .over_http = true,
    // One status that the last writer wins, active or not; whoever wrote it does not show.
    .can = Capabilities{.fences_by_generation = false,
                        .request_life = std::nullopt,
                        .ignores_repeated_reference = false,
                        .status_field = StatusField::overwritten_combined,
                        .tells_cause = false,
                        .notifies = false,
                        .lists_in_bulk = true,
                        .cuts_sessions = false},
    .limits = {.per_second = 1, .burst = 1, .concurrency = 1},
    .objection = objection,
    .connect = [](const OperatorSettings& settings,
                  const LinkWindows& windows) -> std::shared_ptr<OperatorLink> {
        return std::make_shared<ControlCenterLink>(settings, windows.loop, windows.http);
    }};

}  // namespace msp
