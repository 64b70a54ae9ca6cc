// One link for each kind of operator interface.
#pragma once

#include "operators/operator_link.hpp"
#include "operators/operator_settings.hpp"
#include "world/http_client.hpp"
#include "world/loop.hpp"
#include "world/random.hpp"
#include "world/stream.hpp"

#include <memory>

namespace msp {

// What links reach operators through; all of it outlives them.
struct LinkWindows {
    Loop& loop;
    HttpClient& http;
    StreamDialer& streams;
    Random& random;
};

std::shared_ptr<OperatorLink> connect_operator(const OperatorSettings&, const LinkWindows&);

}  // namespace msp
