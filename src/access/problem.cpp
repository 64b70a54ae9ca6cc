#include "access/problem.hpp"

#include "access/json.hpp"
#include "world/http_response.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace msp {

static void write_errors(JsonWriter& json, const std::vector<ProblemError>& errors) {
    json.name("errors").open_array();
    for (const ProblemError& error : errors)
        json.open_object()
            .member("pointer", error.pointer)
            .member("code", error.code)
            .member("detail", error.detail)
            .close_object();
    json.close_array();
}

static std::string body_of(const Problem& problem) {
    std::string out;
    JsonWriter json(out);
    json.open_object()
        .member("type", "about:blank")
        .member("title", problem.title.empty() ? http_reason(problem.status)
                                               : std::string_view(problem.title))
        .member("status", problem.status)
        .member("code", problem.code);
    if (!problem.detail.empty()) json.member("detail", problem.detail);
    if (!problem.hint.empty()) json.member("hint", problem.hint);
    if (!problem.errors.empty()) write_errors(json, problem.errors);
    for (const auto& [name, value] : problem.extra) json.member(name, value);
    if (!problem.trace_id.empty()) json.member("trace_id", problem.trace_id);
    json.close_object();
    return out;
}

HttpResponse render(const Problem& problem) {
    HttpResponse response;
    response.status = problem.status;
    response.headers.add("Content-Type", "application/problem+json");
    response.headers.add("Cache-Control", "no-store");
    if (problem.retry_after) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*problem.retry_after).count();
        response.headers.add("Retry-After", std::to_string(std::max<std::int64_t>(seconds, 1)));
        if (problem.turned_away) response.unheard = *problem.retry_after;
    }
    response.body = body_of(problem);
    return response;
}

HttpResponse render_unauthenticated(Problem problem, std::string_view scheme) {
    problem.status = 401;
    HttpResponse response = render(problem);
    response.headers.add("WWW-Authenticate", std::string(scheme) + " realm=\"msp\"");
    return response;
}

int status_of(RefusalKind kind) {
    switch (kind) {
        case RefusalKind::absent: return 404;
        case RefusalKind::forbidden: return 403;
        case RefusalKind::conflict: return 409;
        case RefusalKind::precondition: return 412;
        case RefusalKind::needs_precondition: return 428;
        case RefusalKind::unprocessable: return 422;
        case RefusalKind::malformed: return 400;
    }
    std::abort();
}

Problem problem_of(const Refusal& refusal) {
    const RefusalEntry& entry = entry_of(refusal.code);
    Problem problem;
    problem.status = status_of(entry.kind);
    problem.code = entry.word;
    problem.detail = refusal.detail.empty() ? std::string(entry.sentence) : refusal.detail;
    problem.hint = entry.hint;
    if (!refusal.pointer.empty())
        problem.errors.push_back({refusal.pointer, problem.code, problem.detail});
    return problem;
}

Problem make_problem(int status, std::string_view code, std::string_view detail,
                     std::string_view hint) {
    Problem problem;
    problem.status = status;
    problem.code = code;
    problem.detail = detail;
    problem.hint = hint;
    return problem;
}

static Problem failed(Failure::Kind kind) {
    switch (kind) {
        case Failure::Kind::unreachable:
            return make_problem(502, "unreachable",
                                "The other side could not be reached; nothing was done.",
                                "Repeat the request later, with the same Idempotency-Key.");
        case Failure::Kind::unknown:
            return make_problem(
                504, "outcome-unknown", "It may or may not have been done.",
                "Repeat the request with the same Idempotency-Key: it is done once.");
        case Failure::Kind::overloaded:
            return make_problem(503, "overloaded", "Too much waits already; nothing was done.",
                                "Repeat the request after the time in Retry-After.");
        case Failure::Kind::full:
            return make_problem(
                507, "disk-full", "There is no room to write; nothing was done.",
                "Reading goes on. Changes do once the platform's disk has room again.");
        case Failure::Kind::broken:
            return make_problem(503, "store-broken", "The store cannot be trusted now.",
                                "Repeat the request later, with the same Idempotency-Key.");
        case Failure::Kind::malformed:
            return make_problem(502, "malformed-answer",
                                "The other side answered what nobody understands.",
                                "Tell the M2M service provider.");
    }
    std::abort();
}

Problem problem_of(const Failure& failure) {
    Problem problem = failed(failure.kind);
    if (problem.status == 503)
        problem.retry_after = Duration(failure.kind == Failure::Kind::broken ? 5'000 : 1'000);
    problem.turned_away = failure.kind == Failure::Kind::overloaded;
    return problem;
}

}  // namespace msp
