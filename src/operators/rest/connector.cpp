#include "operators/connectors.hpp"
#include "operators/rest/rest_link.hpp"

namespace msp {

extern const ConnectorKind rest_connector;

const ConnectorKind rest_connector{
    .name = "rest",
    .over_http = true,
    .can = {},
    .limits = {},
    .objection = nullptr,
    .connect = [](const OperatorSettings& settings,
                  const LinkWindows& windows) -> std::shared_ptr<OperatorLink> {
        return std::make_shared<RestLink>(settings, windows.loop, windows.http);
    }};

}  // namespace msp
