#include "operators/connectors.hpp"
#include "operators/rest/rest_link.hpp"

namespace msp {

extern const ConnectorKind rest_connector;

const ConnectorKind rest_connector{
    .name = "rest",
    .can = {},
    .limits = {},
    .objection = nullptr,
    .connect = [](const OperatorSettings& settings, Loop& loop,
                  HttpClient& http) -> std::shared_ptr<OperatorLink> {
        return std::make_shared<RestLink>(settings, loop, http);
    }};

}  // namespace msp
