// Whether the command line can say all that the platform can hear, and nothing else: every command
// is run with all its flags against a platform that only writes down what it is asked, and that is
// held against /openapi.json.
#include "api/openapi.hpp"
#include "api/route_matcher.hpp"
#include "cli/cli.hpp"
#include "world/files.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

using namespace msp;

namespace json = boost::json;

namespace {

// Calls that are not for people at a terminal: an operator's, and what watches the platform.
const std::set<std::string> not_for_people{"POST /v1/operators/{operator}/events", "GET /livez",
                                           "GET /readyz", "GET /metrics", "GET /openapi.json"};

struct Heard {
    std::string by;  // the command
    std::string method;
    std::string path;
    std::string query;
    std::string body;
};

// What need not be said from the command line: it goes through the pages by itself and names the
// last event in a header, has a verb of its own for pausing, knows one word for one thing, and asks
// the preview of an import.
const std::set<std::string> said_otherwise{
    "POST /v1/card-batches ?dry_run", "GET /v1/events/stream ?after",
    "PUT /v1/operators/{operator} .paused", "PUT /v1/operators/{operator} .callback_secret",
    "PUT /v1/operators/{operator} .drift_policy"};

std::string content_for(std::string_view flag) {
    if (flag == "--settings")
        return R"({"can":{},"limits":{},"pace":{},"breaker":{},"audit":{},"core":{},"account":{}})";
    return flag == "--secret-file" ? "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n" : "c2VjcmV0\n";
}

// Runs commands and keeps what they ask of the platform.
class Listener {
public:
    void run_with_everything(const cli::Command& command) {
        for (const bool dry_run : {false, true})
            for (const bool arguments : {true, false}) run(command, dry_run, arguments);
    }
    const std::vector<Heard>& heard() const { return heard_; }

private:
    std::string value_of(const cli::Flag& flag) {
        if (flag.form == "N") return "7";
        if (flag.form == "DURATION") return "1s";
        if (flag.form == "KEY=VALUE") return "site=pudong";
        if (flag.form == "FILE") {
            const std::string path = folder_.path() + "/" + std::string(flag.name);
            REQUIRE(write_file(path, content_for(flag.name)));
            return path;
        }
        return std::string(flag.form.substr(0, flag.form.find('|')));
    }

    // Without its optional arguments, as `card issue --batch B` has none.
    std::vector<std::string> words_for(const cli::Command& command, bool dry_run, bool arguments) {
        std::vector<std::string> out{std::string(command.noun)};
        if (!command.verb.empty()) out.emplace_back(command.verb);
        for (const std::string_view argument : command.arguments)
            if (arguments || !cli::is_optional(argument))
                out.push_back(argument == "FILE" ? value_of({"FILE", "FILE", ""})
                                                 : cli::argument_name(argument));
        for (const cli::Flag& flag : command.flags) {
            const bool instead = command.verb == "issue" && flag.name == "--batch";
            const bool look = flag.name == "--fields" || flag.name == "--sort";
            if (look || (instead && arguments) || (flag.name == "--dry-run" && !dry_run)) continue;
            out.emplace_back(flag.name);
            if (!flag.form.empty()) out.push_back(value_of(flag));
        }
        out.insert(out.end(), {"--server", "http://platform", "--yes"});
        return out;
    }

    void run(const cli::Command& command, bool dry_run, bool arguments) {
        std::istringstream in;
        std::ostringstream out;
        std::ostringstream err;
        const std::string by = std::string(command.noun) + " " + std::string(command.verb);
        int calls = 0;
        const cli::Surroundings around{
            .in = in,
            .out = out,
            .err = err,
            .environment = {{"MSP_CONTEXTS", folder_.path() + "/contexts.json"}},
            .http = [&](const HttpCall& call, const auto& piece) -> Result<HttpResponse, Failure> {
                hear(by, call.request);
                if (piece && ++calls < 3) piece("id: 1\ndata: {\"id\":\"e-1\"}\n\n");
                return HttpResponse{200, {}, R"({"rejected_rows":null})"};
            },
            .fresh_key = [] { return std::string("fresh"); },
            .pause = [](std::chrono::milliseconds) {},
            .now = [] { return std::chrono::steady_clock::time_point(); },
            .wall_clock = [] { return std::chrono::system_clock::time_point(); }};
        const std::size_t before = heard_.size();
        const int code = cli::run(cli::commands(), words_for(command, dry_run, arguments), around);
        CAPTURE(by);
        CAPTURE(err.str());
        if (heard_.size() > before) CHECK(code != cli::exit_usage);
    }

    void hear(const std::string& by, const HttpRequest& request) {
        constexpr std::string_view here = "http://platform";
        if (!request.target.starts_with(here)) return;  // to a receiver of webhooks
        const std::string target = request.target.substr(here.size());
        const std::size_t query = std::min(target.find('?'), target.size());
        heard_.push_back({by, request.method, target.substr(0, query),
                          target.substr(std::min(query + 1, target.size())), request.body});
    }

    TemporaryFolder folder_{"msp-reach-test"};
    std::vector<Heard> heard_;
};

std::vector<Heard> everything_heard() {
    Listener listener;
    for (const cli::Command& command : cli::commands()) listener.run_with_everything(command);
    return listener.heard();
}

std::string name_of(const Route& route) {
    return std::string(route.method) + " " + std::string(route.path);
}

std::string row_of(const Heard& heard) {
    static const RouteMatcher matcher(routes());
    const auto found = matcher.match(heard.method, heard.path);
    return found ? name_of(*found->route) : "";
}

// What need not be said in a call need not be in its preview.
std::string original_of(const std::string& row) {
    for (const Route& route : routes())
        if (name_of(route) == row) return name_of(route.original());
    return row;
}

// One call of the document.
const json::object& described(const json::value& document, const std::string& row) {
    const std::size_t blank = row.find(' ');
    std::string method = row.substr(0, blank);
    for (char& c : method) c = char(std::tolower(static_cast<unsigned char>(c)));
    const std::string path = row.substr(blank + 1);
    return document.at("paths").at(path).at(method).as_object();
}

const json::value& resolved(const json::value& document, const json::value& schema) {
    const json::value* reference =
        schema.is_object() ? schema.get_object().if_contains("$ref") : nullptr;
    if (!reference) return schema;
    const std::string_view pointer = reference->as_string();
    return document.at_pointer(pointer.substr(1));
}

std::set<std::string> query_names(const json::value& document, const json::object& call) {
    std::set<std::string> out;
    const json::value* parameters = call.if_contains("parameters");
    if (!parameters) return out;
    for (const json::value& one : parameters->as_array()) {
        const json::object& parameter = resolved(document, one).as_object();
        if (parameter.at("in").as_string() == "query")
            out.emplace(std::string(parameter.at("name").as_string()));
    }
    return out;
}

std::set<std::string> names_in(const std::string& query) {
    std::set<std::string> out;
    std::istringstream in(query);
    for (std::string one; std::getline(in, one, '&');) out.insert(one.substr(0, one.find('=')));
    return out;
}

// The schema of a JSON body; null: the call takes none.
const json::object* body_schema(const json::value& document, const json::object& call) {
    const json::value* body = call.if_contains("requestBody");
    if (!body) return nullptr;
    const json::object& content = resolved(document, *body).at("content").as_object();
    const json::value* typed = content.if_contains("application/json");
    return typed ? &resolved(document, typed->at("schema")).as_object() : nullptr;
}

std::set<std::string> property_names(const json::object& schema) {
    std::set<std::string> out;
    if (const json::value* properties = schema.if_contains("properties"))
        for (const auto& [name, unused] : properties->as_object()) out.emplace(name);
    if (const json::value* choices = schema.if_contains("anyOf"))
        for (const json::value& one : choices->as_array())
            out.merge(property_names(one.as_object()));
    return out;
}

std::set<std::string> minus(const std::set<std::string>& all, const std::set<std::string>& less) {
    std::set<std::string> out;
    std::set_difference(all.begin(), all.end(), less.begin(), less.end(),
                        std::inserter(out, out.end()));
    return out;
}

std::string listed(const std::set<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += word + "\n";
    return out;
}

std::set<std::string> members_of(const Heard& heard) {
    std::set<std::string> out;
    const json::value body = json::parse(heard.body);
    for (const auto& [name, unused] : body.as_object()) out.emplace(name);
    return out;
}

std::string row_and(std::string row, std::string_view sign, std::string_view name) {
    return row.append(sign).append(name);
}

bool is_json(const Heard& heard) {
    return heard.body.starts_with('{');
}

}  // namespace

TEST_CASE("every call of the platform can be made from the command line, and no other is made") {
    std::set<std::string> reached;
    for (const Heard& heard : everything_heard()) {
        const std::string row = row_of(heard);
        CAPTURE(heard.by);
        CAPTURE(heard.method + " " + heard.path);
        CHECK_FALSE(row.empty());
        reached.insert(row);
    }
    std::set<std::string> all;
    for (const Route& route : routes()) all.insert(name_of(route));
    CHECK(listed(minus(minus(all, reached), not_for_people)).empty());
    CHECK(listed(minus(not_for_people, all)).empty());
}

TEST_CASE("what the command line asks in a query is described") {
    const json::value document = json::parse(openapi_document());
    for (const Heard& heard : everything_heard()) {
        CAPTURE(heard.by);
        CAPTURE(heard.query);
        const auto known = query_names(document, described(document, row_of(heard)));
        CHECK(listed(minus(names_in(heard.query), known)).empty());
    }
}

TEST_CASE("what the command line sends in a body is described, and nothing required is missing") {
    const json::value document = json::parse(openapi_document());
    for (const Heard& heard : everything_heard()) {
        CAPTURE(heard.by);
        CAPTURE(heard.body);
        const json::object* schema = body_schema(document, described(document, row_of(heard)));
        if (!is_json(heard)) {
            if (schema) {
                CHECK_FALSE(schema->contains("required"));
            }
            continue;
        }
        REQUIRE(schema);
        CHECK(listed(minus(members_of(heard), property_names(*schema))).empty());
        if (const json::value* required = schema->if_contains("required"))
            for (const json::value& name : required->as_array())
                CHECK(members_of(heard).contains(std::string(name.as_string())));
    }
}

// A query that no flag asks and a member that no flag sets are things a person cannot do.
TEST_CASE("what can be asked and said over HTTP can be asked and said from the command line") {
    const json::value document = json::parse(openapi_document());
    std::map<std::string, std::set<std::string>> asked;
    std::map<std::string, std::set<std::string>> said;
    for (const Heard& heard : everything_heard()) {
        asked[row_of(heard)].merge(names_in(heard.query));
        if (is_json(heard)) said[row_of(heard)].merge(members_of(heard));
    }
    std::set<std::string> missing;
    for (const auto& [row, names] : asked) {
        const json::object& call = described(document, row);
        for (const auto& name : minus(query_names(document, call), names))
            if (name != "cursor") missing.insert(row_and(original_of(row), " ?", name));
        if (const json::object* schema = body_schema(document, call))
            for (const auto& name : minus(property_names(*schema), said[row]))
                missing.insert(row_and(original_of(row), " .", name));
    }
    CHECK(listed(minus(missing, said_otherwise)).empty());
    CHECK(listed(minus(said_otherwise, missing)).empty());
}
