// The door of devices over HTTP: POST /v1/device-reports, on the plain listener and on the one with
// client certificates.
//
// Law: who is asking is settled before a byte of the body is understood, and counted where it
// fails; a device is told no more than what became of its report.
// Threads: the loop's. Outlives the listeners that call it.
#pragma once

#include "access/attempts.hpp"
#include "access/device_credentials.hpp"
#include "access/parties.hpp"
#include "domain/result.hpp"
#include "world/http_server.hpp"

#include <memory>
#include <string_view>

namespace msp {

class DeviceReports;
class Loop;

class HttpGateway {
public:
    HttpGateway(const Parties&, DeviceReports&, Loop&);
    HttpGateway(const HttpGateway&) = delete;
    HttpGateway& operator=(const HttpGateway&) = delete;

    // Is it for this door?
    static bool takes(const HttpRequest&);
    // Requires: takes().
    void handle(const HttpRequest&, std::shared_ptr<HttpExchange>);

    // For a listener that serves devices alone: everything else is not found.
    HttpHandler handler();

private:
    Result<DeviceCaller, HttpResponse> let_in(const HttpRequest&);

    const Parties& parties_;
    DeviceReports& reports_;
    Loop& loop_;
    Attempts attempts_;
};

}  // namespace msp
