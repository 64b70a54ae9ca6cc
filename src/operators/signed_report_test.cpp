#include "operators/signed_report.hpp"

#include "world/crypto.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>

using namespace msp;
using namespace std::chrono_literals;

namespace {

const std::string key = "0123456789abcdef0123456789abcdef";
const Time now{1'700'000'000'500ms};

HttpRequest signed_request(const std::string& with = key, Time at = now) {
    HttpRequest out;
    out.body = R"({"id":"e-1"})";
    const std::string stamp = std::to_string(at.time_since_epoch() / 1s);
    const Digest digest = hmac_sha256(with, "e-1." + stamp + "." + out.body);
    out.headers.add("Webhook-Id", "e-1");
    out.headers.add("webhook-timestamp", stamp);
    out.headers.add("webhook-signature", "v1," + base64(bytes_of(digest)));
    return out;
}

}  // namespace

TEST_CASE("a report that was signed with the key is authentic, and its id is told") {
    CHECK(authentic(signed_request(), key, now).value() == "e-1");
    HttpRequest changing = signed_request();
    const std::string good(*changing.headers.find("webhook-signature"));
    changing.headers.set("webhook-signature", "v2,abc v1,AAAA " + good);
    CHECK(authentic(changing, key, now));
}

TEST_CASE("the signature scheme is the published one") {
    // The example of the Standard Webhooks specification 1.0, clause "Symmetric".
    HttpRequest request;
    request.body = R"({"event_type":"ping","data":{"success":true}})";
    request.headers.add("webhook-id", "msg_loFOjxBNrRLzqYUf");
    request.headers.add("webhook-timestamp", "1731705121");
    const std::string secret = from_base64("plJ3nmyCDGBKInavdOK15jsl").value();
    const Digest digest = hmac_sha256(secret, "msg_loFOjxBNrRLzqYUf.1731705121." + request.body);
    CHECK(base64(bytes_of(digest)) == "rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
    request.headers.add("webhook-signature", "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
    CHECK(authentic(request, secret, Time(1'731'705'121s)));
}

TEST_CASE("whatever is changed, missing or doubled in what was signed makes it forged") {
    const std::function<void(HttpRequest&)> changes[] = {
        [](HttpRequest& r) { r.body += ' '; },
        [](HttpRequest& r) { r.body.clear(); },
        [](HttpRequest& r) { r.headers.set("webhook-id", "e-2"); },
        [](HttpRequest& r) { r.headers.set("webhook-timestamp", "1700000001"); },
        [](HttpRequest& r) { r.headers.set("webhook-signature", ""); },
        [](HttpRequest& r) { r.headers.set("webhook-signature", "v1,"); },
        [](HttpRequest& r) {
            const std::string was(*r.headers.find("webhook-signature"));
            r.headers.set("webhook-signature", was.substr(3));
        },
        [](HttpRequest& r) { r.headers.add("webhook-id", "e-1"); },
        [](HttpRequest& r) { r.headers.add("webhook-signature", "v1,AAAA"); },
        [](HttpRequest& r) {
            const auto all = r.headers.all();
            r.headers = {};
            for (const HttpHeader& one : all)
                if (one.name != "webhook-timestamp") r.headers.add(one.name, one.value);
        },
    };
    for (const auto& change : changes) {
        HttpRequest request = signed_request();
        change(request);
        const auto heard = authentic(request, key, now);
        REQUIRE_FALSE(heard);
        CHECK(heard.reason().kind == EventFault::Kind::forged);
    }
    CHECK_FALSE(authentic(signed_request("another key, also long enough"), key, now));
    CHECK_FALSE(authentic(HttpRequest(), key, now));
}

TEST_CASE("a report is heard for five minutes, whichever clock is wrong") {
    for (const Duration apart : {-301s, -299s, 0s, 299s, 301s}) {
        CAPTURE(apart.count());
        const bool heard = bool(authentic(signed_request(key, now - apart), key, now));
        CHECK(heard == (std::chrono::abs(apart) < 300s));
    }
    HttpRequest odd = signed_request();
    for (const char* stamp : {"", "now", "-1700000000", "1700000000.5", "99999999999999999999"}) {
        odd.headers.set("webhook-timestamp", stamp);
        const Digest digest = hmac_sha256(key, "e-1." + std::string(stamp) + "." + odd.body);
        odd.headers.set("webhook-signature", "v1," + base64(bytes_of(digest)));
        CHECK_FALSE(authentic(odd, key, now));
    }
}

TEST_CASE("a report names what it is about, or it is malformed") {
    const auto event = [](const std::string& rest) {
        return decode_event("e-1", R"({"id":"e-1",)" + rest + "}");
    };
    const auto suspended =
        event(R"("type":"subscription.suspended","reference":"sub","imsi":"262070000000001")");
    REQUIRE(suspended);
    CHECK_FALSE(suspended->order);
    CHECK(suspended->reference == SubscriptionReference("sub"));
    CHECK(suspended->imsi == Imsi::parse("262070000000001").value());
    CHECK(event(R"("type":"subscription.moved","imsi":"262070000000001")"));

    const auto done = event(R"("type":"order.done","reference":"sub","order_reference":"r-1")");
    REQUIRE(done);
    REQUIRE(done->order);
    CHECK(done->order->reference == OrderReference("r-1"));
    CHECK(done->order->outcome.kind == Outcome::Kind::done);
    const auto refused_event = event(
        R"("type":"order.refused","reference":"sub","order_reference":"r-1","code":"suspended")");
    REQUIRE(refused_event);
    CHECK(refused_event->order->outcome.kind == Outcome::Kind::refused_suspended);

    for (const char* bad :
         {R"("type":"subscription.suspended")", R"("reference":"sub")",
          R"("type":"order.done","reference":"sub")",
          R"("type":"order.done","imsi":"262070000000001","order_reference":"r-1")",
          R"("type":"order.refused","reference":"sub","order_reference":"r-1")",
          R"("type":"subscription.suspended","imsi":"not digits")"}) {
        CAPTURE(bad);
        const auto wrong = event(bad);
        REQUIRE_FALSE(wrong);
        CHECK(wrong.reason().kind == EventFault::Kind::malformed);
    }
    CHECK_FALSE(decode_event("e-2", R"({"id":"e-1","type":"x","reference":"sub"})"));
    CHECK_FALSE(decode_event("e 1", R"({"id":"e 1","type":"x","reference":"sub"})"));
    CHECK_FALSE(decode_event("e-1", "nothing"));
}
