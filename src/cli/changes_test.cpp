#include "cli/request.hpp"
#include "cli/stage_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace msp;
using namespace msp::cli;

namespace {

const std::string chain =
    R"({"chain":"2","status":"active","sentence":"It is active.","pending":false,)"
    R"("equipment":{"equipment_id":"EX-1"},"device":{"device_id":"MW-1"},)"
    R"("card":{"iccid":"8986"}})";
const std::string pending_chain = R"({"chain":"2","status":"de-active","pending":true})";

HttpHeaders revision() {
    HttpHeaders out;
    out.set("ETag", "\"w7\"");
    return out;
}

// Verbs that end something, with what they put.
struct Ending {
    std::vector<std::string> words;
    std::string name;  // to be typed
    std::string target;
    std::string body;
};
const std::vector<Ending> endings{
    {{"equipment", "stop", "EX-1"},
     "EX-1",
     "/v1/equipment/EX-1/service",
     R"({"status":"stopped","device_id":"MW-1"})"},
    {{"equipment", "replace", "EX-1", "--provider", "acme"},
     "EX-1",
     "/v1/equipment/EX-1/service?provider=acme",
     R"({"status":"replaced","device_id":"MW-1"})"},
    {{"device", "stop", "MW-1"}, "MW-1", "/v1/devices/MW-1/m2m-service", R"({"status":"stopped"})"},
    {{"card", "stop", "8986"}, "8986", "/v1/cards/8986/m2m-service", R"({"status":"stopped"})"}};

std::vector<std::string> with(std::vector<std::string> words, const std::string& more) {
    words.push_back(more);
    return words;
}

std::string value_for(const Stage& stage, std::string_view form) {
    if (form == "FILE") return stage.file("file", "c2VjcmV0\n");
    return form == "N" ? "7" : std::string(form.substr(0, form.find('|')));
}

// A command with its arguments and what it cannot go without.
std::vector<std::string> words_of_all(const Stage& stage, const Command& command) {
    std::vector<std::string> out{std::string(command.noun), std::string(command.verb)};
    for (const std::string_view argument : command.arguments)
        out.push_back(argument == "FILE" ? value_for(stage, "FILE") : "X-1");
    for (const Flag& flag : command.flags)
        if (flag.required) {
            out.emplace_back(flag.name);
            out.push_back(value_for(stage, flag.form));
        }
    for (const Flag& flag : command.flags)
        if (flag.name == "--limit" && command.verb == "watch")
            out.insert(out.end(), {"--limit", "1"});
    out.emplace_back("--yes");
    return out;
}

bool sends_a_change(const HttpCall& call) {
    return call.request.method != "GET" && call.request.target.starts_with("http://platform/") &&
           call.request.target.find(":preview") == std::string::npos;
}

}  // namespace

TEST_CASE("what cannot be undone wants --yes or the name, and is sent against what was seen") {
    for (const Ending& one : endings) {
        CAPTURE(one.target);
        Stage stage;
        for (const bool typed : {false, true}) {
            stage.around.terminal_in = typed;
            stage.in.clear();
            stage.in.str(one.name + "\n");
            stage.will_answer(200, chain, revision());
            stage.will_answer(200, chain);
            CHECK(stage.run(typed ? one.words : with(one.words, "--yes")) == exit_done);
            REQUIRE(stage.calls.size() == 2);
            CHECK(stage.calls[0].request.method == "GET");
            CHECK(stage.lines()[1] == "PUT http://platform" + one.target);
            CHECK(stage.calls[1].request.body == one.body);
            CHECK(stage.header(1, "If-Match") == "\"w7\"");
        }
    }
}

TEST_CASE("without the right word nothing is sent that changes anything") {
    for (const Ending& one : endings)
        for (const std::string typed : {"", "\n", "y\n", "ex-1\n", "EX-12\n", " EX-1\n"}) {
            CAPTURE(one.target);
            Stage stage;
            stage.around.terminal_in = true;
            stage.in.str(typed);
            stage.will_answer(200, chain, revision());
            CHECK(stage.run(one.words) == exit_failed);
            CHECK(stage.lines().size() == 1);
            CHECK(stage.err.str().ends_with("msp: nothing was done\n"));
        }
}

TEST_CASE("without a terminal there is nobody to ask: 2, and nothing is changed") {
    for (const Ending& one : endings) {
        CAPTURE(one.target);
        Stage stage;
        stage.in.str(one.name + "\n");
        stage.will_answer(200, chain, revision());
        CHECK(stage.run(one.words) == exit_usage);
        CHECK(stage.lines().size() == 1);
        CHECK(stage.err.str().find("--yes") != std::string::npos);
    }
    Stage stage;
    CHECK(stage.run({"card", "withdraw", "B-1"}) == exit_usage);
    CHECK(stage.calls.empty());
}

TEST_CASE("stopping an equipment without a device names none") {
    Stage stage;
    stage.will_answer(200, R"({"equipment":{"equipment_id":"EX-1"},"device":null})", revision());
    stage.run({"equipment", "stop", "EX-1", "--yes"});
    CHECK(stage.calls.at(1).request.body == R"({"status":"stopped","device_id":null})");
}

TEST_CASE("a dry run asks what it would do and changes nothing, of every command that changes") {
    const std::string answer = chain.substr(0, chain.size() - 1) + R"(,"rows":1})";
    std::size_t dry_runs = 0;
    std::vector<std::string> without;
    for (const Command& command : commands()) {
        Stage stage;
        const std::vector<std::string> words = words_of_all(stage, command);
        stage.will_answer(200, answer);
        stage.run(words);
        const bool changes = std::any_of(stage.calls.begin(), stage.calls.end(), sends_a_change);
        CAPTURE(words[0] + " " + words[1]);
        const bool offered = std::any_of(command.flags.begin(), command.flags.end(),
                                         [](const Flag& one) { return one.name == "--dry-run"; });
        CHECK((changes || !offered));
        if (changes && !offered) without.push_back(words[0] + " " + words[1]);
        if (!offered) continue;
        ++dry_runs;
        stage.answers.clear();
        stage.will_answer(200, answer);
        CHECK(stage.run(with(words, "--dry-run")) == exit_done);
        CHECK(std::none_of(stage.calls.begin(), stage.calls.end(), sends_a_change));
        CHECK(stage.lines().back().find(":preview") != std::string::npos);
        CHECK(stage.header(stage.calls.size() - 1, "Idempotency-Key").empty());
    }
    CHECK(without == std::vector<std::string>{"device report", "webhook test"});
    MESSAGE(dry_runs << " commands with a dry run");
}

TEST_CASE("where a change is asked what it would do follows from the call") {
    CHECK(preview_of("PUT", "/v1/a/x%3Ay/service", "stop") == "/v1/a/x%3Ay/service:preview");
    CHECK(preview_of("POST", "/v1/keys", "add") == "/v1/keys:preview");
    CHECK(preview_of("POST", "/v1/a/x:unbind?provider=a:b", "unbind") ==
          "/v1/a/x:preview-unbind?provider=a:b");
    CHECK(preview_of("DELETE", "/v1/keys/k?party=p", "revoke") ==
          "/v1/keys/k:preview-revoke?party=p");
}

TEST_CASE("a dry run of what is no chain shows what would be, and says that nothing is") {
    Stage stage;
    stage.will_answer(200, R"({"name":"epba","token":null,"would_change":true})");
    CHECK(stage.run({"key", "add", "epba", "--role", "viewer", "--dry-run"}) == exit_done);
    CHECK(stage.out.str() == "would change: yes\nname   epba\ntoken  -\n");
    CHECK(stage.err.str() == "dry run: nothing is done\n");
    stage.will_answer(200, R"({"would_change":true})");
    CHECK(stage.run({"key", "revoke", "k1", "--dry-run"}) == exit_done);
    CHECK(stage.err.str() == "dry run: nothing is done\n");
    stage.will_answer(200, R"({"would_change":true})");
    CHECK(stage.run({"webhook", "resend", "wh", "7", "--dry-run"}) == exit_done);
    stage.will_answer(409, R"({"title":"Conflict","code":"batch-in-use"})");
    CHECK(stage.run({"card", "withdraw", "B-1", "--dry-run"}) == exit_conflict);
    CHECK(stage.lines() ==
          std::vector<std::string>{"POST http://platform/v1/card-batches/B-1:preview-withdraw"});
}

TEST_CASE("a preview of a registration does not say that it was done") {
    Stage stage;
    stage.will_answer(200, R"({"equipment":{"equipment_id":"EX-1","wish":"de-active","status":)"
                           R"("de-active"},"status":"de-active",)"
                           R"("sentence":"The equipment is registered.","would_change":false})");
    CHECK(stage.run({"equipment", "register", "EX-1", "--dry-run"}) == exit_done);
    CHECK(stage.out.str() ==
          "would change: no\nEX-1  DE-ACTIVE\n  equipment  EX-1  wished de-active  is de-active\n");
}

TEST_CASE("what is at fault goes by its flag, and the next step is one of the command line") {
    const std::string hint = R"("hint":"See `errors` for each of them.","errors":[)";
    Stage stage;
    stage.will_answer(400, R"({"title":"Bad",)" + hint +
                               R"({"pointer":"?provider","detail":"Staff name it."}]})");
    CHECK(stage.run({"equipment", "status", "EX-9"}) == exit_usage);
    CHECK(stage.err.str() ==
          "msp: Bad\n  --provider: Staff name it.\n  next: add --provider PARTY\n");
    stage.will_answer(
        400, R"({"title":"Bad",)" + hint + R"({"pointer":"/base_url","detail":"No URL."}]})");
    CHECK(stage.run({"operator", "connect", "op-east", "--base-url", "nonsense"}) == exit_usage);
    CHECK(stage.err.str() == "msp: Bad\n  --base-url: No URL.\n  next: change --base-url URL\n");
    stage.will_answer(400,
                      R"({"title":"Bad",)" + hint + R"({"pointer":"/device_id","detail":"No."}]})");
    CHECK(stage.run({"equipment", "status", "EX-9"}) == exit_usage);
    CHECK(stage.err.str() == "msp: Bad\n  /device_id: No.\n  next: msp equipment status --help\n");
}

TEST_CASE("a dry run does not wait for what does not happen") {
    Stage stage;
    stage.will_answer(200,
                      R"({"sentence":"It stays.","order":null,"before":{"network":"active"}})");
    CHECK(stage.run({"device", "activate", "D-1", "--wait", "30s", "--dry-run"}) == exit_done);
    CHECK(stage.lines() ==
          std::vector<std::string>{"POST http://platform/v1/devices/D-1/m2m-service:preview"});
}

TEST_CASE("a preview reads as one sentence and the order that would follow") {
    Stage stage;
    stage.will_answer(
        200, R"({"sentence":"One hold remains.","order":null,"before":{"network":"active"},)"
             R"("would_change":true})");
    CHECK(stage.run({"device", "lift", "D-1", "--reason", "unpaid", "--dry-run"}) == exit_done);
    CHECK(stage.out.str() == "would change: yes\nOne hold remains.\norder to the operator: none\n");
    CHECK(stage.lines() ==
          std::vector<std::string>{"POST http://platform/v1/devices/D-1/hold/unpaid:preview-lift"});
}

TEST_CASE("waiting is asked of the platform; what is pending still ends with 8") {
    Stage stage;
    stage.will_answer(200, chain);
    CHECK(stage.run({"device", "activate", "D-1", "--wait", "30s"}) == exit_done);
    CHECK(stage.lines() ==
          std::vector<std::string>{"PUT http://platform/v1/devices/D-1/m2m-service?wait=30s"});
    stage.will_answer(200, pending_chain);
    CHECK(stage.run({"device", "activate", "D-1", "--wait", "500ms"}) == exit_timed_out);
    CHECK(stage.err.str().find("next: look again: msp device status") != std::string::npos);
    CHECK_FALSE(stage.out.str().empty());
    stage.will_answer(202, pending_chain);
    CHECK(stage.run({"device", "activate", "D-1"}) == exit_done);
}

TEST_CASE("a thing that was changed is named by its own ID, not by another layer's") {
    for (const auto& [words, id] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"equipment", "activate", "EX-1"}, "EX-1\n"},
             {{"device", "suspend", "MW-1"}, "MW-1\n"},
             {{"card", "status", "8986"}, "8986\n"}}) {
        Stage stage;
        stage.will_answer(200, chain);
        stage.run(with(with(words, "-o"), "id"));
        CHECK(stage.out.str() == id);
    }
}

TEST_CASE("of many items the refused ones are named, and some refused is 6") {
    Stage stage;
    const std::string answer =
        R"({"changed":1,"unchanged":0,"refused":1,"items":[{"item":"D-1","result":"changed"},)"
        R"({"item":"D-2","result":"refused","code":"not-yours","detail":"No."}]})";
    stage.will_answer(200, answer);
    CHECK(stage.run({"device", "handover", "D-1", "D-2", "--to", "acme"}) == exit_partly);
    CHECK(stage.calls.at(0).request.body == R"({"device_ids":["D-1","D-2"],"to":"acme"})");
    CHECK(stage.out.str() == "1 changed, 0 unchanged, 1 refused\n");
    CHECK(stage.err.str() == "  D-2: No. (not-yours)\n");
    const std::string counts = R"({"changed":1,"unchanged":0,"refused":0,"items":[])";
    stage.will_answer(200, counts + R"(,"would_change":true})");
    CHECK(stage.run({"card", "issue", "8986", "--to", "mw", "--dry-run"}) == exit_done);
    CHECK(stage.out.str() == "would change: yes\n1 would change, 0 unchanged, 0 refused\n");
    stage.will_answer(200, counts + "}");
    CHECK(stage.run({"card", "issue", "8986", "--to", "mw"}) == exit_done);
    CHECK(stage.run({"card", "issue", "--to", "mw"}) == exit_usage);
    CHECK(stage.run({"card", "issue", "8986", "--batch", "B", "--to", "mw"}) == exit_usage);
    CHECK(stage.calls.empty());
}

TEST_CASE("a list is read page by page, as far as was asked") {
    Stage stage;
    const auto page = [](int items, const char* next) {
        std::string out = "{\"items\":[";
        for (int i = 0; i < items; ++i) out += (i ? "," : "") + std::string("{\"party\":\"p\"}");
        return out + "],\"next_cursor\":" + next + "}";
    };
    stage.will_answer(200, page(1000, "\"c 1\""));
    stage.will_answer(200, page(500, "\"c2\""));
    CHECK(stage.run({"party", "list", "--limit", "1500", "-o", "id"}) == exit_done);
    CHECK(stage.lines() ==
          std::vector<std::string>{"GET http://platform/v1/parties?limit=1000",
                                   "GET http://platform/v1/parties?limit=500&cursor=c%201"});
    CHECK(stage.err.str() == "1500 shown, there are more: --limit N or --all\n");
    stage.will_answer(200, page(1000, "\"c1\""));
    stage.will_answer(200, page(3, "null"));
    CHECK(stage.run({"party", "list", "--all", "-o", "json"}) == exit_done);
    CHECK(stage.err.str().empty());
    stage.will_answer(200, page(1000, "\"c1\""));
    stage.will_answer(500, R"({"title":"broken"})");
    CHECK(stage.run({"party", "list", "--all", "-o", "json"}) == exit_failed);
    CHECK(stage.out.str().empty());
}

TEST_CASE("a device's own report carries a secret made from its provider's key") {
    Stage stage;
    // RFC 4231, test case 2: key "Jefe".
    const std::string key = stage.file("key", "SmVmZQ\n");
    CHECK(stage.run({"device", "secret", "what do ya want for nothing?", "--enrolment-key-file",
                     key}) == exit_done);
    CHECK(stage.out.str() == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM\n");
    CHECK(stage.run({"device", "report", "D-1", "--enrolment-key-file", key, "--iccid", "8986"}) ==
          exit_done);
    CHECK(stage.header(0, "Authorization").starts_with("Basic RC0xO"));
    CHECK(stage.calls.at(0).request.body == R"({"device_id":"D-1","iccid":"8986"})");
    CHECK(stage.run({"device", "secret", "D-1", "--enrolment-key-file",
                     stage.file("bad", "no base64!")}) == exit_usage);
}

TEST_CASE("an operator's finer settings come from a file, and flags go before them") {
    Stage stage;
    const std::string file =
        stage.file("fine.json", R"({"pace":{"poll_every_ms":100},"kind":"serial"})");
    const std::vector<std::string> words{"operator", "connect",    "op-east", "--base-url",
                                         "http://o", "--settings", file,      "--kind",
                                         "fenced",   "--rate",     "50"};
    CHECK(stage.run(words) == exit_done);
    CHECK(
        stage.calls.at(0).request.body ==
        R"({"pace":{"poll_every_ms":100},"kind":"fenced","base_url":"http://o","rate_per_s":50})");
    CHECK(stage.err.str() == "connected\n");
    for (const char* none : {"", "[]", "{", "7"}) {
        stage.file("fine.json", none);
        CHECK(stage.run(words) == exit_usage);
        CHECK(stage.calls.empty());
    }
}
