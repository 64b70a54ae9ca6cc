// What the device listener shows and trusts: the files that are configured, or, in a new data
// folder, a certificate of an authority of the platform's own (DIR/tls: ca.pem, server.pem,
// server.key), for tests, demos and first steps.
#pragma once

#include "main/config.hpp"
#include "world/http_server.hpp"

namespace msp {

Result<TlsFiles, Failure> device_certificates(const Config&);

// Where clients find the authority that the listener's own certificate rests on.
std::string own_authority(const Config&);

}  // namespace msp
