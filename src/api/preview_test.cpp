// Previews, over the route table: every call that changes something has one, it answers as the
// change then does, refusals too, and nothing comes of it.

#include "api/matrix_world_test.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace msp;
using namespace msp::api_stage;

namespace {

namespace json = boost::json;

std::string name_of(const Route& route) {
    return std::string(route.method) + " " + std::string(route.path);
}

std::string number(std::uint64_t value) {
    return std::to_string(value) + "\n";
}

// All that is kept but what was answered under a key, by version: whatever is written makes another
// picture.
std::string picture_of(const MemoryContent& kept) {
    std::string out;
    for (const auto& [id, one] : kept.chains)
        out +=
            "chain " + std::to_string(static_cast<std::uint64_t>(id)) + " " + number(one.version);
    for (const auto& [name, one] : kept.records)
        if (name.kind != Name::Kind::answer)
            out += "record " + name.scope + " " + name.value + " " + number(one.version) + one.body;
    for (const auto& [lane, entries] : kept.history) out += "history " + number(entries.size());
    for (const auto& [party, numbers] : kept.feeds)
        out += "feed " + std::string(party.text()) + " " + number(numbers.size());
    return out;
}

// And what was answered, how many batches were committed, and what goes on with the operator.
std::string whole_picture_of(Stage& stage) {
    const MemoryContent& kept = stage.memory.engine->content();
    std::string out = picture_of(kept) + "answers " + number(kept.answers.size());
    for (const auto& [lane, newest] : kept.batches) out += "batches " + number(newest);
    return out + stage.done("m2m-sp/viewer", "GET", "/v1/operators/op-east").body;
}

json::value parsed(const Reply& reply) {
    return reply.body.empty() ? json::object() : json::parse(reply.body);
}

// Without what only something that was made has, and how an operator's audit gets on;
// an import's rows are only checked by its preview.
json::value comparable(json::value body) {
    if (auto* object = body.if_object())
        for (const char* name :
             {"would_change", "trace_id", "id", "key", "token", "secret", "enrolment_key", "audit"})
            object->erase(name);
    if (body.is_object() && body.as_object().contains("state") && body.at("state") == "checked")
        body.at("state") = "registered";
    return body;
}

// A call, its preview before it, both about the same.
struct Pair {
    std::string who, method, target, preview, body;
    Fields fields{};
};

struct Both {
    Reply preview, change;
    bool changed = false;
};

std::string audit_state(Stage& stage) {
    return stage.done("m2m-sp/viewer", "GET", "/v1/operators/op-east").at("audit.state");
}

// With one idempotency key for both: a preview neither uses it up nor is answered from it.
Both ask(Stage& stage, const Pair& pair) {
    static unsigned keys = 0;
    Fields fields = pair.fields;
    fields.push_back({"Idempotency-Key", "pair-" + std::to_string(++keys)});
    const MemoryContent& kept = stage.memory.engine->content();
    const std::string whole = whole_picture_of(stage);
    const std::string before = picture_of(kept);
    const std::string audit = audit_state(stage);
    Both out;
    out.preview = stage.call(pair.who, "POST", pair.preview, pair.body, fields);
    CHECK(whole_picture_of(stage) == whole);
    out.change = stage.call(pair.who, pair.method, pair.target, pair.body, fields);
    CHECK(out.change.header("Idempotency-Replayed").empty());
    out.changed = picture_of(kept) != before || audit_state(stage) != audit;
    const Reply again = stage.call(pair.who, "POST", pair.preview, pair.body, fields);
    CHECK(again.code() != "key-reused");
    CHECK(again.header("Idempotency-Replayed").empty());
    return out;
}

// Of a chain the preview shows the statuses, of what is sent nothing, of all else the answer of the
// change itself.
void compare_answers(const Route& row, const Both& both) {
    const Reply& preview = both.preview;
    const Reply& change = both.change;
    CHECK(preview.status == 200);
    CHECK(preview.header("Location").empty());
    for (const char* secret : {"msp_", "whsec_", "enrolment_key"}) CHECK_FALSE(preview.has(secret));
    if (row.answer == "Preview") {
        CHECK(preview.at("after.m2m_service") == change.at("m2m_service.status"));
        if (preview.at("after.equipment_service") != "null")
            CHECK(preview.at("after.equipment_service") == change.at("equipment.status"));
    } else if (!row.answer.empty() || change.body.empty()) {
        CHECK(comparable(parsed(preview)) == comparable(parsed(change)));
    }
}

// What these do is done elsewhere than in the store.
const std::set<std::string> done_elsewhere{"POST /v1/webhooks/{id}/deliveries/{number}:resend"};

void compare(const Route& row, const Both& both) {
    CAPTURE(both.preview.body);
    CAPTURE(both.change.body);
    REQUIRE(both.preview.status != 0);
    if (both.change.ok()) {
        compare_answers(row, both);
        const bool changed = both.changed || done_elsewhere.contains(name_of(row.original()));
        CHECK(both.preview.at("would_change") == (changed ? "true" : "false"));
        return;
    }
    CHECK(both.preview.status == both.change.status);
    CHECK(comparable(parsed(both.preview)) == comparable(parsed(both.change)));
}

struct PreviewCounts {
    std::size_t pairs = 0, answered = 0, refused = 0;
};

// Of one preview: by every party, about what is its own, another's and nobody's.
bool ask_everybody(const Route& preview, PreviewCounts& counts) {
    const Route& row = preview.original();
    bool answered = false;
    World world;
    for (const std::string_view party : parties)
        for (const Things& about : {absent_things(), world.of(other(party)), world.of(party)}) {
            const std::string query = needed_query(preview, party);
            Pair pair{.who = std::string(party) + "/admin",
                      .method = std::string(row.method),
                      .target = filled_path(row, about) + query,
                      .preview = filled_path(preview, about) + query,
                      .body = sample_body(row.body, about)};
            if (row.body == "text/csv") pair.fields.push_back({"Content-Type", "text/csv"});
            CAPTURE(name_of(preview));
            CAPTURE(party);
            CAPTURE(pair.target);
            const Both both = ask(world.stage, pair);
            compare(preview, both);
            ++counts.pairs;
            ++(both.change.ok() ? counts.answered : counts.refused);
            answered = answered || both.change.ok();
        }
    return answered;
}

// Calls that need more than a sample to get through; below, one by one.
const std::set<std::string> told_below{
    "POST /v1/cards/{iccid}:retry", "POST /v1/devices/{device_id}:retry",
    "POST /v1/equipment/{equipment_id}:retry", "POST /v1/equipment/{equipment_id}:unbind"};

}  // namespace

TEST_CASE("Every call that changes something has a preview, but for reports and trials") {
    std::set<std::string> without;
    std::set<const Route*> previewed;
    for (const Route& route : routes()) {
        if (route.of) previewed.insert(route.of);
        CHECK_FALSE((route.of && is_media_type(route.answer)));  // it gets one member more
        if (!changes_something(route)) continue;
        const bool spoken = route.method != "DELETE" || !route.preview.verb.empty();
        CAPTURE(name_of(route));
        CHECK(spoken);  // what a DELETE does has a word of its own
        if (!route.preview.never.empty()) without.insert(name_of(route));
    }
    CHECK(without == std::set<std::string>{"POST /v1/device-reports",
                                           "POST /v1/operators/{operator}/events",
                                           "POST /v1/webhooks/{id}:test"});
    std::size_t changes = 0;
    for (const Route& route : routes()) changes += changes_something(route);
    CHECK(previewed.size() + without.size() == changes);
}

TEST_CASE("A preview answers as the change then does, refused or not, and changes nothing") {
    PreviewCounts counts;
    for (const Route& route : routes()) {
        if (!route.of) continue;
        const bool answered = ask_everybody(route, counts);
        CAPTURE(name_of(route));
        CHECK(answered != told_below.contains(name_of(*route.of)));
    }
    MESSAGE(counts.pairs << " previews, each before its change: answered alike " << counts.answered
                         << ", refused alike " << counts.refused);
}

namespace {

// Of one call that a story leads up to; it has to get through.
Both ask_once(Stage& stage, std::string_view row, const Pair& pair) {
    const Both both = ask(stage, pair);
    CAPTURE(row);
    CAPTURE(both.preview.body);
    REQUIRE(both.change.ok());
    for (const Route& route : routes())
        if (route.of && name_of(*route.of) == row) compare(route, both);
    return both;
}

Pair post(std::string_view who, const std::string& path, std::string_view verb) {
    return {.who = std::string(who),
            .method = "POST",
            .target = path + ":" + std::string(verb),
            .preview = path + ":preview-" + std::string(verb),
            .body = {}};
}

}  // namespace

TEST_CASE("Taking a wrong equipment ID off is previewed with the equipment still on it") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", false);
    const Both both = ask_once(stage, "POST /v1/equipment/{equipment_id}:unbind",
                               post("ep-one/op", "/v1/equipment/EX-1", "unbind"));
    CHECK(both.preview.at("chain.equipment.equipment_id") == "EX-1");
    CHECK(both.preview.at("before.equipment_service") == "de-active");
    CHECK(both.preview.at("after.equipment_service") == "null");
    CHECK(both.preview.at("sentence") ==
          "The equipment is free to be reported again; the M2M service of the device stays active; "
          "no order is sent.");
}

TEST_CASE("Asking the operator is previewed as what it is") {
    Stage stage;
    stage.device(1, "dp-one", "");
    stage.settle();
    const Both both = ask_once(stage, "POST /v1/devices/{device_id}:check",
                               post("dp-one/op", "/v1/devices/ONE-1", "check"));
    CHECK(both.preview.at("order") == "null");
    CHECK(both.preview.at("sentence") ==
          "The operator is asked how the subscription stands; nothing else changes.");
}

TEST_CASE("An audit that is under way already is not begun again, but can be told to go through") {
    Stage stage;
    stage.settle();
    const auto preview = [&stage](const char* body) {
        return stage.done("m2m-sp/op", "POST", "/v1/operators/op-east:preview-audit", body)
            .at("would_change");
    };
    CHECK(preview("") == "true");
    stage.done("m2m-sp/op", "POST", "/v1/operators/op-east:audit");
    REQUIRE(audit_state(stage) == "sweeping");
    CHECK(preview("") == "false");
    CHECK(preview(R"({"go_through":true})") == "true");
    stage.settle();
    CHECK(preview("") == "true");
}

TEST_CASE("Sending parked orders again is previewed, by every name of their chains") {
    for (const auto& [row, path, query] :
         {std::tuple{"POST /v1/cards/{iccid}:retry", "/v1/cards/" + std::string(iccid(1).text()),
                     ""},
          {"POST /v1/devices/{device_id}:retry", "/v1/devices/ONE-1", ""},
          {"POST /v1/operators/{operator}:retry", "/v1/operators/op-east", ""},
          {"POST /v1/equipment/{equipment_id}:retry", "/v1/equipment/EX-1", "?provider=ep-one"}}) {
        Stage stage;
        stage.equipment(1, "dp-one", "ep-one", true);
        stage.refuse_orders();
        stage.done("ep-one/op", "PUT", "/v1/equipment/EX-1/service", R"({"status":"de-active"})");
        stage.settle();
        Pair pair = post("m2m-sp/op", path, "retry");
        pair.target += query;
        pair.preview += query;
        const Both both = ask_once(stage, row, pair);
        CHECK(both.changed);
        if (both.preview.at("sentence").empty()) continue;  // of many
        CHECK(both.preview.at("order") == "de-activate");
        CHECK(both.preview.at("sentence") == "The order to de-activate is sent again.");
    }
}

TEST_CASE(
    "A file of cards is previewed as it would be registered, and its batch can be used then") {
    Stage stage;
    const std::string file = "iccid,imsi\n" + std::string(iccid(1).text()) + "," +
                             std::string(imsi(1).text()) + "\n" + std::string(iccid(2).text()) +
                             ",46003\n";
    const std::string query = "?operator=op-east&batch=B-1";
    const auto ask_file = [&](const std::string& more) {
        return ask(stage, {.who = "m2m-sp/op",
                           .method = "POST",
                           .target = "/v1/card-batches" + query + more,
                           .preview = "/v1/card-batches:preview" + query + more,
                           .body = file,
                           .fields = {{"Content-Type", "text/csv"}}});
    };
    const Both rejected = ask_file("");
    CHECK(rejected.preview.status == 422);
    CHECK(rejected.change.status == 422);
    CHECK(rejected.preview.at("first_errors") == rejected.change.at("first_errors"));
    const Both taken = ask_file("&on_error=skip");
    CHECK(taken.preview.status == 200);
    CHECK(taken.preview.at("would_change") == "true");
    CHECK(taken.preview.at("registered") == "1");
    CHECK(taken.change.at("registered") == "1");
}

TEST_CASE("A file whose cards are all known still makes its batch, and changes the one it has") {
    Stage stage;
    const auto ask_file = [&](const std::string& query) {
        return ask_once(stage, "POST /v1/card-batches",
                        {.who = "m2m-sp/op",
                         .method = "POST",
                         .target = "/v1/card-batches?operator=op-east&batch=" + query,
                         .preview = "/v1/card-batches:preview?operator=op-east&batch=" + query,
                         .body = "iccid,imsi\n" + std::string(iccid(1).text()) + "," +
                                 std::string(imsi(1).text()) + "\n",
                         .fields = {{"Content-Type", "text/csv"}}});
    };
    CHECK(ask_file("B-1").preview.at("registered") == "1");
    for (const char* batch : {"NEWB", "NEWB", "B-1"}) {
        const Both known = ask_file(batch);
        CHECK(known.preview.at("unchanged") == "1");
        CHECK(known.preview.at("would_change") == "true");
    }
    CHECK(stage.done("m2m-sp/op", "GET", "/v1/card-batches/NEWB").at("state") == "registered");
}

TEST_CASE("A batch of many pieces is previewed to its end, and what it would refuse is told") {
    Stage stage;
    constexpr unsigned cards = 1'100;
    std::string file = "iccid,imsi\n";
    for (unsigned card = 1; card <= cards; ++card)
        file.append(iccid(card).text()).append(",").append(imsi(card).text()).append("\n");
    REQUIRE(stage.import(file).ok());
    stage.settle();
    const std::string batch = "/v1/card-batches/B-1";
    const Both issued = ask_once(stage, "POST /v1/card-batches/{batch}/issue",
                                 {.who = "m2m-sp/op",
                                  .method = "POST",
                                  .target = batch + "/issue",
                                  .preview = batch + "/issue:preview",
                                  .body = R"({"to":"dp-one"})"});
    CHECK(issued.preview.at("changed") == std::to_string(cards));
    const Reply used = stage.call("m2m-sp/op", "POST", batch + ":preview-withdraw");
    CHECK(used.code() == "batch-in-use");
    stage.done("m2m-sp/op", "POST", batch + "/issue", R"({"to":"m2m-sp"})");
    const Both withdrawn = ask_once(stage, "DELETE /v1/card-batches/{batch}",
                                    {.who = "m2m-sp/op",
                                     .method = "DELETE",
                                     .target = batch,
                                     .preview = batch + ":preview-withdraw",
                                     .body = {}});
    CHECK(withdrawn.preview.at("withdrawn") == std::to_string(cards));
}

TEST_CASE(
    "A preview that names an old revision is refused as its change, and shows who was faster") {
    Stage stage;
    stage.equipment(1, "dp-one", "ep-one", true);
    const std::string path = "/v1/equipment/EX-1/service";
    const Both both = ask(stage, {.who = "ep-one/op",
                                  .method = "PUT",
                                  .target = path,
                                  .preview = path + ":preview",
                                  .body = R"({"status":"stopped","device_id":"ONE-1"})",
                                  .fields = {{"If-Match", "\"w0\""}}});
    CHECK(both.preview.code() == "revision-stale");
    CHECK(comparable(parsed(both.preview)) == comparable(parsed(both.change)));
}
