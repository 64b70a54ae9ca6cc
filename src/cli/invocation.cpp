#include "cli/invocation.hpp"

#include "cli/context.hpp"
#include "cli/request.hpp"
#include "cli/show.hpp"

#include <charconv>
#include <cstdint>
#include <istream>
#include <ostream>

namespace msp::cli {

std::string Invocation::value(std::string_view name) const {
    const auto found = given.find(name);
    return found == given.end() || found->second.empty() ? std::string() : found->second.back();
}

std::vector<std::string> Invocation::values(std::string_view name) const {
    const auto found = given.find(name);
    return found == given.end() ? std::vector<std::string>() : found->second;
}

std::optional<std::uint64_t> Invocation::number(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    const std::string text = value(name);
    std::uint64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

// The code of a problem that the platform did not see.
static std::string_view problem_code(Exit code) {
    switch (code) {
        case exit_usage: return "wrong-usage";
        case exit_absent: return "not-found";
        case exit_unreachable: return "unreachable";
        case exit_timed_out: return "timed-out";
        default: return "failed";
    }
}

int Invocation::refuse(Exit code, const std::string& what, const std::string& next) {
    exit_code = code;
    if (format() == "json") {
        err() << problem_of(problem_code(code), what, next) << "\n";
        return code;
    }
    err() << "msp: " << what << "\n";
    if (!next.empty()) err() << "  next: " << next << "\n";
    return code;
}

const Context* Invocation::context() {
    if (!context_) {
        auto found = find_context(*this);
        if (!found) {
            refuse(exit_usage, found.reason().what, "msp context list");
            return nullptr;
        }
        context_ = std::move(found).value();
    }
    return &*context_;
}

std::optional<HttpCall> Invocation::prepare(std::string_view method, const std::string& target,
                                            const std::string& body) {
    const Context* where = context();
    if (!where) return std::nullopt;
    HttpCall call;
    const bool asks = method != "GET" && dry_run();
    call.request.method = asks ? "POST" : method;
    call.request.target =
        where->server + (asks ? preview_of(method, target, command_.verb) : target);
    call.request.body = body;
    call.timeout = Duration(75'000);
    call.body_limit = 256 * 1024 * 1024;
    call.ca_file = where->ca_file;
    if (!where->key.empty()) call.request.headers.add("Authorization", "Bearer " + where->key);
    if (!body.empty()) call.request.headers.add("Content-Type", "application/json");
    if (method != "GET" && !asks)
        call.request.headers.add("Idempotency-Key", has("--idempotency-key")
                                                        ? value("--idempotency-key")
                                                        : around_.fresh_key());
    return call;
}

std::optional<HttpResponse> Invocation::call(std::string_view method, const std::string& target,
                                             const std::string& body, const HttpHeaders& more) {
    auto http = prepare(method, target, body);
    if (!http) return std::nullopt;
    for (const HttpHeader& header : more.all())
        http->request.headers.set(header.name, header.value);
    auto answer = around_.http(*http, {});
    if (answer && answer->status < 300) return std::move(answer).value();
    show_failure(*http, answer);
    return std::nullopt;
}

std::optional<HttpResponse> Invocation::stream(const std::string& target, const HttpHeaders& more,
                                               const std::function<bool(std::string_view)>& piece) {
    auto http = prepare("GET", target, {});
    if (!http) return std::nullopt;
    http->timeout = Duration(60'000);  // of silence; the platform sends something every 15 s
    for (const HttpHeader& header : more.all())
        http->request.headers.set(header.name, header.value);
    auto answer = around_.http(*http, piece);
    if (answer && answer->status < 300) return std::move(answer).value();
    show_failure(*http, answer);
    return std::nullopt;
}

// ------------------------------------------------------------------------------------- what failed

Exit exit_of(int status) {
    switch (status) {
        case 400:
        case 413:
        case 415:
        case 422: return exit_usage;
        case 401:
        case 403: return exit_forbidden;
        case 404: return exit_absent;
        case 409:
        case 412:
        case 428: return exit_conflict;
        case 429:
        case 502:
        case 503:
        case 504: return exit_unreachable;
        default: return exit_failed;
    }
}

static int show_silence(Invocation& invocation, const HttpCall& call, const Failure& failure) {
    const std::string where = " (" + invocation.context()->server + ")";
    if (failure.kind == Failure::Kind::unreachable)
        return invocation.refuse(exit_unreachable, failure.what + where,
                                 "see whether the platform runs there: msp context show");
    if (failure.kind != Failure::Kind::unknown)
        return invocation.refuse(exit_failed, failure.what + where);
    const auto key = call.request.headers.find("Idempotency-Key");
    return invocation.refuse(
        exit_unreachable, failure.what + where,
        key ? "it may have been done; the same command with --idempotency-key " +
                  std::string(*key) + " does it once"
            : "try again");
}

int Invocation::show_failure(const HttpCall& call, const Result<HttpResponse, Failure>& answer) {
    if (!answer) return show_silence(*this, call, answer.reason());
    const std::string shown = format() == "json" ? answer->body : problem_text(*this, answer->body);
    if (shown.empty() || answer->body.empty() || answer->body.front() != '{')
        err() << "msp: the platform answered " << answer->status << "\n";
    else
        err() << terminal_text(shown, around_.terminal_err) << (shown.back() == '\n' ? "" : "\n");
    return exit_code = exit_of(answer->status);
}

bool Invocation::confirmed(const std::string& question, const std::string& what) {
    if (has("--yes")) return true;
    if (!around_.terminal_in) {
        refuse(exit_usage, "this cannot be undone and there is no terminal to ask",
               "look at it with --dry-run, then add --yes");
        return false;
    }
    err() << question << "\nType " << what << " to go on: " << std::flush;
    std::string typed;
    std::getline(around_.in, typed);
    if (typed == what) return true;
    refuse(exit_failed, "nothing was done");
    return false;
}

}  // namespace msp::cli
