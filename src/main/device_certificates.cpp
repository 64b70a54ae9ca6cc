#include "main/device_certificates.hpp"

#include "world/certificates.hpp"
#include "world/files.hpp"

namespace msp {

static std::string folder(const Config& config) {
    return config.text("data") + "/tls";
}

std::string own_authority(const Config& config) {
    return folder(config) + "/ca.pem";
}

static Result<Done, Failure> make_own(const Config& config) {
    if (const auto made = make_folder(folder(config), 0700); !made) return made.reason();
    const Issued authority = make_ca("MSP test authority", 3650);
    const auto server = issue_certificate(authority, {.common_name = "msp"});
    if (!server) return server.reason();
    if (const auto done = write_file(folder(config) + "/server.key", server->private_key_pem, 0600);
        !done)
        return done.reason();
    if (const auto done = write_file(folder(config) + "/server.pem", server->certificate_pem);
        !done)
        return done.reason();
    return write_file(own_authority(config), authority.certificate_pem);
}

static Result<TlsFiles, Failure> read_files(const std::string& certificate, const std::string& key,
                                            const std::string& client_ca) {
    TlsFiles out;
    const auto chain = read_file(certificate, 1 << 20);
    if (!chain) return chain.reason();
    const auto secret = read_file(key, 1 << 20);
    if (!secret) return secret.reason();
    out.certificate_chain = *chain;
    out.private_key = *secret;
    if (client_ca.empty()) return out;
    const auto authorities = read_file(client_ca, 1 << 20);
    if (!authorities) return authorities.reason();
    out.client_ca = *authorities;
    return out;
}

Result<TlsFiles, Failure> device_certificates(const Config& config) {
    const std::string& configured = config.text("tls.certificate");
    if (!configured.empty())
        return read_files(configured, config.text("tls.key"), config.text("tls.device-ca"));
    if (!file_exists(own_authority(config)))
        if (const auto made = make_own(config); !made) return made.reason();
    return read_files(folder(config) + "/server.pem", folder(config) + "/server.key",
                      config.text("tls.device-ca"));
}

}  // namespace msp
