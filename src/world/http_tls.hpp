// TLS for the listener: its context from PEM, and who the other end is.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "world/http_server.hpp"

#include <memory>
#include <string>

struct ssl_st;

namespace boost::asio::ssl {
class context;
}

namespace msp {

// TLS 1.2 and later, HTTP/1.1 by ALPN. With a client CA, a certificate is asked for, and one that
// does not verify ends the handshake.
// Refuses: what is not PEM, a key that is not the certificate's.
Result<std::shared_ptr<boost::asio::ssl::context>, Failure> make_tls_context(const TlsFiles&);

// Of the verified client certificate. Empty: there is none, or it has not exactly one common name,
// or that holds a NUL.
std::string peer_common_name(ssl_st* connection);

// The certificate that the client's rests on, the topmost of the verified chain: SHA-256 of its
// DER, in hex. Empty where there is no verified certificate.
std::string peer_authority(ssl_st* connection);

}  // namespace msp
