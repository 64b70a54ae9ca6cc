// What the tests of deliveries play on: a store in memory, time that is moved by hand, a receiver,
// and chains of one equipment provider to which things happen.
#pragma once

#include "cast/webhook_receiver.hpp"
#include "domain/party.hpp"
#include "notices/change_endpoint.hpp"
#include "notices/endpoint_progress.hpp"
#include "notices/endpoints.hpp"
#include "notices/stage_parts_test.hpp"
#include "store/flow_command.hpp"
#include "store/memory/memory_store.hpp"
#include "world/manual_loop.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace msp::stage {

constexpr std::string_view origin = "https://hooks.example.com";

class Stage {
public:
    explicit Stage(std::uint64_t seed = 1, DeliverySettings with = {})
        : settings(std::move(with)), random(seed), receiver(loop, seed, {}) {
        receiver_lives();
        start();
    }

    void receiver_lives() {
        http.listen(std::string(origin), [this](const HttpRequest& request, auto respond) {
            if (on_request) on_request(request);
            receiver.handle(request, respond);
        });
    }
    void receiver_dies() { http.close(std::string(origin)); }

    void start() {
        follower.emplace(loop, store, *memory.reader);
        endpoints.emplace(
            DeliveryWorld{loop, store, *memory.reader, http, random, log, *metrics, *follower,
                          std::make_shared<const AddressGuard>(AddressRules{})},
            settings);
        endpoints->start();
        loop.run_ready();
    }

    // The process is gone, and comes back.
    void crash() {
        store.dead = true;
        endpoints.reset();
        follower.reset();
        loop.run_ready();
        store.dead = false;
        start();
    }

    Answer run(Command command) {
        std::optional<Result<Answer, Failure>> out;
        memory.store->submit(std::move(command), [&out](auto answer) { out = answer; });
        loop.run_ready();
        REQUIRE(out);
        REQUIRE(*out);
        return **out;
    }

    template <class Look>
    auto look(Look look) {
        std::optional<decltype(look(std::declval<Archive&>()))> out;
        memory.reader->read([&](Archive& archive) { out = look(archive); }, [](const auto&) {});
        loop.run_ready();
        REQUIRE(out);
        return *out;
    }

    void add_chains(std::uint64_t count) {
        run({.urgency = Urgency::urgent, .key = {}, .hints = {}, .decide = [count](const View&) {
                 Decision decision;
                 for (std::uint64_t i = 1; i <= count; ++i) decision.after.push_back(chain(i));
                 return decision;
             }});
    }

    // Makes one event of a chain: the M2M SP holds it, or lifts that again.
    void touch(std::uint64_t number) {
        run({.urgency = Urgency::urgent,
             .key = {},
             .hints = {Name::of(ChainId(number))},
             .decide = [number, now = loop.now()](const View& view) {
                 return touched(view.chain(Name::of(ChainId(number))), now);
             }});
    }
    void touch_all(std::uint64_t chains, std::uint64_t times = 1) {
        for (std::uint64_t i = 0; i < times; ++i)
            for (std::uint64_t each = 1; each <= chains; ++each) touch(each);
    }
    std::uint64_t events() {
        return look([](Archive& archive) { return archive.feed_head(party("digger")); });
    }

    Endpoint create(std::vector<std::string> types = {},
                    std::optional<std::uint64_t> after = std::nullopt) {
        const Answer answer = create_at(std::string(origin) + "/in", std::move(types), after);
        REQUIRE_FALSE(answer.refusal);
        const auto endpoint = decode_endpoint(answer.text);
        REQUIRE(endpoint);
        receiver.trust({endpoint->secret.text()});
        return *endpoint;
    }

    Answer create_at(std::string url, std::vector<std::string> types = {},
                     std::optional<std::uint64_t> after = std::nullopt) {
        std::optional<Result<Answer, Failure>> out;
        endpoints->create({.party = party("digger"),
                           .url = std::move(url),
                           .types = std::move(types),
                           .after = after,
                           .key = {}},
                          store, [&out](auto answer) { out = answer; });
        loop.run_ready();
        REQUIRE(out);
        REQUIRE(*out);
        return **out;
    }

    EndpointProgress progress(const Endpoint& endpoint) {
        return look([&](Archive& archive) { return read_progress(archive, endpoint).progress; });
    }
    std::vector<StuckLane> stuck(const Endpoint& endpoint) {
        return look([&](Archive& archive) { return read_progress(archive, endpoint).stuck; });
    }
    std::optional<Delivery> delivery(const Endpoint& endpoint, std::uint64_t number) {
        return look([&](Archive& archive) { return read_delivery(archive, endpoint.id, number); });
    }
    void enable(const Endpoint& endpoint) {
        run(flow_command(ChangeEndpoint{.id = endpoint.id,
                                        .by = endpoint.party,
                                        .url = {},
                                        .types = {},
                                        .enabled = true,
                                        .at = loop.now()}));
    }
    Endpoint stored(const Endpoint& endpoint) {
        const auto record = look([&](Archive& archive) {
            return archive.record(endpoint_name(endpoint.id)).value_or("");
        });
        return decode_endpoint(record).value();
    }

    // All that happened so far arrived: no number missing, nothing out of order, no gap.
    void check_complete() {
        const std::uint64_t last = events();
        REQUIRE(receiver.numbers().size() == last);
        if (last > 0) CHECK(*receiver.numbers().rbegin() == last);
        CHECK(receiver.tally().gaps == 0);
        CHECK(receiver.tally().backwards == 0);
        CHECK(receiver.tally().bad_signature == 0);
        CHECK(receiver.tally().malformed == 0);
    }

    DeliverySettings settings;
    ManualLoop loop;
    MemoryStore memory = make_memory_store(loop);
    MortalStore store{*memory.store};
    DirectHttp http{loop};
    Chance random;
    QuietLog log;
    std::unique_ptr<Metrics> metrics = make_metrics();
    WebhookReceiver receiver;
    std::function<void(const HttpRequest&)> on_request;
    std::optional<FeedFollower> follower;
    std::optional<WebhookEndpoints> endpoints;

private:
    static Decision touched(const Chain* before, Time now) {
        Decision decision;
        Chain after = *before;
        const Actor staff{.party = m2m_sp(), .principal = "key-1", .on_behalf_of = {}};
        if (!after.holds.lift(Holder::m2m_sp, "other"))
            after.holds.put({.holder = Holder::m2m_sp,
                             .code = "other",
                             .text = {},
                             .by = staff,
                             .since = now,
                             .follows_equipment = false});
        decision.events =
            tell(*before, after,
                 {.actor = staff, .cause = Cause::command, .operation = "op", .at = now}, {});
        decision.after.push_back(after);
        return decision;
    }
};

}  // namespace msp::stage
