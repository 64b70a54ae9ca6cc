// What the doors answer when they do not let something through: RFC 9457, with our `code`, `hint`
// and `errors`.
//
// Law: every refusal and every failure has one status and one code, here and nowhere else. Nothing
// of what a Failure says gets out: it is for the log.
// Values and pure functions; any thread.
#pragma once

#include "domain/failure.hpp"
#include "domain/refusal.hpp"
#include "domain/time.hpp"
#include "world/http.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msp {

// One member of a request that is at fault.
struct ProblemError {
    std::string pointer;  // RFC 6901
    std::string code;
    std::string detail;
    friend bool operator==(const ProblemError&, const ProblemError&) = default;
};

struct Problem {
    int status = 400;
    std::string code;   // stable, for programs
    std::string title;  // empty: the status's own words
    std::string detail;
    std::string hint;  // the next step
    std::vector<ProblemError> errors;
    std::string trace_id;
    std::vector<std::pair<std::string, std::string>> extra;  // further members, all texts
    std::optional<Duration> retry_after;                     // rounded up to whole seconds
    bool turned_away = false;  // for want of room: not heard before `retry_after` has passed
    friend bool operator==(const Problem&, const Problem&) = default;
};

// For what neither a rule nor the world refuses, but the door itself.
Problem make_problem(int status, std::string_view code, std::string_view detail,
                     std::string_view hint);

HttpResponse render(const Problem&);

int status_of(RefusalKind);
Problem problem_of(const Refusal&);
Problem problem_of(const Failure&);

// 401, with the challenge that RFC 9110 clause 11.6.1 asks for: `Bearer` or `Basic`.
HttpResponse render_unauthenticated(Problem, std::string_view scheme);

}  // namespace msp
