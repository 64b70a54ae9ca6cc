#include "access/device_credentials.hpp"

#include "access/access_stage_test.hpp"
#include "world/crypto.hpp"

#include <doctest/doctest.h>

#include <string>

namespace msp {

static const std::string acme_key(32, 'a');
static const std::string other_key(32, 'o');
static const std::string acme_ca(64, '1');

static HttpRequest with_field(std::string value) {
    HttpRequest request;
    request.headers.add("Authorization", std::move(value));
    return request;
}
static HttpRequest basic(const std::string& device, const std::string& secret) {
    return with_field("Basic " + base64(device + ":" + secret));
}
static HttpRequest with_certificate(std::string name, std::string authority, bool secure = true) {
    HttpRequest request;
    request.secure = secure;
    request.peer_common_name = std::move(name);
    request.peer_authority = std::move(authority);
    return request;
}

struct DeviceStage : AccessStage {
    DeviceStage() {
        Party acme = device_maker("acme", {"acme-"}, acme_key);
        acme.certificate_authority = acme_ca;
        CHECK(add(acme) == "changed");
        CHECK(add(device_maker("other", {"ot:"}, other_key)) == "changed");
        CHECK(add(device_maker("keyless", {"kl-"}, "")) == "changed");
    }
};

static const DeviceCaller acme_1{device_id("acme-1"), party_id("acme")};

TEST_CASE("a device secret is HMAC-SHA256 of the device ID, in base64url") {
    CHECK(device_secret(acme_key, device_id("acme-1")) ==
          base64url(bytes_of(hmac_sha256(acme_key, "acme-1"))));
    CHECK(device_secret(acme_key, device_id("acme-1")).size() == 43);
}

TEST_CASE("a device is let in by its secret, as Basic or as Bearer") {
    DeviceStage stage;
    const std::string secret = device_secret(acme_key, device_id("acme-1"));
    CHECK(device_caller(stage.parties, basic("acme-1", secret)) == acme_1);
    CHECK(device_caller(stage.parties, with_field("bearer acme-1:" + secret)) == acme_1);
    CHECK(device_caller(stage.parties, "acme-1", secret) == acme_1);
    CHECK(claimed_device(basic("acme-1", "x")) == "acme-1");

    const std::string colons = device_secret(other_key, device_id("ot:1:2"));
    CHECK(device_caller(stage.parties, basic("ot:1:2", colons)) ==
          DeviceCaller{device_id("ot:1:2"), party_id("other")});
}

TEST_CASE("another device's secret, another provider's key and a wrong one do not open it") {
    DeviceStage stage;
    const auto refused = [&stage](const std::string& device, const std::string& secret) {
        return !device_caller(stage.parties, basic(device, secret));
    };
    const DeviceId one = device_id("acme-1");
    CHECK(refused("acme-1", device_secret(acme_key, device_id("acme-2"))));
    CHECK(refused("acme-1", device_secret(other_key, one)));
    CHECK(refused("acme-1", ""));
    CHECK(refused("acme-1", device_secret(acme_key, one) + "A"));
    CHECK(refused("acme-1", device_secret(acme_key, one).substr(1)));
    CHECK(refused("nobodys-1", device_secret(acme_key, device_id("nobodys-1"))));
    CHECK(refused("acme 1", device_secret(acme_key, one)));
    CHECK(refused("", ""));
    const std::string empty_key = device_secret("", device_id("kl-1"));
    CHECK(refused("kl-1", empty_key));
    CHECK(refused("kl-1", device_secret(std::string(32, '\0'), device_id("kl-1"))));
    CHECK(refused("nobodys-1", device_secret(std::string(32, '\0'), device_id("nobodys-1"))));
}

TEST_CASE("what is no credential lets nobody in") {
    DeviceStage stage;
    const std::string secret = device_secret(acme_key, device_id("acme-1"));
    for (const std::string& field :
         {std::string(), std::string("Basic"), std::string("Basic "), "Basic acme-1:" + secret,
          "Basic " + base64("acme-1"), "Digest acme-1:" + secret, "Bearer " + secret,
          "Bearer acme-1 " + secret}) {
        CAPTURE(field);
        CHECK_FALSE(device_caller(stage.parties, with_field(field)));
    }
    CHECK_FALSE(device_caller(stage.parties, HttpRequest{}));
}

TEST_CASE("a closed provider's devices are not let in, nor after its enrolment key changed") {
    DeviceStage stage;
    const std::string secret = device_secret(acme_key, device_id("acme-1"));
    ChangeParty change{.id = party_id("acme"), .open = false, .origin = stage.staff()};
    stage.submit(change);
    CHECK_FALSE(device_caller(stage.parties, basic("acme-1", secret)));
    CHECK_FALSE(device_caller(stage.parties, with_certificate("acme-1", acme_ca)));
    change.open = true;
    stage.submit(change);
    CHECK(device_caller(stage.parties, basic("acme-1", secret)));
    change.enrolment_key = fresh_enrolment_key(stage.random);
    CHECK(change.enrolment_key->size() == 32);
    stage.submit(change);
    CHECK_FALSE(device_caller(stage.parties, basic("acme-1", secret)));
}

TEST_CASE("a certificate opens its device only under the CA of its provider, over TLS") {
    DeviceStage stage;
    const Parties& parties = stage.parties;
    CHECK(device_caller(parties, with_certificate("acme-1", acme_ca)) == acme_1);
    CHECK_FALSE(device_caller(parties, with_certificate("acme-1", acme_ca, false)));
    CHECK_FALSE(device_caller(parties, with_certificate("acme-1", std::string(64, '2'))));
    CHECK_FALSE(device_caller(parties, with_certificate("acme-1", "")));
    CHECK_FALSE(device_caller(parties, with_certificate("ot:1", acme_ca)));
    CHECK_FALSE(device_caller(parties, with_certificate("ot:1", "")));
    CHECK_FALSE(device_caller(parties, with_certificate("", acme_ca)));
    CHECK(claimed_device(with_certificate("acme-1", acme_ca)) == "acme-1");
}

TEST_CASE("a wrong secret is not mended by a right certificate") {
    DeviceStage stage;
    HttpRequest request = with_certificate("acme-1", acme_ca);
    request.headers.add("Authorization", "Bearer acme-1:wrong");
    CHECK_FALSE(device_caller(stage.parties, request));
}

}  // namespace msp
