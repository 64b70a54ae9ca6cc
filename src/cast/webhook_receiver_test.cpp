#include "cast/webhook_receiver.hpp"

#include "world/crypto.hpp"
#include "world/manual_loop.hpp"

#include <doctest/doctest.h>

using namespace msp;
using namespace std::chrono_literals;

namespace {

const std::string secret = "whsec_" + base64("a secret of twenty-four b");

struct Told {
    std::string id = "0-1";
    std::string chain = "7";
    std::uint64_t sequence = 1;
    std::uint64_t number = 1;
};

std::string body_of(const Told& told) {
    return R"({"specversion":"1.0","id":")" + told.id + R"(","type":"m2m.device.bound","chain":")" +
           told.chain + R"(","sequence":)" + std::to_string(told.sequence) + R"(,"number":)" +
           std::to_string(told.number) + "}";
}

HttpRequest request_of(const Told& told, Time now, std::string_view key = secret) {
    HttpRequest request;
    request.method = "POST";
    request.body = body_of(told);
    const std::string timestamp = std::to_string(now.time_since_epoch().count() / 1'000);
    const std::string bytes = from_base64(key.substr(6)).value();
    const Digest mac = hmac_sha256(bytes, told.id + "." + timestamp + "." + request.body);
    request.headers.add("Webhook-Id", told.id);
    request.headers.add("Webhook-Timestamp", timestamp);
    request.headers.add("Webhook-Signature", "v1,AAAA v1," + base64(bytes_of(mac)));
    return request;
}

struct Door {
    // The status answered; 0: dropped; -1: no answer.
    int tell(const HttpRequest& request) {
        int status = -1;
        receiver.handle(request, [&](const std::optional<HttpResponse>& response) {
            status = response ? response->status : 0;
        });
        loop.run_ready();
        return status;
    }
    int tell(const Told& told) { return tell(request_of(told, loop.now())); }

    ManualLoop loop;
    WebhookReceiver receiver{loop, 1, {secret}};
};

}  // namespace

TEST_CASE("a receiver takes what is signed with a secret it trusts, lately") {
    Door door;
    CHECK(door.tell(Told{}) == 204);
    HttpRequest tampered = request_of({}, door.loop.now());
    tampered.body += " ";
    CHECK(door.tell(tampered) == 401);
    CHECK(door.tell(request_of({}, door.loop.now() - 301s)) == 401);
    CHECK(door.tell(request_of({}, door.loop.now() - 299s)) == 204);
    const std::string other = "whsec_" + base64("another secret of 24 byte");
    CHECK(door.tell(request_of({}, door.loop.now(), other)) == 401);
    door.receiver.trust({other, secret});
    CHECK(door.tell(request_of({}, door.loop.now(), other)) == 204);
    HttpRequest unsigned_one = request_of({}, door.loop.now());
    unsigned_one.headers = {};
    CHECK(door.tell(unsigned_one) == 401);
    CHECK(door.receiver.tally().bad_signature == 4);
    CHECK(door.receiver.tally().repeated == 2);
}

TEST_CASE("a receiver notices what is missing, late or again") {
    Door door;
    const auto tell = [&](std::string id, std::string chain, std::uint64_t sequence) {
        CHECK(door.tell(Told{std::move(id), std::move(chain), sequence, 1}) == 204);
    };
    tell("a", "7", 4);  // the first it sees of this chain
    tell("b", "7", 5);
    tell("c", "8", 1);
    tell("b", "7", 5);
    CHECK(door.receiver.tally().repeated == 1);
    CHECK(door.receiver.tally().gaps == 0);
    tell("d", "7", 7);
    CHECK(door.receiver.tally().gaps == 1);
    tell("e", "7", 6);
    CHECK(door.receiver.tally().backwards == 1);
    CHECK(door.receiver.arrivals().at("7") == std::vector<std::uint64_t>{4, 5, 7, 6});
    CHECK(door.tell(request_of({.id = "f", .chain = "7\"", .sequence = 8, .number = 9},
                               door.loop.now())) == 400);
    CHECK(door.receiver.tally().malformed == 1);
}

TEST_CASE("a receiver fails as it is told to") {
    Door door;
    door.receiver.knobs().takes = 2s;
    int status = -1;
    door.receiver.handle(request_of({}, door.loop.now()),
                         [&](const auto& response) { status = response->status; });
    door.loop.run_for(1s);
    CHECK(status == -1);
    door.loop.run_for(1s);
    CHECK(status == 204);

    door.receiver.knobs() = {.fails = 1, .failure = 429, .retry_after_s = 60};
    CHECK(door.tell(Told{}) == 429);
    door.receiver.knobs() = {.hangs = 1};
    CHECK(door.tell(Told{.id = "x"}) == -1);
    door.receiver.knobs() = {.drops_answer = 1};
    CHECK(door.tell(Told{.id = "y"}) == 0);
    door.receiver.knobs() = {.refused_chain = "7"};
    CHECK(door.tell(Told{}) == 500);
    CHECK(door.tell(Told{.id = "z", .chain = "8"}) == 204);
    CHECK(door.receiver.tally().accepted == 3);  // the dropped answer's among them
    CHECK(door.receiver.tally().failed == 2);
    CHECK(door.receiver.tally().hung == 1);
    CHECK(door.receiver.tally().dropped == 1);

    door.receiver.knobs() = {.fails = 0.25};
    int failed = 0;
    for (int i = 0; i < 1'000; ++i) failed += door.tell(Told{}) == 500 ? 1 : 0;
    CHECK(failed > 200);
    CHECK(failed < 300);
}
