#include "access/problem.hpp"

#include "access/json.hpp"

#include <doctest/doctest.h>

#include <string>

namespace msp {

static std::string header(const HttpResponse& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or("absent"));
}

TEST_CASE("each refusal of the table has a status, a code, a sentence and a hint in its problem") {
    for (const RefusalEntry& entry : refusal_table()) {
        CAPTURE(entry.word);
        const Problem problem = problem_of(Refusal{entry.code, {}, {}});
        CHECK(problem.status >= 400);
        CHECK(problem.status < 500);
        CHECK(problem.code == entry.word);
        CHECK(problem.detail == entry.sentence);
        CHECK(problem.hint == entry.hint);
        CHECK(problem.errors.empty());

        auto body = JsonObject::parse(render(problem).body);
        REQUIRE(body);
        auto object = std::move(body).value();
        CHECK(object.number("/status", 0, 999) == problem.status);
        CHECK(object.text("/code") == problem.code);
        CHECK(object.text("/detail") == problem.detail);
        CHECK(object.text("/hint") == problem.hint);
        CHECK(object.text("/type") == "about:blank");
        CHECK(object.text("/title"));
        CHECK_FALSE(object.problem());
    }
}

TEST_CASE("kinds of refusals map to the statuses that programs expect") {
    CHECK(status_of(RefusalKind::absent) == 404);
    CHECK(status_of(RefusalKind::forbidden) == 403);
    CHECK(status_of(RefusalKind::conflict) == 409);
    CHECK(status_of(RefusalKind::precondition) == 412);
    CHECK(status_of(RefusalKind::needs_precondition) == 428);
    CHECK(status_of(RefusalKind::unprocessable) == 422);
    CHECK(status_of(RefusalKind::malformed) == 400);
}

TEST_CASE("a refusal that points at a member names it among the errors") {
    const Problem problem = problem_of(Refusal{RefusalCode::until_past, "It is over.", "/until"});
    REQUIRE(problem.errors.size() == 1);
    CHECK(problem.errors[0] == ProblemError{"/until", "until-past", "It is over."});
    CHECK(render(problem).body.find(R"("errors":[{"pointer":"/until","code":"until-past",)") !=
          std::string::npos);
}

TEST_CASE("a failure says nothing of what the log is told") {
    using Kind = Failure::Kind;
    const std::pair<Kind, int> statuses[] = {{Kind::unreachable, 502}, {Kind::unknown, 504},
                                             {Kind::overloaded, 503},  {Kind::full, 507},
                                             {Kind::broken, 503},      {Kind::malformed, 502}};
    for (const auto& entry : statuses) {
        const Kind kind = entry.first;
        const int status = entry.second;
        CAPTURE(status);
        const HttpResponse response = render(problem_of(Failure{kind, "disk /dev/sda is gone"}));
        CHECK(response.status == status);
        CHECK(response.body.find("sda") == std::string::npos);
        CHECK(header(response, "Content-Type") == "application/problem+json");
        CHECK((header(response, "Retry-After") != "absent") == (status == 503));
    }
}

TEST_CASE("Retry-After is in whole seconds, rounded up, and one at least") {
    Problem problem;
    for (const auto& [wait, said] : {std::pair{0, "1"}, {1, "1"}, {1000, "1"}, {1001, "2"}}) {
        problem.retry_after = Duration(wait);
        CHECK(header(render(problem), "Retry-After") == said);
    }
}

TEST_CASE("further members and the trace stand in the problem") {
    Problem problem = problem_of(Refusal{RefusalCode::not_admitted, {}, {}});
    problem.extra.emplace_back("claim", "c\"1");
    problem.trace_id = "0af7651916cd43dd8448eb211c80319c";
    const std::string body = render(problem).body;
    CHECK(body.find(R"("claim":"c\"1","trace_id":"0af7651916cd43dd8448eb211c80319c"})") !=
          std::string::npos);
}

TEST_CASE("who is not let in is told how to ask") {
    const HttpResponse response = render_unauthenticated({}, "Bearer");
    CHECK(response.status == 401);
    CHECK(header(response, "WWW-Authenticate") == "Bearer realm=\"msp\"");
}

}  // namespace msp
