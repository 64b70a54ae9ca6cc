#include "operators/connectors.hpp"

#include "operators/osmo_hlr/osmo_hlr_link.hpp"
#include "operators/rest/rest_link.hpp"

#include <cstdlib>

namespace msp {

constexpr std::size_t name_characters = 12;  // no two nodes have one name

std::shared_ptr<OperatorLink> connect_operator(const OperatorSettings& settings,
                                               const LinkWindows& windows) {
    switch (settings.connector) {
        case Connector::rest:
            return std::make_shared<RestLink>(settings, windows.loop, windows.http);
        case Connector::osmo_hlr:
            return std::make_shared<OsmoHlrLink>(settings, windows.loop, windows.streams,
                                                 "MSP-" + windows.random.token(name_characters));
    }
    std::abort();
}

}  // namespace msp
