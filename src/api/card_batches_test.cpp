// Importing cards: all or nothing, or the good rows; the same again; what is left after a crash.

#include "api/batch_flows.hpp"
#include "api/stage_test.hpp"
#include "provisioning/register_cards.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

using namespace msp;
using namespace msp::api_stage;

namespace {

std::string row(unsigned number) {
    return std::string(iccid(number).text()) + "," + std::string(imsi(number).text()) + "\n";
}

std::string file(unsigned first, unsigned last) {
    std::string out = "iccid,imsi\n";
    for (unsigned number = first; number <= last; ++number) out += row(number);
    return out;
}

std::size_t cards_of(Stage& stage, const std::string& query = "") {
    const Reply list = stage.done("m2m-sp/viewer", "GET", "/v1/cards?limit=1000&" + query);
    return boost::json::parse(list.body).at("items").as_array().size();
}

}  // namespace

TEST_CASE("A good file is registered, and the same file again changes nothing") {
    Stage stage;
    const Reply first = stage.import(file(1, 1'203));
    CHECK(first.status == 201);
    CHECK(first.header("Location") == "/v1/card-batches/B-1");
    CHECK(first.at("state") == "registered");
    CHECK(first.at("rows") == "1203");
    CHECK(first.at("registered") == "1203");
    CHECK(first.at("rejected_rows") == "null");
    const Reply again = stage.import(file(1, 1'203));
    CHECK(again.at("registered") == "0");
    CHECK(again.at("unchanged") == "1203");
    const Reply more = stage.import(file(1'200, 1'205));
    CHECK(more.at("registered") == "2");
    const Reply batch = stage.done("m2m-sp/viewer", "GET", "/v1/card-batches/B-1");
    CHECK(batch.at("cards") == "1205");
    CHECK(batch.at("open") == "false");
    CHECK(batch.at("by") == "op");
    CHECK(cards_of(stage, "batch=B-1") == 1'000);
}

TEST_CASE("One bad row rejects the whole file, and its rows can be fetched and mended") {
    Stage stage;
    const std::string bad = "iccid,imsi,note\n" + std::string(iccid(1).text()) + "," +
                            std::string(imsi(1).text()) + ",fine\n8.98603E+19,460031234567719,x\n";
    const Reply rejected = stage.import(bad);
    CHECK(rejected.status == 422);
    CHECK(rejected.at("state") == "rejected");
    CHECK(rejected.at("registered") == "0");
    CHECK(rejected.at("rejected") == "1");
    CHECK(rejected.at("first_errors.0.line") == "3");
    CHECK(rejected.at("first_errors.0.column") == "iccid");
    CHECK(rejected.at("first_errors.0.code") == "spreadsheet-number");
    CHECK(rejected.at("warnings.0.code") == "unknown-columns");
    CHECK(cards_of(stage) == 0);
    const Reply rows = stage.done("m2m-sp/viewer", "GET", rejected.at("rejected_rows"));
    CHECK(rows.header("Content-Type") == "text/csv");
    CHECK(rows.body.starts_with(
        "iccid,imsi,note,line,column,code,reason,suggestion\r\n8.98603E+19,460031234567719,x,3,"));
    CHECK(stage.done("m2m-sp/viewer", "GET", "/v1/card-batches/B-1").at("state") == "rejected");

    const Reply skipped = stage.import(bad, "operator=op-east&batch=B-1&on_error=skip");
    CHECK(skipped.status == 201);
    CHECK(skipped.at("registered") == "1");
    CHECK(skipped.at("rejected") == "1");
    CHECK(cards_of(stage) == 1);
    const Reply later = stage.import(file(1, 3));
    CHECK(later.at("registered") == "2");
    CHECK(later.at("rejected_rows") == "null");
    CHECK(stage.done("m2m-sp/viewer", "GET", "/v1/card-batches/B-1/rejected-rows").body.empty());
}

TEST_CASE("A dry run says what would be and leaves nothing behind") {
    Stage stage;
    const Reply good = stage.import(file(1, 3), "operator=op-east&batch=B-1&dry_run=true");
    CHECK(good.status == 200);
    CHECK(good.at("state") == "checked");
    CHECK(good.at("registered") == "3");
    const Reply bad = stage.import("iccid,imsi\n1,2\n", "operator=op-east&batch=B-1&dry_run=true");
    CHECK(bad.status == 422);
    CHECK(bad.at("state") == "checked");
    CHECK(bad.at("rejected") == "1");
    CHECK(cards_of(stage) == 0);
    CHECK(stage.call("m2m-sp/viewer", "GET", "/v1/card-batches/B-1").code() == "no-such-batch");
}

TEST_CASE("A row that says something else about a live card is rejected by its line") {
    Stage stage;
    REQUIRE(stage.import(file(1, 2)).status == 201);
    const std::string other = "iccid,imsi\n" + std::string(iccid(1).text()) + "," +
                              std::string(imsi(9).text()) + "\n" + row(3);
    const Reply rejected = stage.import(other, "operator=op-east&batch=B-2");
    CHECK(rejected.status == 422);
    CHECK(rejected.at("first_errors.0.code") == "card-conflicts");
    CHECK(rejected.at("first_errors.0.line") == "2");
    CHECK(cards_of(stage) == 2);
    const Reply skipped = stage.import(other, "operator=op-east&batch=B-2&on_error=skip");
    CHECK(skipped.at("registered") == "1");
    CHECK(skipped.at("rejected") == "1");
    CHECK(cards_of(stage) == 3);
}

TEST_CASE("What the call itself lacks is refused before a row is read") {
    Stage stage;
    CHECK(stage.import(file(1, 1), "").at("errors.1.pointer") == "?batch");
    CHECK(stage.import(file(1, 1), "operator=op-west&batch=B-1").code() == "no-such-operator");
    CHECK(stage.import(file(1, 1), "operator=op-east&batch=B-1&on_error=maybe").status == 400);
    CHECK(stage.import(file(1, 1), "operator=op-east&batch=B%2F1").status == 400);
    CHECK(stage.call("m2m-sp/op", "POST", "/v1/card-batches?operator=op-east&batch=B-1", "{}")
              .code() == "not-csv");
    const Reply workbook = stage.import("PK\x03\x04....");
    CHECK(workbook.status == 422);
    CHECK(workbook.at("first_errors.0.code") == "not-csv");
    CHECK(stage.import("").at("first_errors.0.code") == "empty");
    stage.done("m2m-sp/admin", "PUT", "/v1/operators/op-west",
               R"({"base_url":"http://op-west.test"})");
    REQUIRE(stage.import(file(1, 1)).status == 201);
    CHECK(stage.import(file(2, 2), "operator=op-west&batch=B-1").code() ==
          "batch-of-another-operator");
}

TEST_CASE("An import that is repeated under its key is answered with the first report") {
    Stage stage;
    const Fields key{{"Idempotency-Key", "import-1"}};
    const std::string query = "operator=op-east&batch=B-1";
    const Reply first = stage.import(file(1, 700), query, key);
    const Reply again = stage.import(file(1, 700), query, key);
    CHECK(again.status == 201);
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotency-Replayed") == "true");
    const Reply other = stage.import(file(1, 701), query, key);
    CHECK(other.code() == "key-reused");
    CHECK(cards_of(stage) == 700);
}

TEST_CASE("A batch is issued as a whole, and taken back") {
    Stage stage;
    stage.cards(1, 1'100, "B-1", "");
    const Fields key{{"Idempotency-Key", "issue-1"}};
    const Reply issued =
        stage.done("m2m-sp/op", "POST", "/v1/card-batches/B-1/issue", R"({"to":"dp-one"})", key);
    CHECK(issued.at("changed") == "1100");
    const Reply repeated =
        stage.done("m2m-sp/op", "POST", "/v1/card-batches/B-1/issue", R"({"to":"dp-one"})", key);
    CHECK(repeated.body == issued.body);
    CHECK(repeated.header("Idempotency-Replayed") == "true");
    CHECK(stage.done("m2m-sp/op", "POST", "/v1/card-batches/B-1/issue", R"({"to":"dp-one"})")
              .at("unchanged") == "1100");
    CHECK(stage.call("m2m-sp/op", "POST", "/v1/card-batches/B-1/issue", R"({"to":"ep-one"})")
              .code() == "not-a-device-provider");
    CHECK(stage.call("m2m-sp/op", "POST", "/v1/card-batches/B-9/issue", R"({"to":"dp-one"})")
              .code() == "no-such-batch");
    const Reply some = stage.done("m2m-sp/op", "POST", "/v1/cards/issue",
                                  R"({"iccids":[")" + std::string(iccid(1).text()) + R"(",")" +
                                      std::string(iccid(5'000).text()) + R"("],"to":"m2m-sp"})");
    CHECK(some.at("changed") == "1");
    CHECK(some.at("items.1.code") == "no-such-card");
    CHECK_FALSE(some.at("items.1.hint").empty());
}

TEST_CASE("A batch is withdrawn as long as none of its cards is used, and its name is free again") {
    Stage stage;
    stage.cards(1, 600, "B-1", "");
    stage.done("m2m-sp/op", "POST", "/v1/cards/issue",
               R"({"iccids":[")" + std::string(iccid(600).text()) + R"("],"to":"dp-one"})");
    CHECK(stage.call("m2m-sp/op", "DELETE", "/v1/card-batches/B-1").code() == "batch-in-use");
    CHECK(cards_of(stage) == 600);
    CHECK(stage.done("m2m-sp/viewer", "GET", "/v1/card-batches/B-1").at("open") == "false");
    stage.cards(1'001, 1'600, "B-2", "");
    const Reply gone = stage.done("m2m-sp/op", "DELETE", "/v1/card-batches/B-2");
    CHECK(gone.at("withdrawn") == "600");
    CHECK(stage.call("m2m-sp/viewer", "GET", "/v1/card-batches/B-2").status == 404);
    CHECK(stage.call("m2m-sp/op", "DELETE", "/v1/card-batches/B-2").status == 404);
    CHECK(cards_of(stage) == 600);
    CHECK(stage.import(file(1'001, 1'600), "operator=op-east&batch=B-2").at("registered") == "600");
}

TEST_CASE("While a batch is being registered its cards cannot be used, and progress can be read") {
    Stage stage;
    HttpRequest request =
        stage.request("m2m-sp/op", "POST", "/v1/card-batches?operator=op-east&batch=B-1",
                      file(1, 5'000), {{"Content-Type", "text/csv"}});
    const auto exchange = stage.begin(request);
    const auto second = stage.begin(request);
    const auto seen = stage.begin(stage.request("m2m-sp/viewer", "GET", "/v1/card-batches/B-1"));
    stage.loop.run_ready();
    CHECK(Stage::reply(*exchange).status == 201);
    CHECK(Stage::reply(*second).code() == "batch-incomplete");
    CHECK(Stage::reply(*seen).status != 0);
}

TEST_CASE("What a process left half registered is withdrawn at the next start") {
    Stage stage;
    stage.cards(1, 10, "B-1", "");
    const BatchId b1 = BatchId::parse("B-1").value();
    const BatchId b2 = BatchId::parse("B-2").value();
    // A second file of B-1, and a first of B-2, each begun and not ended.
    for (const auto& [batch, first] : {std::pair{b1, 100u}, {b2, 200u}}) {
        const ChainId from = stage.memory.store->fresh_chain_id();
        REQUIRE(stage.decide(BeginBatch{batch, {from, false}}).changed);
        RegisterCards some{.at = OperatorId::parse("op-east").value(),
                           .batch = batch,
                           .rows = {},
                           .origin = stage.origin()};
        for (unsigned number = first; number < first + 5; ++number)
            some.rows.push_back({.line = number,
                                 .iccid = iccid(number),
                                 .imsi = imsi(number),
                                 .reference = {},
                                 .msisdn = {},
                                 .mdn = {},
                                 .eid = {},
                                 .fresh = stage.memory.store->fresh_chain_id()});
        REQUIRE(stage.decide(some).changed);
    }
    CHECK(cards_of(stage) == 20);
    CHECK(stage.done("m2m-sp/op", "POST", "/v1/card-batches/B-1/issue", R"({"to":"dp-one"})")
              .at("items.0.code") == "batch-incomplete");

    bool done = false;
    stage.api->withdraw_incomplete_batches([&](const auto& outcome) { done = bool(outcome); });
    stage.loop.run_ready();
    CHECK(done);
    CHECK(cards_of(stage) == 10);
    CHECK_FALSE(stage.record(open_batch_name(b1)));
    CHECK_FALSE(stage.record(open_batch_name(b2)));
    CHECK(stage.call("m2m-sp/viewer", "GET", "/v1/card-batches/B-2").status == 404);
    CHECK(stage.done("m2m-sp/op", "POST", "/v1/card-batches/B-1/issue", R"({"to":"dp-one"})")
              .at("changed") == "10");
}
