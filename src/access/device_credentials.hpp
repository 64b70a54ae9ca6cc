// Is it really this device? By a secret derived from its provider's enrolment key, or by a
// certificate.
//
//   secret = base64url(HMAC-SHA256(enrolment key, device ID))      so a factory needs no call per
//   device X.509  = a client certificate under the provider's registered CA, CN = device ID (TLS
//   verified it)
//
// Law: a credential is good only inside the provider's device-ID prefixes, and while the provider
// is open.
#pragma once

#include "access/parties.hpp"
#include "world/http.hpp"

namespace msp {

std::string device_secret(std::string_view enrolment_key, const DeviceId&);

struct DeviceCaller {
    DeviceId device;
    PartyId provider;
};
// From `Authorization: Basic base64(device-id:secret)` or `Bearer device-id:secret`, or the
// verified client certificate's CN.
std::optional<DeviceCaller> device_caller(const Parties&, const HttpRequest&);

}  // namespace msp
