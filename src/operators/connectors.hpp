// The kinds of operator interface that the platform speaks.
//
// A folder here is a connector: its connector.cpp defines the constant `<folder>_connector`, and
// the build makes the list from the folders that it finds. A connector is called like its folder,
// with `-` for `_`.
#pragma once

#include "operators/operator_link.hpp"
#include "operators/operator_settings.hpp"
#include "world/http_client.hpp"
#include "world/loop.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace msp {

struct ConnectorKind {
    std::string_view name;
    // What every operator with this interface can and cannot do. Settings that say nothing of it
    // have this; of what they say only `request_life_ms` and `cuts_sessions` may differ. Nothing:
    // the settings decide.
    std::optional<Capabilities> can;
    // How fast one may go, where the settings say nothing of it.
    SendLimits limits{};
    // What is wrong with these settings besides; null: nothing.
    std::optional<Refusal> (*objection)(const OperatorSettings&) = nullptr;
    // Loop and client outlive the link.
    std::shared_ptr<OperatorLink> (*connect)(const OperatorSettings&, Loop&, HttpClient&) = nullptr;
};

// In the order of their names.
std::span<const ConnectorKind* const> connectors();
// Null: there is no such connector.
const ConnectorKind* find_connector(std::string_view name);

// Requires: settings that were decoded, so that their connector is one.
std::shared_ptr<OperatorLink> connect_operator(const OperatorSettings&, Loop&, HttpClient&);

}  // namespace msp
