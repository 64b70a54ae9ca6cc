#include "cli/card_import.hpp"

#include "cli/stage_test.hpp"

#include <doctest/doctest.h>

#include <mutex>

using namespace msp;
using namespace msp::cli;

namespace {

const std::string damaged =
    R"({"batch":"B-1","operator":"op-east","state":"rejected","rows":3,"registered":0,)"
    R"("unchanged":0,"rejected":1,"first_errors":[{"line":2,"column":"iccid",)"
    R"("value":"8.986E+18","reason":"A spreadsheet has turned the ICCID into a number.",)"
    R"("suggestion":null}],"warnings":[],)"
    R"("rejected_rows":"/v1/card-batches/B-1/rejected-rows"})";

std::string report(const char* state, int registered, int rejected) {
    return "{\"batch\":\"B-1\",\"state\":\"" + std::string(state) +
           "\",\"rows\":2,\"registered\":" + std::to_string(registered) +
           ",\"unchanged\":0,\"rejected\":" + std::to_string(rejected) +
           ",\"first_errors\":[],\"warnings\":[],\"rejected_rows\":null}";
}

std::vector<std::string> import_of(const std::string& file,
                                   const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"card",    "import",  file, "--operator",
                                   "op-east", "--batch", "B-1"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

}  // namespace

TEST_CASE("a file is sent as it is, and its counts are shown") {
    Stage stage;
    const std::string content = "\xEF\xBB\xBFiccid;imsi\r\n8986;46003\r\n";
    const std::string file = stage.file("cards.csv", content);
    stage.will_answer(200, report("registered", 2, 0));
    CHECK(stage.run(import_of(file, {"--dry-run", "--check-digits", "warn"})) == exit_done);
    CHECK(stage.lines() ==
          std::vector<std::string>{"POST http://platform/v1/card-batches:preview?operator=op-east"
                                   "&batch=B-1&check_digits=warn"});
    CHECK(stage.calls.at(0).request.body == content);
    CHECK(stage.header(0, "Content-Type") == "text/csv");
    CHECK(stage.out.str() ==
          "batch B-1 registered: 2 rows, 2 registered, 0 unchanged, 0 rejected\n");
}

TEST_CASE("standard input is a file too, and a batch without a name gets one") {
    Stage stage;
    stage.in.str("iccid,imsi\n");
    stage.will_answer(200, report("registered", 0, 0));
    CHECK(stage.run({"card", "import", "-", "--operator", "op-east"}) == exit_done);
    CHECK(stage.calls.at(0).request.target.find("&batch=B-fresh-key-") != std::string::npos);
    CHECK(stage.calls.at(0).request.body == "iccid,imsi\n");
    CHECK(stage.run({"card", "import", "/no/such/file", "--operator", "op-east"}) == exit_usage);
    CHECK(stage.calls.empty());
}

TEST_CASE("some rows registered is 6, none for bad rows is 1") {
    Stage stage;
    const std::string file = stage.file("cards.csv", "iccid,imsi\n");
    stage.will_answer(200, report("registered", 1, 1));
    CHECK(stage.run(import_of(file, {"--on-error", "skip"})) == exit_partly);
    CHECK(stage.lines().at(0).find("on_error=skip") != std::string::npos);
    stage.will_answer(422, report("rejected", 0, 2));
    CHECK(stage.run(import_of(file)) == exit_failed);
}

TEST_CASE("what a spreadsheet did to a number is said by line and column") {
    Stage stage;
    const std::string file = stage.file("cards.csv", "iccid,imsi\n8.986E+18,46003\n");
    stage.will_answer(422, damaged);
    CHECK(stage.run(import_of(file)) == exit_failed);
    CHECK(stage.err.str() ==
          "  line 2, iccid: A spreadsheet has turned the ICCID into a number.\n"
          "  all rejected rows with their reasons: msp card rejected B-1\n");
}

TEST_CASE("the rejected rows are written where --report says") {
    Stage stage;
    const std::string file = stage.file("cards.csv", "iccid,imsi\n8.986E+18,46003\n");
    const std::string bad = stage.folder.path() + "/bad.csv";
    stage.will_answer(422, damaged);
    stage.will_answer(200, "iccid,imsi,reason\n");
    CHECK(stage.run(import_of(file, {"--report", bad})) == exit_failed);
    CHECK(read_file(bad).value() == "iccid,imsi,reason\n");
    CHECK(stage.lines().at(1) == "GET http://platform/v1/card-batches/B-1/rejected-rows");

    stage.will_answer(200, damaged);
    stage.will_answer(200, "iccid,imsi,reason\n");
    CHECK(stage.run(import_of(file, {"--report", "/no/such/folder/bad.csv"})) == exit_failed);
}

TEST_CASE("a refusal that is no report is shown as any other") {
    Stage stage;
    const std::string file = stage.file("cards.csv", "iccid,imsi\n");
    stage.will_answer(403, R"({"title":"Forbidden","code":"m2m-sp-only"})");
    CHECK(stage.run(import_of(file)) == exit_forbidden);
    CHECK(stage.err.str() == "msp: Forbidden (m2m-sp-only)\n");
}

TEST_CASE("how far it is: a bar on a terminal, which goes away; a line now and then without one") {
    for (const bool terminal : {true, false}) {
        Stage stage;
        stage.around.terminal_err = terminal;
        stage.around.now = [&stage] {
            return std::chrono::steady_clock::time_point(stage.time += std::chrono::seconds(6));
        };
        std::mutex looked;  // held until somebody asked how far it is
        looked.lock();
        int looks = 0;
        stage.around.http = [&](const HttpCall& call,
                                const auto&) -> Result<HttpResponse, Failure> {
            if (call.request.method == "POST") {
                const std::lock_guard wait(looked);
                return HttpResponse{200, {}, report("registered", 2, 0)};
            }
            if (++looks == 1) looked.unlock();
            return HttpResponse{200, {}, "{\"rows\":1}"};
        };
        const std::string file = stage.file("cards.csv", "iccid,imsi\n1,1\n2,2\n");
        CHECK(stage.run(import_of(file)) == exit_done);
        const std::string said = stage.err.str();
        if (terminal) {
            CHECK(said.starts_with("\rregistering [###############...............] 50 %  1 of 2"));
            CHECK(said.ends_with("\r\x1b[K"));
        } else {
            CHECK(said.starts_with("registering: 1 of 2\n"));
            CHECK(said.find('\r') == std::string::npos);
        }
    }
}
