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
#include "world/random.hpp"
#include "world/stream.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace msp {

// What links reach operators through; all of it outlives them.
struct LinkWindows {
    Loop& loop;
    HttpClient& http;
    StreamDialer& streams;
    Random& random;
};

struct ConnectorKind {
    std::string_view name;
    bool over_http = true;  // its base_url is an http or https address
    // What every operator with this interface can and cannot do. Settings that say nothing of it
    // have this; of what they say only `request_life_ms` and `cuts_sessions` may differ. Nothing:
    // the settings decide, or the link for them.
    std::optional<Capabilities> can;
    // How fast one may go, where the settings say nothing of it.
    SendLimits limits{};
    // What is wrong with these settings besides; null: nothing.
    std::optional<Refusal> (*objection)(const OperatorSettings&) = nullptr;
    std::shared_ptr<OperatorLink> (*connect)(const OperatorSettings&, const LinkWindows&) = nullptr;
};

// In the order of their names.
std::span<const ConnectorKind* const> connectors();
// Null: there is no such connector.
const ConnectorKind* find_connector(std::string_view name);

// Requires: settings that were decoded, so that their connector is one.
std::shared_ptr<OperatorLink> connect_operator(const OperatorSettings&, const LinkWindows&);

}  // namespace msp
