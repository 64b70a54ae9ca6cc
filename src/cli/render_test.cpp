#include "cli/render.hpp"

#include "cli/answer.hpp"

#include <doctest/doctest.h>

using namespace msp::cli;

namespace {

const std::string two_machines =
    R"({"items":[{"id":"EX-1","m2m":{"status":"active"},"tags":["a","b"],"note":null},)"
    R"({"id":"挖掘机","m2m":{"status":"de-active"},"tags":[],"note":"x"}]})";

ListLook look_of(const std::string& format) {
    return {.format = format,
            .columns = {{"ID", "id"}, {"STATUS", "m2m.status"}, {"TAGS", "tags", true}},
            .id_path = "id"};
}

std::string csv_of_note(const std::string& json_text) {
    return render_list(
        "[{\"note\":" + json_text + "}]",
        {.format = "csv", .columns = {{"NOTE", "note"}}, .id_path = {}, .headers = false});
}

}  // namespace

TEST_CASE("a table aligns by what a terminal shows, also of wide characters") {
    CHECK(render_list(two_machines, look_of("table")) ==
          "ID      STATUS\n"
          "EX-1    active\n"
          "挖掘机  de-active\n");
    CHECK(render_list(two_machines, look_of("wide")) ==
          "ID      STATUS     TAGS\n"
          "EX-1    active     a, b\n"
          "挖掘机  de-active\n");
}

TEST_CASE("a table is cut to a terminal, between characters, and never without one") {
    ListLook look = look_of("table");
    look.width = 9;
    CHECK(render_list(two_machines, look) == "ID      …\nEX-1    …\n挖掘机  …\n");
    look.width = 6;
    CHECK(render_list(two_machines, look) == "ID   …\nEX-1 …\n挖掘…\n");
}

TEST_CASE("headers are left out of tables and CSV when that is asked for") {
    for (const char* format : {"table", "csv"}) {
        ListLook look = look_of(format);
        const std::string with = render_list(two_machines, look);
        look.headers = false;
        CHECK(with.substr(with.find('\n') + 1) == render_list(two_machines, look));
    }
}

TEST_CASE("one list in every format for programs") {
    CHECK(render_list(two_machines, look_of("json")) ==
          R"([{"id":"EX-1","m2m":{"status":"active"},"tags":["a","b"],"note":null},)"
          R"({"id":"挖掘机","m2m":{"status":"de-active"},"tags":[],"note":"x"}])"
          "\n");
    CHECK(render_list(two_machines, look_of("ndjson")) ==
          R"({"id":"EX-1","m2m":{"status":"active"},"tags":["a","b"],"note":null})"
          "\n"
          R"({"id":"挖掘机","m2m":{"status":"de-active"},"tags":[],"note":"x"})"
          "\n");
    CHECK(render_list(two_machines, look_of("csv")) ==
          "id,m2m.status,tags\nEX-1,active,\"a, b\"\n挖掘机,de-active,\n");
    CHECK(render_list(two_machines, look_of("id")) == "EX-1\n挖掘机\n");
    CHECK(render_list(two_machines, look_of("yaml")) ==
          "- id: \"EX-1\"\n"
          "  m2m:\n"
          "    status: \"active\"\n"
          "  tags:\n"
          "    - \"a\"\n"
          "    - \"b\"\n"
          "  note: null\n"
          "- id: \"挖掘机\"\n"
          "  m2m:\n"
          "    status: \"de-active\"\n"
          "  tags: []\n"
          "  note: \"x\"\n");
}

TEST_CASE("an empty list is one in every format") {
    for (const char* body : {R"({"items":[],"next_cursor":null})", "[]"}) {
        CHECK(render_list(body, look_of("json")) == "[]\n");
        CHECK(render_list(body, look_of("yaml")) == "[]\n");
        CHECK(render_list(body, look_of("ndjson")).empty());
        CHECK(render_list(body, look_of("id")).empty());
        CHECK(render_list(body, look_of("table")) == "ID  STATUS\n");
        CHECK(render_list(body, look_of("csv")) == "id,m2m.status,tags\n");
    }
}

TEST_CASE("no spreadsheet takes a cell for a formula, and what CSV sets apart is quoted") {
    CHECK(csv_of_note(R"("=1+1")") == "'=1+1\n");
    CHECK(csv_of_note(R"("+49 30")") == "'+49 30\n");
    CHECK(csv_of_note(R"("-1")") == "'-1\n");
    CHECK(csv_of_note(R"J("@SUM(A1)")J") == "'@SUM(A1)\n");
    CHECK(csv_of_note(R"("\tx")") == "'\tx\n");
    CHECK(csv_of_note(R"("=cmd|'/c calc'!A1,\"x\"")") == "\"'=cmd|'/c calc'!A1,\"\"x\"\"\"\n");
    CHECK(csv_of_note(R"("a\nb")") == "\"a\nb\"\n");
    CHECK(csv_of_note(R"("8986031000000000013")") == "8986031000000000013\n");
    CHECK(csv_of_note("null") == "\n");
    CHECK(csv_of_note("true") == "true\n");
}

TEST_CASE("keys that YAML would take for something else are quoted") {
    CHECK(render_object(R"({"on":true,"m2m_service":1,"2x":1,"a b":1,"no":{"y":[]}})", "yaml") ==
          "\"on\": true\n"
          "m2m_service: 1\n"
          "\"2x\": 1\n"
          "\"a b\": 1\n"
          "\"no\":\n"
          "  \"y\": []\n");
    CHECK(render_object(R"({"list":[{"a":1,"b":[2]},[3]]})", "yaml") ==
          "list:\n"
          "  - a: 1\n"
          "    b:\n"
          "      - 2\n"
          "  - - 3\n");
}

TEST_CASE("one object in every format") {
    const std::string body = R"({"batch":"B-1","rows":2,"share":5E-2,"at":{"s":1000.0}})";
    CHECK(render_object(body, "json") == body + "\n");
    CHECK(render_object(body, "ndjson") == body + "\n");
    CHECK(render_object(body, "csv") == "batch,B-1\nrows,2\nshare,0.05\nat.s,1000\n");
    CHECK(render_object(body, "id") == "B-1\n");
    CHECK(render_object(body, "id", "at.s") == "1000\n");
    CHECK(render_object(body, "id", "not.there") == "B-1\n");
    CHECK(render_facts(R"({"a":null,"long_name":[{"x":1}],"b":{"c":"\u001b[31m"}})") ==
          "a          -\n"
          "long_name  1 (shown with -o json)\n"
          "b.c        \\u001b[31m\n");
}

TEST_CASE("a chain reads from the machine down to the network, and who holds it") {
    const std::string chain =
        R"({"status":"de-active","sentence":"It is held.","pending":true,)"
        R"("equipment":{"equipment_id":"EX-1","name":"Digger","wish":"active",)"
        R"("status":"de-active"},"device":{"device_id":"MW-1"},)"
        R"("m2m_service":{"status":"de-active","customer":"acme","until":null,)"
        R"("admission":"closed"},"card":{"iccid_last4":"0013"},)"
        R"("network":{"operator":"op-east","wanted":"de-active","observed":"active",)"
        R"("drift":true,"parked":{"reason":"refused"}},"held_by":[{"layer":"m2m",)"
        R"("holder":"m2m-sp","party":"m2m-sp","code":"unpaid","since":"2026-03-02",)"
        R"("says":"an invoice is unpaid","text":"INV-1","lifted_by":"the M2M SP"}]})";
    const std::string shown = render_chain(chain);
    CHECK(shown.starts_with("EX-1  Digger  DE-ACTIVE\nIt is held.\n"));
    for (const char* part :
         {"equipment  EX-1", "wished active", "device     MW-1", "admission closed",
          "card       …0013", "customer acme", "network    op-east", "wanted de-active",
          "is active, pending, drift, parked: refused", "held by\n", "unpaid", "since 2026-03-02",
          "an invoice is unpaid (INV-1)", "lifted by the M2M SP"}) {
        CAPTURE(part);
        CHECK(shown.find(part) != std::string::npos);
    }
}

TEST_CASE("a subscription that shows active under the operator's own suspension is said so") {
    const auto shown = [](const std::string& holder) {
        return render_chain(R"({"status":"de-active","network":{"operator":"op-east",)"
                            R"("wanted":"active","observed":"active"},"held_by":[{"holder":")" +
                            holder + R"("}]})");
    };
    CHECK(shown("operator").find("is active, suspended by the operator\n") != std::string::npos);
    CHECK(shown("customer").find("suspended") == std::string::npos);
}

TEST_CASE("the operator's own word stands beside ours, unless it is the same") {
    const auto shown = [](const std::string& native) {
        return render_chain(R"({"status":"active","network":{"operator":"op-east",)"
                            R"("wanted":"active","observed":"active","drift":true,"native":)" +
                            native + "}}");
    };
    CHECK(shown(R"("TEST_READY")").find("is active (TEST_READY), drift\n") != std::string::npos);
    CHECK(shown(R"("active")").find("is active, drift\n") != std::string::npos);
    CHECK(shown("null").find("is active, drift\n") != std::string::npos);
    CHECK(shown(R"("")").find("is active, drift\n") != std::string::npos);
}

TEST_CASE("what is no JSON is shown as it is, and harms no terminal") {
    for (const char* format : {"table", "json", "yaml", "csv", "ndjson", "id"})
        CHECK(render_list("<html>\x1b[2J", look_of(format)) == "<html>\\u001b[2J\n");
    CHECK(render_chain("<html>") == "<html>\n");
    CHECK(render_facts("<html>") == "<html>\n");
}

TEST_CASE("paths lead through objects, and nowhere otherwise") {
    const std::string body = R"({"a":{"b":{"c":"x"}},"list":[1,"y",null],"n":7,"t":true})";
    CHECK(text_at(body, "a.b.c") == "x");
    CHECK(text_at(body, "a.b") == R"({"c":"x"})");
    CHECK(text_at(body, "list") == "1, y, ");
    CHECK(count_at(body, "n") == 7);
    CHECK(truth_at(body, "t"));
    for (const char* nowhere : {"b", "a.c", "a.b.c.d", "list.0", "a..b", "n.n"}) {
        CHECK(text_at(body, nowhere).empty());
        CHECK(count_at(body, nowhere) == 0);
        CHECK_FALSE(truth_at(body, nowhere));
        CHECK(items_at(body, nowhere).empty());
    }
    CHECK(text_at("no json", "a").empty());
    CHECK(items_at(R"({"items":[{"a":1},2]})", "items") ==
          std::vector<std::string>{R"({"a":1})", "2"});
}
