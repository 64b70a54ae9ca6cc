#include "operators/connectors.hpp"

#include "operators/rest/rest_link.hpp"

#include <cstdlib>

namespace msp {

std::shared_ptr<OperatorLink> connect_operator(const OperatorSettings& settings, Loop& loop,
                                               HttpClient& http) {
    switch (settings.connector) {
        case Connector::rest: return std::make_shared<RestLink>(settings, loop, http);
    }
    std::abort();
}

}  // namespace msp
