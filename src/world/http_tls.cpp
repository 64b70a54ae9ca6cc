#include "world/http_tls.hpp"

#include "world/crypto.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>

#include <string_view>

namespace msp {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

static Failure unfit(std::string_view what, const error_code& error) {
    std::string text = "the TLS ";
    return {Failure::Kind::malformed, (text.append(what) += ": ") += error.message()};
}

// An offer without http/1.1 in it is left unanswered, as for one who does not know ALPN.
static int choose_http_1_1(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                           const unsigned char* offered, unsigned offered_size, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char* selected = nullptr;
    const int found =
        SSL_select_next_proto(&selected, chosen_size, ours, sizeof ours - 1, offered, offered_size);
    if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
    *chosen = selected;
    return SSL_TLSEXT_ERR_OK;
}

static void set_protocol(SSL_CTX* context) {
    constexpr std::string_view session_scope = "msp";
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(context,
                                   reinterpret_cast<const unsigned char*>(session_scope.data()),
                                   static_cast<unsigned>(session_scope.size()));
    SSL_CTX_set_alpn_select_cb(context, &choose_http_1_1, nullptr);
}

// Every certificate of the PEM is trusted, and named to clients so that they know which to send.
static bool trust_clients_of(SSL_CTX* context, const std::string& pem) {
    BIO* const text = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    int found = 0;
    while (X509* const authority = PEM_read_bio_X509(text, nullptr, nullptr, nullptr)) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority);
        SSL_CTX_add_client_CA(context, authority);
        X509_free(authority);
        ++found;
    }
    ERR_clear_error();
    BIO_free(text);
    return found > 0;
}

// A resumed session no longer knows what the client's certificate rests on: every one is verified.
static void resume_nothing(SSL_CTX* context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, 0);
}

Result<std::shared_ptr<ssl::context>, Failure> make_tls_context(const TlsFiles& files) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    set_protocol(context->native_handle());
    error_code error;
    context->use_certificate_chain(boost::asio::buffer(files.certificate_chain), error);
    if (error) return unfit("certificate", error);
    context->use_private_key(boost::asio::buffer(files.private_key), ssl::context::pem, error);
    if (error) return unfit("key", error);
    if (SSL_CTX_check_private_key(context->native_handle()) != 1)
        return Failure{Failure::Kind::malformed, "the TLS key is not the certificate's"};
    if (files.client_ca.empty()) return context;
    if (!trust_clients_of(context->native_handle(), files.client_ca))
        return Failure{Failure::Kind::malformed, "the TLS client CA holds no certificate"};
    context->set_verify_mode(ssl::verify_peer);
    resume_nothing(context->native_handle());
    return context;
}

static std::string utf8_of(const ASN1_STRING* text) {
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, text);
    if (size < 0) return {};
    std::string copy(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
    return copy.find('\0') == std::string::npos ? copy : std::string();
}

std::string peer_common_name(ssl_st* connection) {
    const X509* const certificate = SSL_get0_peer_certificate(connection);
    if (certificate == nullptr || SSL_get_verify_result(connection) != X509_V_OK) return {};
    const X509_NAME* const subject = X509_get_subject_name(certificate);
    const int first = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (first < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, first) >= 0) return {};
    return utf8_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, first)));
}

std::string peer_authority(ssl_st* connection) {
    if (SSL_get_verify_result(connection) != X509_V_OK) return {};
    const STACK_OF(X509)* const chain = SSL_get0_verified_chain(connection);
    if (chain == nullptr || sk_X509_num(chain) == 0) return {};
    unsigned char* der = nullptr;
    const int size = i2d_X509(sk_X509_value(chain, sk_X509_num(chain) - 1), &der);
    if (size < 0) return {};
    const Digest digest =
        sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    return hex(digest);
}

}  // namespace msp
