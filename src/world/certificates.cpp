#include "world/certificates.hpp"

#include "world/openssl_held.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cassert>
#include <memory>

namespace msp {

namespace {

using openssl::Bio;
using openssl::Freed;
using openssl::Key;
using openssl::text_of;

using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;

struct Signer {
    X509* certificate;
    EVP_PKEY* key;
};

}  // namespace

static Issued spell(X509* certificate, EVP_PKEY* key) {
    const Bio certificate_text(BIO_new(BIO_s_mem()));
    const Bio key_text(BIO_new(BIO_s_mem()));
    [[maybe_unused]] const bool written =
        PEM_write_bio_X509(certificate_text.get(), certificate) == 1 &&
        PEM_write_bio_PKCS8PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr) ==
            1;
    assert(written);
    return {text_of(certificate_text), text_of(key_text)};
}

static void set_random_serial(X509* certificate) {
    const Number serial(BN_new());
    BN_rand(serial.get(), 159, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
    BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate));
}

static void set_validity(X509* certificate, int days) {
    constexpr long skew_s = 300;
    X509_gmtime_adj(X509_getm_notBefore(certificate), -skew_s);
    X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, nullptr);
}

// False: it does not fit into a certificate.
static bool set_subject(X509* certificate, std::string_view common_name) {
    X509_NAME* const subject = X509_get_subject_name(certificate);
    return X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(common_name.data()),
                                      static_cast<int>(common_name.size()), -1, 0) == 1;
}

static void extend(X509* certificate, const Signer& signer, int extension, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer.certificate, certificate, nullptr, nullptr, 0);
    const Extension made(X509V3_EXT_conf_nid(nullptr, &context, extension, value));
    assert(made != nullptr);
    X509_add_ext(certificate, made.get(), -1);
}

static bool is_visible_ascii(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

static bool add_name(GENERAL_NAMES* names, int type, const std::string& value) {
    if (!is_visible_ascii(value)) return false;
    GENERAL_NAME* const name = a2i_GENERAL_NAME(nullptr, nullptr, nullptr, type, value.c_str(), 0);
    return name != nullptr && sk_GENERAL_NAME_push(names, name) > 0;
}

// Made name by name: in OpenSSL's own spelling of a list a comma would begin another entry.
static bool set_alternative_names(X509* certificate, const CertificateRequest& request) {
    const Names names(GENERAL_NAMES_new());
    for (const std::string& host : request.host_names)
        if (!add_name(names.get(), GEN_DNS, host)) return false;
    for (const std::string& address : request.addresses)
        if (!add_name(names.get(), GEN_IPADD, address)) return false;
    if (sk_GENERAL_NAME_num(names.get()) == 0) return true;
    return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) == 1;
}

static Certificate begin_certificate(EVP_PKEY* key, int days) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    set_random_serial(certificate.get());
    set_validity(certificate.get(), days);
    X509_set_pubkey(certificate.get(), key);
    return certificate;
}

static void sign(X509* certificate, const Signer& signer) {
    X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate));
    [[maybe_unused]] const int size = X509_sign(certificate, signer.key, EVP_sha256());
    assert(size > 0);
}

Issued make_ca(std::string_view common_name, int days) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = begin_certificate(key.get(), days);
    [[maybe_unused]] const bool named = set_subject(certificate.get(), common_name);
    assert(named);
    const Signer itself{certificate.get(), key.get()};
    extend(certificate.get(), itself, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(certificate.get(), itself, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(certificate.get(), itself, NID_subject_key_identifier, "hash");
    sign(certificate.get(), itself);
    return spell(certificate.get(), key.get());
}

static Bio reader_of(const std::string& pem) {
    return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

static Failure unfit(std::string what) {
    ERR_clear_error();
    return {Failure::Kind::malformed, std::move(what)};
}

Result<Issued, Failure> issue_certificate(const Issued& ca, const CertificateRequest& request) {
    const Certificate authority(
        PEM_read_bio_X509(reader_of(ca.certificate_pem).get(), nullptr, nullptr, nullptr));
    const Key authority_key(
        PEM_read_bio_PrivateKey(reader_of(ca.private_key_pem).get(), nullptr, nullptr, nullptr));
    if (!authority || !authority_key ||
        X509_check_private_key(authority.get(), authority_key.get()) != 1)
        return unfit("the CA is not a certificate and its key");

    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = begin_certificate(key.get(), request.days);
    if (!set_subject(certificate.get(), request.common_name))
        return unfit("the common name does not fit into a certificate");
    if (!set_alternative_names(certificate.get(), request))
        return unfit("an alternative name does not fit into a certificate");

    const Signer signer{authority.get(), authority_key.get()};
    const bool for_server = request.use == CertificateUse::server;
    extend(certificate.get(), signer, NID_basic_constraints, "critical,CA:FALSE");
    extend(certificate.get(), signer, NID_key_usage, "critical,digitalSignature");
    extend(certificate.get(), signer, NID_ext_key_usage, for_server ? "serverAuth" : "clientAuth");
    extend(certificate.get(), signer, NID_subject_key_identifier, "hash");
    extend(certificate.get(), signer, NID_authority_key_identifier, "keyid");
    sign(certificate.get(), signer);
    return spell(certificate.get(), key.get());
}

}  // namespace msp
