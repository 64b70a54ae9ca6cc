// Requests to others: operators and webhook endpoints.
//
// Law: three outcomes, never confused. A response came; or Failure::unreachable: no byte of the
// request left; or Failure::unknown: it may have arrived. No redirect is followed, no proxy
// variable is read, at most `body_limit` bytes are taken. The guard is asked about the very address
// that is about to be connected to, after name resolution.
//
// Threads: call on the loop, done runs on the loop; transfers happen elsewhere.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "world/http.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace msp {

class Loop;

struct HttpCall {
    HttpRequest request;  // target is an absolute http or https URL
    Duration timeout{15'000};
    std::size_t body_limit = 64 * 1024;
    // Given the numeric address ("10.0.0.1", "::1") and port: may we connect? Null: any. Called on
    // a thread of the client's.
    std::shared_ptr<const std::function<bool(std::string_view address, unsigned port)>> guard;
    std::string ca_file;  // trust this instead of the system's, when set
};

class HttpClient {
public:
    using Done = std::function<void(Result<HttpResponse, Failure>)>;
    virtual ~HttpClient() = default;
    virtual void send(HttpCall, Done) = 0;
};

std::unique_ptr<HttpClient> make_http_client(Loop&);

// For programs without a loop (the command line): waits for the answer. A piece function, when
// given, gets the body of a 2xx answer as it comes in and ends the call by returning false; the
// response's body is empty then, `body_limit` does not apply, and `timeout` bounds the silence
// instead of the whole, to a second. Neither it nor a guard throws.
Result<HttpResponse, Failure> call_http(
    const HttpCall&, const std::function<bool(std::string_view piece)>& piece = {});

}  // namespace msp
