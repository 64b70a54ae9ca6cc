// What the calls on chains answer: reading, switching, holding, previewing, waiting.

#include "api/stage_test.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

using namespace msp;
using namespace msp::api_stage;

namespace {

std::string card_path(unsigned number) {
    return "/v1/cards/" + std::string(iccid(number).text());
}

}  // namespace

TEST_CASE("A card is imported, issued, tested, and its chain tells who holds it") {
    Stage stage;
    stage.cards(1, 3, "B-1", "dp-one");

    const Reply before = stage.done("dp-one/viewer", "GET", card_path(1));
    CHECK(before.at("status") == "de-active");
    CHECK(before.at("card.iccid") == iccid(1).text());
    CHECK(before.at("card.batch") == "B-1");
    CHECK(before.at("network.imsi") == imsi(1).text());
    CHECK(before.at("held_by.0.code") == "issued");
    CHECK(before.at("held_by.0.may_lift") == R"(["dp-one","m2m-sp"])");
    CHECK(before.at("equipment") == "null");
    CHECK(before.header("ETag") == "\"c" + before.at("revisions.customer_hold") + "\"");

    const Reply switched =
        stage.done("dp-one/op", "PUT", card_path(1) + "/m2m-service", R"({"status":"active"})");
    CHECK(switched.at("pending") == "true");
    CHECK(switched.at("status") == "de-active");
    CHECK(switched.at("m2m_service.admission") == "open");
    stage.settle();
    const Reply after = stage.done("dp-one/viewer", "GET", card_path(1));
    CHECK(after.at("status") == "active");
    CHECK(after.at("pending") == "false");
    CHECK(after.at("network.observed") == "active");
    CHECK(after.at("network.observed_by") == "read");
    CHECK(after.at("held_by") == "[]");
}

TEST_CASE("With ?wait an answer comes once the change is settled, or when the time is over") {
    Stage stage;
    stage.cards(1, 2, "B-1", "dp-one");
    const auto waiting = stage.begin(stage.request(
        "dp-one/op", "PUT", card_path(1) + "/m2m-service?wait=10s", R"({"status":"active"})"));
    stage.loop.run_ready();
    CHECK_FALSE(waiting->response);
    stage.settle();
    CHECK(Stage::reply(*waiting).at("status") == "active");
    CHECK(Stage::reply(*waiting).at("pending") == "false");

    stage.http.close("http://op-east.test");
    const auto in_vain = stage.begin(stage.request(
        "dp-one/op", "PUT", card_path(2) + "/m2m-service?wait=500ms", R"({"status":"active"})"));
    stage.loop.run_for(Duration(499));
    CHECK_FALSE(in_vain->response);
    stage.loop.run_for(Duration(1));
    CHECK(Stage::reply(*in_vain).status == 200);
    CHECK(Stage::reply(*in_vain).at("pending") == "true");
}

TEST_CASE("An equipment is installed, suspended, held and explained to its provider") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);

    const Reply active = stage.done("ep-one/viewer", "GET", "/v1/equipment/EX-1");
    CHECK(active.at("status") == "active");
    CHECK(active.at("equipment.wish") == "active");
    CHECK(active.at("device.device_id") == "ONE-1");
    CHECK(active.at("card.iccid_last4").size() == 4);
    CHECK_FALSE(active.has(iccid(1).text()));
    CHECK_FALSE(active.has(imsi(1).text()));
    CHECK(active.header("ETag") == "\"w" + active.at("revisions.wish") + "\"");

    stage.done("m2m-sp/op", "PUT", "/v1/devices/ONE-1/hold/unpaid", R"({"text":"INV-8831"})");
    stage.done("ep-one/op", "PUT", "/v1/equipment/EX-1/service", R"({"status":"de-active"})");
    stage.settle();
    const Reply held = stage.done("ep-one/viewer", "GET", "/v1/equipment/EX-1");
    CHECK(held.at("status") == "de-active");
    CHECK(held.has(R"("code":"unpaid")"));
    CHECK(held.has(R"("code":"equipment-service")"));

    const Reply lifted = stage.done("m2m-sp/op", "DELETE", "/v1/devices/ONE-1/hold/unpaid");
    CHECK_FALSE(lifted.has(R"("code":"unpaid")"));
    CHECK(lifted.header("ETag") == "\"h" + lifted.at("revisions.m2m_sp_hold") + "\"");
}

TEST_CASE("A preview tells what would be, in words and data, and changes nothing") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    const auto before = stage.chain(Name::of(iccid(1)));
    const Reply preview = stage.done("ep-one/op", "POST", "/v1/equipment/EX-1/service:preview",
                                     R"({"status":"de-active"})");
    CHECK(preview.at("would_change") == "true");
    CHECK(preview.at("before.equipment_service") == "active");
    CHECK(preview.at("after.equipment_service") == "de-active");
    CHECK(preview.at("order") == "de-activate");
    CHECK(preview.at("chain.status") == "active");
    CHECK_FALSE(preview.at("sentence").empty());

    const Reply stop = stage.done("ep-one/op", "POST", "/v1/equipment/EX-1/service:preview",
                                  R"({"status":"stopped","device_id":"ONE-1"})");
    CHECK(stop.at("order") == "reclaim");
    const Reply hold = stage.done("m2m-sp/op", "POST", "/v1/devices/ONE-1/hold/unpaid:preview");
    CHECK(hold.at("order") == "de-activate");
    const Reply lift =
        stage.done("m2m-sp/op", "POST", "/v1/devices/ONE-1/hold/unpaid:preview-lift");
    CHECK(lift.at("would_change") == "false");
    CHECK(lift.at("sentence") == "Nothing changes.");
    CHECK(stage.chain(Name::of(iccid(1))) == before);
}

TEST_CASE("Stopping asks for the revision, and a stale one shows who changed it") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    const std::string service = "/v1/equipment/EX-1/service";
    const std::string stop = R"({"status":"stopped","device_id":"ONE-1"})";
    CHECK(stage.call("ep-one/op", "PUT", service, stop).status == 428);
    CHECK(stage.call("ep-one/op", "PUT", service, stop, {{"If-Match", "*"}}).status == 428);
    const Reply wrong = stage.call("ep-one/op", "PUT", service, stop, {{"If-Match", "\"c1\""}});
    CHECK(wrong.status == 400);
    CHECK(wrong.code() == "invalid-if-match");

    const std::string seen = stage.done("ep-one/op", "GET", "/v1/equipment/EX-1").header("ETag");
    stage.done("ep-one/admin", "PUT", service, R"({"status":"de-active"})");
    const Reply stale = stage.call("ep-one/op", "PUT", service, stop, {{"If-Match", seen}});
    CHECK(stale.status == 412);
    CHECK(stale.at("current.status") == "de-active");
    CHECK(stale.at("changed_by.party") == "ep-one");
    CHECK(stale.at("changed_by.principal") == "admin");
    const Reply other =
        stage.call("ep-one/op", "PUT", service, R"({"status":"stopped","device_id":"ONE-2"})",
                   {{"If-Match", stale.header("ETag")}});
    CHECK(other.code() == "device-differs");
    CHECK(other.at("errors.0.pointer") == "/device_id");

    const Reply stopped =
        stage.call("ep-one/op", "PUT", service, stop, {{"If-Match", stale.header("ETag")}});
    CHECK(stopped.status == 200);
    CHECK(stopped.at("status") == "stopped");
    CHECK(stopped.at("network.wanted") == "reclaimed");
}

TEST_CASE(
    "A repeated request is answered with the first answer, another one under its key is not") {
    Stage stage;
    stage.cards(1, 1, "B-1", "dp-one");
    const std::string target = card_path(1) + "/m2m-service";
    const Fields key{{"Idempotency-Key", "k-1"}};
    const Reply first = stage.done("dp-one/op", "PUT", target, R"({"status":"active"})", key);
    stage.settle();
    const auto chain = stage.chain(Name::of(iccid(1)));
    const Reply again = stage.done("dp-one/op", "PUT", target, R"({"status":"active"})", key);
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotency-Replayed") == "true");
    CHECK(first.header("Idempotency-Replayed").empty());
    CHECK(stage.chain(Name::of(iccid(1))) == chain);
    const Reply reused = stage.call("dp-one/op", "PUT", target, R"({"status":"de-active"})", key);
    CHECK(reused.status == 422);
    CHECK(reused.code() == "key-reused");
    CHECK(stage.call("dp-two/op", "PUT", target, R"({"status":"active"})", key).status == 404);
    for (const std::string& bad : {std::string(), std::string("a b"), std::string(129, 'x')})
        CHECK(stage
                  .call("dp-one/op", "PUT", target, R"({"status":"active"})",
                        {{"Idempotency-Key", bad}})
                  .code() == "invalid-idempotency-key");
}

TEST_CASE("An equipment can be registered before any device, renamed, and keeps its name") {
    Stage stage;
    const std::string card = R"({"name":"Excavator X320","labels":{"site":"pudong-7"}})";
    const Reply alone = stage.done("ep-one/op", "PUT", "/v1/equipment/EX-1", card);
    CHECK(alone.at("chain") == "null");
    CHECK(alone.at("equipment.name") == "Excavator X320");
    CHECK(alone.at("equipment.labels.site") == "pudong-7");
    CHECK(stage.call("ep-one/op", "PUT", "/v1/equipment/EX-1/service", R"({"status":"active"})")
              .code() == "no-equipment-bound");
    CHECK(stage.call("ep-two/op", "GET", "/v1/equipment/EX-1").status == 404);

    stage.equipment(1, "dp-one", "ep-one", true);
    CHECK(stage.done("ep-one/op", "GET", "/v1/equipment/EX-1").at("equipment.name") ==
          "Excavator X320");
    const Reply switched =
        stage.done("ep-one/op", "PUT", "/v1/equipment/EX-1/service", R"({"status":"de-active"})");
    CHECK(switched.at("equipment.labels.site") == "pudong-7");
    const Reply renamed =
        stage.done("ep-one/op", "PUT", "/v1/equipment/EX-1", R"({"name":"Big one"})");
    CHECK(renamed.at("equipment.name") == "Big one");
    CHECK(renamed.at("device.device_id") == "ONE-1");
    const Reply staff = stage.done("m2m-sp/viewer", "GET", "/v1/equipment/EX-1?provider=ep-one");
    CHECK(staff.at("equipment.name") == "Big one");
    CHECK(staff.at("network.imsi") == imsi(1).text());
    CHECK(stage.call("m2m-sp/viewer", "GET", "/v1/equipment/EX-1").status == 400);
    CHECK(stage.call("ep-two/viewer", "GET", "/v1/equipment/EX-1?provider=ep-one").status == 404);
}

TEST_CASE("A wrong equipment ID is taken off again, and the device is free to report another") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", false);
    const Reply unbound = stage.done("ep-one/op", "POST", "/v1/equipment/EX-1:unbind");
    CHECK(unbound.at("equipment") == "null");
    CHECK(unbound.at("device.device_id") == "ONE-1");
    CHECK(stage.done("ep-one/op", "GET", "/v1/equipment/EX-1").at("chain") == "null");
    CHECK_FALSE(stage.report_equipment("ONE-1", "dp-one", "EX-9").refusal);
    CHECK(stage.done("ep-one/op", "GET", "/v1/equipment/EX-9").at("device.device_id") == "ONE-1");
}

TEST_CASE("A check asks the operator, and waits for what it says") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    stage.simulator->played().book();
    const auto exchange =
        stage.begin(stage.request("ep-one/op", "POST", "/v1/equipment/EX-1:check?wait=20s"));
    stage.loop.run_ready();
    CHECK_FALSE(exchange->response);
    stage.settle();
    const Reply checked = Stage::reply(*exchange);
    CHECK(checked.at("pending") == "false");
    CHECK(checked.at("network.observed_by") == "read");
    CHECK(stage.call("m2m-sp/op", "POST", "/v1/devices/ONE-1:retry").code() == "nothing-to-retry");
}

TEST_CASE("Each party lists what is in its hands, page by page, and filters it") {
    Stage stage;
    stage.cards(1, 7, "B-1", "dp-one");
    stage.cards(8, 9, "B-2", "dp-two");
    std::vector<std::string> seen;
    std::string target = "/v1/cards?limit=3";
    for (int page = 0; page < 4; ++page) {
        const Reply reply = stage.done("dp-one/viewer", "GET", target);
        for (int at = 0; at < 3; ++at)
            if (const auto card = reply.at("items." + std::to_string(at) + ".card.iccid");
                !card.empty())
                seen.push_back(card);
        const std::string cursor = reply.at("next_cursor");
        if (cursor == "null") break;
        CHECK(
            stage.call("dp-one/viewer", "GET", "/v1/cards?status=active&cursor=" + cursor).status ==
            400);
        CHECK(stage.call("dp-two/viewer", "GET", "/v1/cards?cursor=" + cursor).status == 400);
        target = "/v1/cards?limit=3&cursor=" + cursor;
    }
    CHECK(seen.size() == 7);
    const auto count = [&](std::string_view who, std::string_view query) {
        const Reply reply = stage.done(who, "GET", "/v1/cards?" + std::string(query));
        return boost::json::parse(reply.body).at("items").as_array().size();
    };
    CHECK(count("m2m-sp/viewer", "") == 9);
    CHECK(count("m2m-sp/viewer", "customer=dp-two") == 2);
    CHECK(count("m2m-sp/viewer", "batch=B-1") == 7);
    CHECK(count("m2m-sp/viewer", "batch=B-9") == 0);
    CHECK(count("m2m-sp/viewer", "imsi=" + std::string(imsi(3).text())) == 1);
    CHECK(count("dp-two/viewer", "imsi=" + std::string(imsi(3).text()) + "&operator=op-east") == 0);
    CHECK(count("dp-one/viewer", "imsi=" + std::string(imsi(3).text()) + "&operator=op-east") == 1);
    CHECK(count("dp-one/viewer", "bound=true") == 0);
    CHECK(count("dp-one/viewer", "status=de-active&bound=false") == 7);
}

TEST_CASE("Devices and equipment are listed by their status and who holds them") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    stage.equipment(2, "dp-one", "ep-one", false);
    stage.device(3, "dp-one", "");
    stage.done("ep-one/op", "PUT", "/v1/equipment/EX-7", "{}");
    const auto items = [&](std::string_view who, const std::string& target) {
        return boost::json::parse(stage.done(who, "GET", target).body)
            .at("items")
            .as_array()
            .size();
    };
    CHECK(items("ep-one/viewer", "/v1/devices") == 2);
    CHECK(items("dp-one/viewer", "/v1/devices") == 1);
    CHECK(items("m2m-sp/viewer", "/v1/devices") == 3);
    CHECK(items("m2m-sp/viewer", "/v1/devices?customer=ep-one&status=active") == 2);
    CHECK(items("m2m-sp/viewer", "/v1/devices?held_by=customer") == 0);
    CHECK(items("ep-one/viewer", "/v1/equipment") == 3);
    CHECK(items("ep-one/viewer", "/v1/equipment?status=active") == 1);
    CHECK(items("ep-one/viewer", "/v1/equipment?limit=2") == 2);
    CHECK(items("ep-two/viewer", "/v1/equipment") == 0);
    CHECK(items("m2m-sp/viewer", "/v1/equipment") == 2);
    CHECK(items("m2m-sp/viewer", "/v1/equipment?provider=ep-one") == 3);
}

TEST_CASE("A claim is seen and decided by its owner alone") {
    Stage stage;
    stage.device(1, "dp-one", "");
    stage.cards(2, 2, "B-2", "dp-one");
    const Answer refused = stage.report_card("ONE-9", "dp-one", 2);  // the window is not open
    REQUIRE(refused.refusal);
    const Reply list = stage.done("dp-one/viewer", "GET", "/v1/claims?state=open");
    CHECK(list.at("items.0.refused.code") == "not-admitted");
    CHECK(list.at("items.0.imsi") == imsi(2).text());
    CHECK(stage.done("dp-two/viewer", "GET", "/v1/claims").at("items") == "[]");
    const std::string path = "/v1/claims/" + list.at("items.0.id");
    CHECK(stage.call("dp-two/op", "POST", path + ":accept").code() == "no-such-claim");
    const Reply accepted = stage.done("dp-one/op", "POST", path + ":accept");
    CHECK(accepted.at("state") == "accepted");
    CHECK(stage.done("dp-one/viewer", "GET", "/v1/devices/ONE-9").at("card.iccid") ==
          iccid(2).text());
    CHECK(stage.call("dp-one/op", "POST", path + ":dismiss").code() == "claim-closed");
}
