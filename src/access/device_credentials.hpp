// Is it really this device? By a secret derived from its provider's enrolment key, or by a
// certificate.
//
//   secret   base64url(HMAC-SHA256(enrolment key, device ID)): a factory needs no call per device
//   X.509    a client certificate, verified by TLS, that rests on the CA registered for the
//            provider; CN = device ID
//
// Law: a credential is good only inside the provider's device-ID prefixes, and while the provider
// is open; no provider's key or CA opens another's device. Unknown devices, closed providers and
// wrong secrets cannot be told apart, in the answer or in time. Pure functions; loop's thread only.
#pragma once

#include "access/parties.hpp"
#include "world/http.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace msp {

// Requires: an enrolment key.
std::string device_secret(std::string_view enrolment_key, const DeviceId&);

struct DeviceCaller {
    DeviceId device;
    PartyId provider;
    friend bool operator==(const DeviceCaller&, const DeviceCaller&) = default;
};

// By its secret, whatever protocol brought the two.
std::optional<DeviceCaller> device_caller(const Parties&, std::string_view device_id,
                                          std::string_view secret);

// From `Authorization: Basic base64(device-id:secret)` or `Bearer device-id:secret` where that
// field is sent, else from the verified client certificate. A device ID may hold colons: the last
// one separates.
std::optional<DeviceCaller> device_caller(const Parties&, const HttpRequest&);

// The device ID that the request claims to come from; empty where it claims none. Failures are
// counted by it (attempts.hpp).
std::string claimed_device(const HttpRequest&);

}  // namespace msp
