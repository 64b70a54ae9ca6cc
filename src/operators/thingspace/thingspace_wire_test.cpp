#include "operators/thingspace/thingspace_wire.hpp"

#include "operators/http_answer_test.hpp"
#include "operators/thingspace/thingspace_callback.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <tuple>
#include <utility>

using namespace msp;
using namespace msp::thingspace;
using namespace msp::sample;
using namespace std::chrono_literals;

namespace {

const Access us{
    "https://ts.test",
    {.name = "0868924207-00001", .service_plan = "m2m4G", .zip_code = "98801", .etf_waiver = true},
    {"key:secret", "zbeeblebrox", "IMgr8"}};
const Tokens tokens{"b-1", "bcce3ea6-fe4f-4952-bacf-eadd80718e83"};
const std::string iccid = "89148000000800139708";
const std::string request = "595f5c44-c31c-4552-8670-020a1545a84d";

Errand errand(Order order = Order::activate, Text<32> native = "suspend") {
    Errand out = errand_about(iccid, Errand::Kind::order, order);
    out.native = native;
    out.operator_reference = *OperatorReference::of(request);
    return out;
}

std::string error(const std::string& code) {
    return R"({"errorCode":")" + code + R"(","errorMessage":"not so, 262070000000001"})";
}
std::string failed(const std::string& particular) {
    return error("UnifiedWebService.REQUEST_FAILED." + particular);
}

std::string device(const std::string& state, const std::string& id = iccid) {
    return R"({"accountName":"0000123456-00001","carrierInformations":[{"carrierName":)"
           R"("Verizon Wireless","servicePlan":"m2m4G","state":")" +
           state + R"("}],"connected":false,"deviceIds":[{"id":"10-digit MDN","kind":"mdn"},)" +
           R"({"id":")" + id + R"(","kind":"iccid"}]})";
}

Outcome ordered(const HttpAnswer& answer, Order order = Order::activate,
                Text<32> native = "suspend") {
    return decode_order(answer, errand(order, native));
}

HttpRequest callback(const std::string& members) {
    HttpRequest out;
    out.method = "POST";
    out.body = R"({"username":"msp","password":"whsec_x","requestId":")" + request + R"(",)" +
               R"("callbackCount":1,"maxCallbackThreshold":4)" + members + "}";
    return out;
}

const std::string of_card = R"(,"deviceIds":[{"id":")" + iccid + R"(","kind":"ICCID"}])";

}  // namespace

TEST_CASE("requests are those of the interface") {
    const HttpRequest authorization = encode_authorization(us);
    CHECK(authorization.target == "https://ts.test/api/ts/v1/oauth2/token");
    CHECK(authorization.headers.find("Authorization") == "Basic a2V5OnNlY3JldA==");
    CHECK(authorization.body == "grant_type=client_credentials");
    const HttpRequest login = encode_login(us, "b-1");
    CHECK(login.target == "https://ts.test/api/m2m/v1/session/login");
    CHECK(login.headers.find("Authorization") == "Bearer b-1");
    CHECK(login.body == R"({"username":"zbeeblebrox","password":"IMgr8"})");
    const HttpRequest poll = encode_poll(us, tokens, errand());
    CHECK(poll.method == "GET");
    CHECK(poll.target ==
          "https://ts.test/api/m2m/v1/accounts/0868924207-00001/requests/" + request + "/status");
    CHECK(poll.headers.find("VZ-M2M-Token") == tokens.session);
    const HttpRequest read = encode_read(us, tokens, errand());
    CHECK(read.target == "https://ts.test/api/m2m/v1/devices/actions/list");
    CHECK(read.body == R"({"accountName":"0868924207-00001","deviceId":{"id":")" + iccid +
                           R"(","kind":"iccid"}})");
    CHECK(encode_list(us, tokens, "8914", 50).body ==
          R"({"accountName":"0868924207-00001","maxNumberOfDevices":50,)"
          R"("largestDeviceIdSeen":"8914"})");
}

TEST_CASE("how a line stands decides whether it is restored or activated") {
    const std::string line =
        R"({"accountName":"0868924207-00001","devices":[{"deviceIds":[{"id":")" + iccid +
        R"(","kind":"iccid"}]}])";
    const std::tuple<Order, Text<32>, std::string, std::string> rows[] = {
        {Order::activate, "suspend", "restore", "}"},
        {Order::activate, "", "restore", "}"},
        {Order::activate, "pre-active", "activate",
         R"(,"servicePlan":"m2m4G","mdnZipCode":"98801"})"},
        {Order::activate, "Deactive", "activate",
         R"(,"servicePlan":"m2m4G","mdnZipCode":"98801"})"},
        {Order::de_activate, "active", "suspend", "}"},
        {Order::reclaim, "active", "deactivate", R"(,"reasonCode":"FF","etfWaiver":true})"}};
    for (const auto& [order, native, verb, rest] : rows) {
        const HttpRequest out = encode_order(us, tokens, errand(order, native));
        CHECK(out.method == "POST");
        CHECK(out.target == "https://ts.test/api/m2m/v1/devices/actions/" + verb);
        CHECK(out.body == line + rest);
        CHECK(out.headers.find("Authorization") == "Bearer b-1");
        CHECK(out.headers.find("VZ-M2M-Token") == tokens.session);
    }
}

TEST_CASE("credentials are four parts, and the last may have a colon in it") {
    const auto read = read_credentials("key:secret:user:a:b");
    REQUIRE(read);
    CHECK(read->application == "key:secret");
    CHECK(read->username == "user");
    CHECK(read->password == "a:b");
    for (const char* wrong : {"", "key", "key:secret", "key:secret:user",
                              "key:secret:user:", ":secret:user:word", "key::user:word"})
        CHECK_FALSE(read_credentials(wrong));
}

TEST_CASE("an order is accepted under its request id, and never done by the first answer") {
    using Kind = Outcome::Kind;
    const Outcome accepted = ordered(http(200, R"({"requestId":")" + request + R"("})"));
    CHECK(accepted.kind == Kind::accepted);
    CHECK(accepted.operator_reference.view() == request);
    CHECK(ordered(http(202, R"({"requestId":"r"})")).kind == Kind::accepted);
    for (const char* body : {"", "{}", R"({"requestId":""})", R"({"requestId":7})",
                             R"({"requestId":"a b"})", R"({"requestId":"r)"})
        CHECK(ordered(http(200, body)).kind == Kind::unknown);
    CHECK(ordered(http(200, R"({"requestId":")" + std::string(65, 'x') + R"("})")).kind ==
          Kind::unknown);
    CHECK(ordered(http(500, failed("DeviceNotFound"))).kind == Kind::unknown);
    CHECK(ordered(http(503, "<html>")).kind == Kind::unknown);
    CHECK(ordered(Failure{Failure::Kind::unknown, "reset"}).kind == Kind::unknown);
    CHECK(ordered(Failure{Failure::Kind::unreachable, "refused"}).kind == Kind::not_sent);
}

TEST_CASE("a fault's code decides: pending, logged out, already so, refused, or not known") {
    using Kind = Outcome::Kind;
    for (const char* pending : {"DeviceStatePending", "PendingActivation.Exists"}) {
        CHECK(ordered(http(400, failed(pending))).kind == Kind::busy);
        CHECK(ordered(http(400, failed(pending))).retry_after == 1s);
    }
    CHECK(ordered(http(401)).kind == Kind::busy);
    CHECK(ordered(http(429)).kind == Kind::busy);
    CHECK(ordered(http(400, failed("SessionToken.Expired"))).kind == Kind::busy);
    CHECK(ordered(http(400, error("UnifiedWebService.INPUT_INVALID.SessionToken.Invalid"))).kind ==
          Kind::busy);
    CHECK(ordered(http(400, failed("DeviceAlreadyActive"))).kind == Kind::done);
    CHECK(ordered(http(400, failed("DeviceAlreadyActive")), Order::reclaim).kind == Kind::refused);
    CHECK(ordered(http(400, failed("DeviceAlreadySuspended")), Order::de_activate).kind ==
          Kind::done);
    CHECK(ordered(http(400, failed("DeviceAlreadyDeactive")), Order::reclaim).kind == Kind::done);
    const Outcome refused = ordered(http(400, failed("ActionsPerDay")));
    CHECK(refused.kind == Kind::refused);
    CHECK(refused.reason == "ts-ActionsPerDay: not so, …");
    CHECK(ordered(http(404, "<html>")).kind == Kind::unknown);
    CHECK(ordered(http(400, error("UnifiedWebService.REQUEST_ONHOLD.Review"))).kind ==
          Kind::unknown);
    CHECK(ordered(http(400, error("UnifiedWebService.REQUEST_CANCELLED.User"))).kind ==
          Kind::unknown);
    for (const char* no_code : {"", "tired", "A.B", "A.REQUEST_FAILED.", "A.REQUEST_FAILED.x y"})
        CHECK(ordered(http(400, error(no_code))).kind == Kind::unknown);
}

TEST_CASE("what never was active need not be suspended, and is not given back by refusing it") {
    using Kind = Outcome::Kind;
    const HttpAnswer no = http(400, failed("InvalidTransition"));
    CHECK(ordered(no, Order::de_activate, "pre-active").kind == Kind::done);
    CHECK(ordered(no, Order::de_activate, "suspend").kind == Kind::refused);
    CHECK(ordered(no, Order::reclaim, "pre-active").kind == Kind::refused);
    CHECK(ordered(http(400, failed("DeviceStatePending")), Order::de_activate, "pre-active").kind ==
          Kind::busy);
}

TEST_CASE("a request's status is news when it is over, and only of the request asked for") {
    using Kind = Outcome::Kind;
    const auto polled = [](const HttpAnswer& answer) { return decode_poll(answer, errand()).kind; };
    const auto status = [](const std::string& more, const std::string& id = request) {
        return http(200, R"({"requestId":")" + id + R"(",)" + more + "}");
    };
    CHECK(polled(status(R"("status":"Success")")) == Kind::done);
    CHECK(polled(status(R"("status":"Failed")")) == Kind::refused);
    CHECK(polled(status(R"("status":"Pending")")) == Kind::accepted);
    CHECK(polled(status(R"("status":"whatever")")) == Kind::accepted);
    CHECK(polled(status(R"("status":"Success")", "another")) == Kind::accepted);
    CHECK(polled(status(R"("status":"Failed","faultResponse":{"faultcode":)"
                        R"("UnifiedWebService.REQUEST_FAILED.DeviceAlreadyActive"})")) ==
          Kind::done);
    CHECK(polled(http(400, error("UnifiedWebService.INPUT_INVALID.RequestId.Invalid"))) ==
          Kind::unknown);
    CHECK(polled(http(400, failed("SessionToken.Expired"))) == Kind::accepted);
    CHECK(polled(http(500)) == Kind::accepted);
    CHECK(polled(Failure{Failure::Kind::unreachable, "refused"}) == Kind::accepted);
}

TEST_CASE("each state has one meaning, and what is not in the table has none") {
    const std::tuple<const char*, NetworkState, bool> rows[] = {
        {"active", NetworkState::active, false},
        {"Active", NetworkState::active, false},
        {"suspend", NetworkState::de_active, false},
        {"pre-active", NetworkState::de_active, false},
        {"deactive", NetworkState::de_active, false},
        {"pending suspend", NetworkState::unknown, true},
        {"Pending Activation", NetworkState::unknown, true},
        {"Activate", NetworkState::unknown, false},
        {"suspended", NetworkState::unknown, false},
        {"active ", NetworkState::unknown, false},
        {"", NetworkState::unknown, false}};
    for (const auto& [word, state, pending] : rows) {
        CHECK(meaning(word, Order::activate) == state);
        CHECK(is_pending(word) == pending);
    }
    CHECK(meaning("deactive", Order::reclaim) == NetworkState::reclaimed);
    CHECK(meaning("suspend", Order::reclaim) == NetworkState::de_active);
}

TEST_CASE("a read is of the card that was asked about, and shows the operator's own word") {
    const auto read = [](const std::string& devices) {
        return decode_reading(http(200, R"({"hasMoreData":false,"devices":[)" + devices + "]}"),
                              errand());
    };
    const auto active = read(device("active"));
    REQUIRE(active);
    CHECK(active->state == NetworkState::active);
    CHECK(active->session == false);
    CHECK(active->native == Text<32>("active"));
    const auto pending = read(device("pending restore"));
    REQUIRE(pending);
    CHECK(pending->changing);
    CHECK(read(device("quarantine"))->state == NetworkState::unknown);
    CHECK_FALSE(read(device("active", "89148000000800784259")));
    CHECK_FALSE(read(device("active") + "," + device("active")));
    CHECK_FALSE(read(device("")));
    CHECK(read("").reason().what == "no-such-device");
    CHECK_FALSE(read(R"({"deviceIds":[{"id":")" + iccid + R"(","kind":"iccid"}]})"));
    CHECK(decode_reading(http(429), errand()).reason().kind == Failure::Kind::overloaded);
    CHECK(decode_reading(http(400, failed("SessionToken.Expired")), errand()).reason().kind ==
          Failure::Kind::overloaded);
    CHECK(decode_reading(http(404), errand()).reason().kind == Failure::Kind::unknown);
}

TEST_CASE("a page leads to the next by the card that it ends with") {
    const auto listed = [](const std::string& more, const std::string& devices) {
        return decode_list(
            http(202, R"({"hasMoreData":)" + more + R"(,"devices":[)" + devices + "]}"));
    };
    const auto page = listed("true", device("suspend", "891") + "," + device("pending x", "892"));
    REQUIRE(page);
    REQUIRE(page->entries.size() == 2);
    CHECK(page->entries[0].reading.state == NetworkState::de_active);
    CHECK(page->entries[1].reading.changing);
    CHECK(page->next == "892");
    const std::string no_card = R"({"deviceIds":[{"id":"1","kind":"esn"}]})";
    CHECK(listed("false", no_card + "," + device("active"))->entries.size() == 1);
    CHECK_FALSE(listed("false", "")->next);
    CHECK_FALSE(listed("true", ""));
    CHECK_FALSE(listed("7", ""));
    CHECK_FALSE(decode_list(http(200, "[]")));
}

TEST_CASE("a callback answers the request that it names, with or without a card") {
    using Kind = Outcome::Kind;
    const auto done = parse_callback(callback(of_card + R"(,"status":"Success")"), "whsec_x");
    REQUIRE(done);
    REQUIRE(done->order);
    CHECK(done->order->outcome.kind == Kind::done);
    CHECK(done->order->reference.empty());
    CHECK(done->order->operator_reference.view() == request);
    CHECK(done->reference.view() == iccid);
    const auto bare = parse_callback(callback(R"(,"status":"Success")"), "whsec_x");
    REQUIRE(bare);
    CHECK(bare->reference.empty());
    CHECK(bare->id == done->id);
    const auto refused = parse_callback(
        callback(R"(,"status":"Failed","faultResponse":{"faultcode":"UnifiedWebService.)"
                 R"(REQUEST_FAILED.NotProvisioned","faultstring":"no, 262070000000001"})"),
        "whsec_x");
    REQUIRE(refused);
    CHECK(refused->order->outcome.kind == Kind::refused);
    CHECK(refused->order->outcome.reason == "ts-NotProvisioned: no, …");
    CHECK(parse_callback(callback(R"(,"status":"Failed")"), "whsec_x")->order->outcome.kind ==
          Kind::refused);
}

TEST_CASE("a callback without an outcome is a hint about its card, or nothing") {
    const auto change = parse_callback(callback(of_card), "whsec_x");
    REQUIRE(change);
    CHECK_FALSE(change->order);
    CHECK(change->reference.view() == iccid);
    CHECK(change->id == request + "/change");
    CHECK(parse_callback(callback(""), "whsec_x").reason().kind == EventFault::Kind::malformed);
}

TEST_CASE("who does not say the password is forged, whatever else is right") {
    const auto kind = [](const HttpRequest& said, const std::string& password) {
        return parse_callback(said, password).reason().kind;
    };
    const HttpRequest right = callback(of_card + R"(,"status":"Success")");
    for (const char* other : {"whsec_y", "whsec_", "whsec_xx", "WHSEC_X", ""})
        CHECK(kind(right, other) == EventFault::Kind::forged);
    for (const char* body : {"", "{}", "[]", R"({"password":7})", R"({"password":["whsec_x"]})"}) {
        HttpRequest wrong = right;
        wrong.body = body;
        CHECK(kind(wrong, "whsec_x") == EventFault::Kind::forged);
    }
    HttpRequest nameless = right;
    nameless.body = R"({"password":"whsec_x","status":"Success"})";
    CHECK(kind(nameless, "whsec_x") == EventFault::Kind::malformed);
}
