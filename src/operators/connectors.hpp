// One link for each kind of operator interface.
#pragma once

#include "operators/operator_link.hpp"
#include "operators/operator_settings.hpp"
#include "world/http_client.hpp"
#include "world/loop.hpp"

#include <memory>

namespace msp {

// Loop and client outlive the link.
std::shared_ptr<OperatorLink> connect_operator(const OperatorSettings&, Loop&, HttpClient&);

}  // namespace msp
