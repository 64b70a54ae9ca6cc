#include "cli/invocation.hpp"

#include "cli/context.hpp"
#include "cli/render.hpp"

#include <boost/json.hpp>

#include <istream>
#include <ostream>

namespace msp::cli {

namespace json = boost::json;

std::string Invocation::value(std::string_view name) const {
    const auto found = given.find(name);
    return found == given.end() || found->second.empty() ? std::string() : found->second.back();
}

std::vector<std::string> Invocation::values(std::string_view name) const {
    const auto found = given.find(name);
    return found == given.end() ? std::vector<std::string>() : found->second;
}

HttpCall Invocation::prepare(std::string_view method, const std::string& target,
                             const std::string& body) const {
    const Context context = context_of(*this);
    HttpCall call;
    call.request.method = method;
    call.request.target = context.server + target;
    call.request.body = body;
    call.timeout = Duration(75'000);
    call.body_limit = 256 * 1024 * 1024;
    call.ca_file = context.ca_file;
    if (!context.key.empty()) call.request.headers.add("Authorization", "Bearer " + context.key);
    if (!body.empty()) call.request.headers.add("Content-Type", "application/json");
    if (method != "GET")
        call.request.headers.add("Idempotency-Key", has("--idempotency-key")
                                                        ? value("--idempotency-key")
                                                        : around_.fresh_key());
    return call;
}

std::optional<HttpResponse> Invocation::call(std::string_view method, const std::string& target,
                                             const std::string& body, const HttpHeaders& more) {
    HttpCall http = prepare(method, target, body);
    for (const HttpHeader& header : more.all()) http.request.headers.set(header.name, header.value);
    auto answer = around_.http(http, {});
    if (answer && answer->status < 300) return std::move(answer).value();
    exit_code = show_failure(answer);
    return std::nullopt;
}

std::optional<HttpResponse> Invocation::stream(const std::string& target, const HttpHeaders& more,
                                               const std::function<bool(std::string_view)>& piece) {
    HttpCall http = prepare("GET", target, {});
    http.timeout = Duration(0);
    for (const HttpHeader& header : more.all()) http.request.headers.set(header.name, header.value);
    auto answer = around_.http(http, piece);
    if (answer && answer->status < 300) return std::move(answer).value();
    exit_code = show_failure(answer);
    return std::nullopt;
}

static int exit_of(int status, std::string_view code) {
    if (status == 404) return exit_absent;
    if (status == 401 || status == 403) return exit_forbidden;
    if (status == 409 || status == 412 || status == 428) return exit_conflict;
    if (status == 503 || status == 502) return exit_unreachable;
    return code == "timed-out" ? exit_timed_out : exit_failed;
}

static std::string text_at(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

static void show_problem(std::ostream& err, const json::object& problem) {
    const std::string detail = text_at(problem, "detail");
    err << "msp: " << (detail.empty() ? text_at(problem, "title") : detail) << " ("
        << text_at(problem, "code") << ")\n";
    if (const json::value* errors = problem.if_contains("errors"); errors && errors->is_array())
        for (const json::value& error : errors->get_array())
            if (error.is_object())
                err << "  " << text_at(error.get_object(), "pointer") << ": "
                    << text_at(error.get_object(), "detail") << "\n";
    if (const std::string hint = text_at(problem, "hint"); !hint.empty())
        err << "  next: " << hint << "\n";
    if (const std::string trace = text_at(problem, "trace_id"); !trace.empty())
        err << "  trace: " << trace << "\n";
}

int Invocation::show_failure(const Result<HttpResponse, Failure>& answer) {
    if (!answer) {
        err() << "msp: " << answer.reason().what << " (" << context_of(*this).server << ")\n"
              << "  next: check that the platform runs there: msp context show\n";
        return answer.reason().kind == Failure::Kind::unreachable ? exit_unreachable : exit_failed;
    }
    boost::system::error_code error;
    const json::value parsed = json::parse(answer->body, error);
    const bool problem = !error && parsed.is_object();
    if (value("--output") == "json" && problem)
        err() << answer->body << "\n";
    else if (problem)
        show_problem(err(), parsed.get_object());
    else
        err() << "msp: the platform answered " << answer->status << "\n";
    return exit_of(answer->status, problem ? text_at(parsed.get_object(), "code") : "");
}

int Invocation::show_list(const std::string& body, const std::vector<Column>& columns,
                          std::string_view id_path) const {
    const ListLook look{.format = has("--output") ? value("--output") : "table",
                        .columns = columns,
                        .id_path = id_path,
                        .headers = !has("--no-headers"),
                        .width = around_.terminal_out ? around_.width : 0};
    out() << render_list(body, look);
    return exit_done;
}

int Invocation::show_object(const std::string& body,
                            const std::function<std::string(const std::string&)>& text) const {
    const std::string format = has("--output") ? value("--output") : "table";
    if (format == "table" || format == "wide")
        out() << text(body);
    else
        out() << render_object(body, format);
    return exit_done;
}

bool Invocation::confirmed(const std::string& question, const std::string& what) {
    if (has("--yes")) return true;
    if (!around_.terminal_in) {
        err() << "msp: this cannot be undone and there is no terminal to ask\n  next: look first, "
                 "then add --yes\n";
        exit_code = exit_usage;
        return false;
    }
    err() << question << "\nType " << what << " to go on: " << std::flush;
    std::string typed;
    std::getline(around_.in, typed);
    if (typed == what) return true;
    err() << "msp: nothing was done\n";
    exit_code = exit_failed;
    return false;
}

std::string percent_encoded(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) ||
                           std::string_view("-._~").find(c) != std::string_view::npos;
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        }
    }
    return out;
}

// A piece of a pattern with its {…} filled in; nothing where one of them is absent.
static std::optional<std::string> fill_piece(const Invocation& invocation, std::string_view piece) {
    std::string out;
    while (!piece.empty()) {
        const std::size_t open = piece.find('{');
        out += piece.substr(0, open);
        if (open == std::string_view::npos) break;
        const std::size_t close = piece.find('}', open);
        const std::string_view name = piece.substr(open + 1, close - open - 1);
        if (!invocation.has(name)) return std::nullopt;
        out += percent_encoded(invocation.value(name));
        piece.remove_prefix(close + 1);
    }
    return out;
}

std::string fill(const Invocation& invocation, std::string_view pattern) {
    const std::size_t query = pattern.find('?');
    std::string out = fill_piece(invocation, pattern.substr(0, query)).value_or("");
    if (query == std::string_view::npos) return out;
    std::string_view rest = pattern.substr(query + 1);
    char separator = '?';
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        if (const auto piece = fill_piece(invocation, rest.substr(0, end))) {
            out += separator + *piece;
            separator = '&';
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

std::string object_of(const Invocation& invocation, const std::vector<Member>& members) {
    json::object out;
    for (const Member& member : members) {
        if (member.from.front() == '=') {
            out[member.name] = member.from.substr(1);
            continue;
        }
        if (!invocation.has(member.from)) continue;
        const std::string text = invocation.value(member.from);
        if (member.kind == 'b')
            out[member.name] = text != "false";
        else if (member.kind == 'n')
            out[member.name] = std::stoll("0" + text);
        else if (member.kind == 'l') {
            json::array list;
            for (const std::string& one : invocation.values(member.from)) list.emplace_back(one);
            out[member.name] = std::move(list);
        } else
            out[member.name] = text;
    }
    return json::serialize(out);
}

}  // namespace msp::cli
