#include "access/device_credentials.hpp"

#include "world/crypto.hpp"

namespace msp {

namespace {

struct Claimed {
    std::string device;
    std::string secret;
};

std::optional<std::string_view> behind(std::string_view scheme, std::string_view field) {
    if (!equal_without_case(field.substr(0, scheme.size()), scheme)) return std::nullopt;
    return field.substr(scheme.size());
}

std::optional<Claimed> split(std::string_view pair) {
    const std::size_t colon = pair.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    return Claimed{std::string(pair.substr(0, colon)), std::string(pair.substr(colon + 1))};
}

std::optional<Claimed> claimed_by_field(std::string_view authorization) {
    if (const auto pair = behind("Bearer ", authorization)) return split(*pair);
    const auto spelt = behind("Basic ", authorization);
    const auto pair = spelt ? from_base64(*spelt) : std::nullopt;
    return pair ? split(*pair) : std::nullopt;
}

const Party* open_provider(const Parties& parties, const DeviceId& device) {
    const Party* provider = parties.provider_of(device);
    return provider && provider->facts.open ? provider : nullptr;
}

std::optional<DeviceCaller> caller_by_certificate(const Parties& parties,
                                                  const HttpRequest& request) {
    const auto device = DeviceId::parse(request.peer_common_name);
    if (!request.secure || !device) return std::nullopt;
    const Party* provider = open_provider(parties, *device);
    const bool theirs = provider && !provider->certificate_authority.empty() &&
                        provider->certificate_authority == request.peer_authority;
    return theirs ? std::optional(DeviceCaller{*device, provider->id}) : std::nullopt;
}

}  // namespace

std::string device_secret(std::string_view enrolment_key, const DeviceId& device) {
    return base64url(bytes_of(hmac_sha256(enrolment_key, device.text())));
}

// Without a key of its own the provider's devices have no secret, and nothing is derived from an
// empty one; the same work is done with a key that is nobody's.
std::optional<DeviceCaller> device_caller(const Parties& parties, std::string_view device_id,
                                          std::string_view secret) {
    static const std::string nobodys(32, '\0');
    const auto device = DeviceId::parse(device_id);
    if (!device) return std::nullopt;
    const Party* provider = open_provider(parties, *device);
    const bool enrolled = provider && !provider->enrolment_key.empty();
    const std::string expected =
        device_secret(enrolled ? provider->enrolment_key : nobodys, *device);
    if (!equal_in_constant_time(expected, secret) || !enrolled) return std::nullopt;
    return DeviceCaller{*device, provider->id};
}

std::optional<DeviceCaller> device_caller(const Parties& parties, const HttpRequest& request) {
    const auto field = request.headers.find("Authorization");
    if (!field) return caller_by_certificate(parties, request);
    const auto claimed = claimed_by_field(*field);
    return claimed ? device_caller(parties, claimed->device, claimed->secret) : std::nullopt;
}

std::string claimed_device(const HttpRequest& request) {
    const auto field = request.headers.find("Authorization");
    if (!field) return request.peer_common_name;
    const auto claimed = claimed_by_field(*field);
    return claimed ? claimed->device : std::string();
}

}  // namespace msp
