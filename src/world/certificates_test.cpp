#include "world/certificates.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace msp;

TEST_CASE("what is issued is PEM, and no two are the same") {
    const Issued ca = make_ca("Test CA", 30);
    CHECK(ca.certificate_pem.starts_with("-----BEGIN CERTIFICATE-----\n"));
    CHECK(ca.private_key_pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    const auto one = issue_certificate(ca, {.common_name = "localhost"});
    const auto other = issue_certificate(ca, {.common_name = "localhost"});
    REQUIRE(one);
    REQUIRE(other);
    CHECK(one->certificate_pem != other->certificate_pem);
    CHECK(one->private_key_pem != other->private_key_pem);
}

TEST_CASE("what cannot be issued is refused") {
    const Issued ca = make_ca("Test CA", 30);
    const Issued other = make_ca("Other CA", 30);
    const auto kind = [](const Issued& from, const CertificateRequest& request) {
        const auto issued = issue_certificate(from, request);
        REQUIRE_FALSE(issued);
        return issued.reason().kind;
    };
    using Kind = Failure::Kind;
    CHECK(kind({"no PEM", "at all"}, {.common_name = "x"}) == Kind::malformed);
    CHECK(kind({ca.certificate_pem, other.private_key_pem}, {.common_name = "x"}) ==
          Kind::malformed);
    CHECK(kind(ca, {.common_name = ""}) == Kind::malformed);
    CHECK(kind(ca, {.common_name = std::string(65, 'x')}) == Kind::malformed);
    CHECK(kind(ca, {.common_name = "x", .addresses = {"localhost"}}) == Kind::malformed);
    CHECK(kind(ca, {.common_name = "x", .host_names = {"größer"}}) == Kind::malformed);
}
