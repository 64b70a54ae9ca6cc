#include "cli/invocation.hpp"

#include "cli/answer.hpp"
#include "cli/stage_test.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace msp;
using namespace msp::cli;

namespace {

const std::string problem =
    R"({"type":"about:blank","title":"Conflict","status":409,"code":"use-equipment-service",)"
    R"("detail":"The equipment wishes it.","hint":"Use the equipment service.",)"
    R"("errors":[{"pointer":"/status","detail":"not here"}],"trace_id":"4bf9"})";

Exit expected(int status) {
    if (status == 404) return exit_absent;
    if (status == 401 || status == 403) return exit_forbidden;
    if (status == 409 || status == 412 || status == 428) return exit_conflict;
    if (status == 400 || status == 413 || status == 415 || status == 422) return exit_usage;
    if (status == 429 || (status >= 502 && status <= 504)) return exit_unreachable;
    return exit_failed;
}

}  // namespace

TEST_CASE("every status that is no success has its exit code, and its problem goes to the errors") {
    Stage stage;
    for (int status = 300; status < 600; ++status) {
        CAPTURE(status);
        CHECK(exit_of(status) == expected(status));
        stage.will_answer(status, problem);
        CHECK(stage.run({"device", "status", "D-1"}) == expected(status));
        CHECK(stage.out.str().empty());
        CHECK(stage.err.str() ==
              "msp: The equipment wishes it. (use-equipment-service)\n"
              "  /status: not here\n"
              "  next: Use the equipment service.\n"
              "  trace: 4bf9\n");
    }
}

TEST_CASE("with -o json the problem itself goes to the errors, as it came") {
    Stage stage;
    stage.will_answer(409, problem);
    CHECK(stage.run({"device", "status", "D-1", "-o", "json"}) == exit_conflict);
    CHECK(stage.err.str() == problem + "\n");
    CHECK(stage.out.str().empty());
}

TEST_CASE("an answer that is no problem is told by its status alone") {
    Stage stage;
    for (const char* body : {"", "<html>Bad Gateway</html>", "[]"}) {
        stage.will_answer(502, body);
        CHECK(stage.run({"device", "status", "D-1"}) == exit_unreachable);
        CHECK(stage.err.str() == "msp: the platform answered 502\n");
    }
}

TEST_CASE("a platform out of reach, and one that fell silent, end with 7 and different advice") {
    Stage stage;
    stage.will_fail({Failure::Kind::unreachable, "cannot connect"});
    CHECK(stage.run({"card", "issue", "8986", "--to", "acme"}) == exit_unreachable);
    CHECK(stage.err.str().find("http://platform") != std::string::npos);
    CHECK(stage.err.str().find("idempotency") == std::string::npos);

    stage.will_fail({Failure::Kind::unknown, "no answer came"});
    CHECK(stage.run({"card", "issue", "8986", "--to", "acme"}) == exit_unreachable);
    CHECK(stage.err.str().find("--idempotency-key " + stage.header(0, "Idempotency-Key")) !=
          std::string::npos);

    stage.will_fail({Failure::Kind::malformed, "nonsense came"});
    CHECK(stage.run({"card", "list"}) == exit_failed);
}

TEST_CASE("with -o json what went wrong here is a problem object too") {
    Stage stage;
    stage.will_fail({Failure::Kind::unreachable, "cannot \"connect\""});
    CHECK(stage.run({"card", "list", "-o", "json"}) == exit_unreachable);
    const std::string said = stage.err.str();
    CHECK(text_at(said, "code") == "unreachable");
    CHECK(text_at(said, "detail") == "cannot \"connect\" (http://platform)");
    CHECK_FALSE(text_at(said, "hint").empty());
    CHECK(stage.out.str().empty());
}

TEST_CASE("every call that changes something has a name of its own, or the one that was given") {
    Stage stage;
    stage.run({"device", "suspend", "D-1"});
    stage.run({"device", "suspend", "D-1"});
    CHECK(stage.header(0, "Idempotency-Key") == "fresh-key-2");
    stage.run({"device", "suspend", "D-1", "--idempotency-key", "mine"});
    CHECK(stage.header(0, "Idempotency-Key") == "mine");
    stage.run({"device", "status", "D-1"});
    CHECK(stage.header(0, "Idempotency-Key").empty());
    CHECK(stage.header(0, "Authorization") == "Bearer msp_k1_secret");
}

TEST_CASE("arguments are parts of a path and nothing more") {
    Stage stage;
    stage.run({"device", "status", "../x?y=1&z#a b/é"});
    CHECK(stage.lines() ==
          std::vector<std::string>{
              "GET http://platform/v1/devices/..%2Fx%3Fy%3D1%26z%23a%20b%2F%C3%A9"});
}

TEST_CASE("data of others reaches a terminal as printable text, and a program as it is") {
    Stage stage;
    const std::string list = "{\"items\":[{\"party\":\"a\",\"name\":\"\xE2\x80\xAEx\"}]}";
    stage.will_answer(200, list);
    stage.run({"party", "list", "-o", "json"});
    CHECK(stage.out.str().find("\xE2\x80\xAE") != std::string::npos);
    stage.around.terminal_out = true;
    stage.will_answer(200, list);
    stage.run({"party", "list", "-o", "json"});
    CHECK(stage.out.str() == "[{\"party\":\"a\",\"name\":\"\\u202ex\"}]\n");
    stage.around.terminal_out = false;
    stage.will_answer(200, list);
    stage.run({"party", "list"});
    CHECK(stage.out.str().find("\xE2\x80\xAE") == std::string::npos);
}

TEST_CASE("a table is cut to the terminal that it goes to, and whole without one") {
    Stage stage;
    const std::string list =
        R"({"items":[{"code":"c","sentence":")" + std::string(200, 'x') + R"("}]})";
    for (const bool terminal : {false, true}) {
        stage.around.terminal_out = terminal;
        stage.around.width = 40;
        stage.will_answer(200, list);
        CHECK(stage.run({"refusal", "list"}) == exit_done);
        CHECK((stage.out.str().find(std::string(200, 'x')) == std::string::npos) == terminal);
    }
}
