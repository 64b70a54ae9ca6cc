#include "operators/connectors.hpp"
#include "operators/osmo_hlr/osmo_hlr_link.hpp"
#include "world/stream.hpp"

namespace msp {

namespace {

constexpr std::size_t name_characters = 12;  // no two nodes have one name

std::optional<Refusal> no_address(std::string_view text, std::string_view place) {
    if (parse_socket_address(text)) return std::nullopt;
    return Refusal{RefusalCode::invalid, "This is a numeric address, : and a port.",
                   std::string(place)};
}

std::optional<Refusal> objection(const OperatorSettings& settings) {
    const std::string_view url = settings.base_url;
    if (!url.starts_with(ctrl_scheme) || !parse_socket_address(url.substr(ctrl_scheme.size())))
        return Refusal{RefusalCode::invalid, "This is ctrl://, a numeric address, : and a port.",
                       "/base_url"};
    const CoreSettings& core = settings.core;
    if (!core.gsup.empty())
        if (auto refusal = no_address(core.gsup, "/core/gsup")) return refusal;
    if (!core.vty.empty())
        if (auto refusal = no_address(core.vty, "/core/vty")) return refusal;
    return core.sgsn.empty() ? std::nullopt : no_address(core.sgsn, "/core/sgsn");
}

}  // namespace

extern const ConnectorKind osmo_hlr_connector;

const ConnectorKind osmo_hlr_connector{
    .name = "osmo-hlr",
    .over_http = false,
    .can = {},  // what a core can do, its link knows
    .limits = {},
    .objection = objection,
    .connect = [](const OperatorSettings& settings,
                  const LinkWindows& windows) -> std::shared_ptr<OperatorLink> {
        return std::make_shared<OsmoHlrLink>(settings, windows.loop, windows.streams,
                                             "MSP-" + windows.random.token(name_characters));
    }};

}  // namespace msp
