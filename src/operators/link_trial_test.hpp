// For tests: a connector's link on trial against the simulated operator that speaks its interface,
// once with messages in simulated time, once over sockets.
#pragma once

#include "operators/operator_link_contract.hpp"

#include <string>

namespace msp::sample {

struct LinkTrial {
    std::string connector;
    std::string token{};  // empty: any will do
    LinkOnTrial::Manners manners{};
};

MakeLinkOnTrial by_messages(const LinkTrial&);
MakeLinkOnTrial over_sockets(const LinkTrial&);

}  // namespace msp::sample
