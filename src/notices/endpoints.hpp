// All webhook endpoints at work: one delivery for each that is enabled.
//
// What a party changes (change_endpoint.hpp) goes through the Store like any command; it is noticed
// here when it is committed. Of a deleted endpoint everything is removed, of the others what is
// older than `deliveries_kept`.
// Law: an endpoint that is created gets every event of its party's feed that is committed
// afterwards.
// Threads: the loop's only. Destroyed at any time.
#pragma once

#include "notices/delivery.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace msp {

struct NewEndpoint {
    PartyId party;
    std::string url;
    std::vector<std::string> types;  // none: all
    std::optional<std::uint64_t>
        after;  // begin after this number of the feed; nothing: from now on
    std::optional<IdempotencyKey> key;
};

// The URL of an endpoint in its one form; refuses what it may not be.
Result<std::string, Refusal> accept_url(const AddressGuard&, std::string_view text);

class WebhookEndpoints {
public:
    WebhookEndpoints(const DeliveryWorld&, const DeliverySettings&);
    ~WebhookEndpoints();
    WebhookEndpoints(const WebhookEndpoints&) = delete;
    WebhookEndpoints& operator=(const WebhookEndpoints&) = delete;

    // Begins with what is stored; call once.
    void start();

    // Into the platform's store, or a rehearsal of it; `done` keeps that there. The answer's text
    // is the endpoint's record.
    void create(const NewEndpoint&, Store&, const Store::Done&);
    Result<std::string, Refusal> accept_url(std::string_view url) const;

    // The party's own endpoints, by id, without those that are being removed.
    std::vector<Endpoint> of(const PartyId&) const;

    // As in EndpointDelivery; one of another party is as absent as one that never was.
    void resend(const PartyId&, const EndpointId&, std::uint64_t number,
                const EndpointDelivery::Attempted&);
    void can_resend(const PartyId&, const EndpointId&, std::uint64_t number,
                    const EndpointDelivery::Possible&);
    void test(const PartyId&, const EndpointId&, EndpointDelivery::Attempted);
    void replay(const PartyId&, const EndpointId&, std::uint64_t from,
                const EndpointDelivery::Replayed&);
    void can_replay(const PartyId&, const EndpointId&, std::uint64_t from,
                    const EndpointDelivery::Possible&);

private:
    class Running;
    std::shared_ptr<Running> running_;
};

}  // namespace msp
