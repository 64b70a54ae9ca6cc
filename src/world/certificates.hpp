// A certificate authority of one's own: for the demo, for tests, and for a data folder that has no
// certificate yet. X.509 v3 (RFC 5280) with P-256 keys, as PEM.
//
// Law: every certificate has a serial of 159 random bits and begins five minutes in the past, for
// clocks that are a little behind. Pure but for the time of day and the system's randomness.
// Threads: any.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace msp {

struct Issued {
    std::string certificate_pem;
    std::string private_key_pem;  // PKCS #8, in the clear: to be kept with mode 0600
};

enum class CertificateUse { server, client };

struct CertificateRequest {
    std::string common_name;
    CertificateUse use = CertificateUse::server;
    int days = 397;  // longer ones are refused by some clients
    // What a client may call the server, as subject alternative names; none for a client's own.
    std::vector<std::string> host_names = {"localhost"};
    std::vector<std::string> addresses = {"127.0.0.1"};
};

// Requires: a common name of 1 to 64 characters.
Issued make_ca(std::string_view common_name, int days);

// Refuses: a CA that is not PEM, names that do not fit into a certificate.
Result<Issued, Failure> issue_certificate(const Issued& ca, const CertificateRequest&);

}  // namespace msp
