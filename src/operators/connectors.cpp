#include "operators/connectors.hpp"

#include <cassert>

namespace msp {

const ConnectorKind* find_connector(std::string_view name) {
    for (const ConnectorKind* one : connectors())
        if (one->name == name) return one;
    return nullptr;
}

std::shared_ptr<OperatorLink> connect_operator(const OperatorSettings& settings,
                                               const LinkWindows& windows) {
    const ConnectorKind* const kind = find_connector(settings.connector);
    assert(kind);
    return kind->connect(settings, windows);
}

}  // namespace msp
