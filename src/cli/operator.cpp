#include "cli/calls.hpp"
#include "cli/json_path.hpp"
#include "cli/render.hpp"
#include "cli/show.hpp"

#include <boost/json.hpp>

#include <optional>

namespace msp::cli {

namespace json = boost::json;

static const std::vector<Member> settings{{"base_url", "--base-url"},
                                          {"name", "--name"},
                                          {"connector", "--connector"},
                                          {"token", "--token-file", Kind::content},
                                          {"secret", "--secret-file", Kind::content},
                                          {"kind", "--kind"},
                                          {"drift", "--drift"},
                                          {"rate_per_s", "--rate", Kind::number},
                                          {"concurrency", "--concurrency", Kind::number}};

// The object in the file of --settings. Nothing: there is none, and that was said.
static std::optional<json::object> settings_in_file(Invocation& invocation) {
    if (!invocation.has("--settings")) return json::object();
    const std::string file = invocation.value("--settings");
    const auto content = content_of(invocation, file);
    if (!content) return std::nullopt;
    const auto read = parsed(*content);
    if (read && read->is_object()) return read->get_object();
    invocation.refuse(exit_usage, "there is no JSON object in " + file);
    return std::nullopt;
}

// What flags say goes before what stands in the file.
static int connect(Invocation& invocation) {
    auto body = settings_in_file(invocation);
    const auto flags = body ? object_of(invocation, settings) : std::nullopt;
    if (!flags) return invocation.exit_code;
    const json::value said = json::parse(*flags);
    for (const auto& [name, value] : said.as_object()) (*body)[name] = value;
    const auto answer = invocation.call("PUT", fill(invocation, "/v1/operators/{OPERATOR}"),
                                        json::serialize(*body));
    if (!answer) return invocation.exit_code;
    if (!invocation.dry_run()) invocation.err() << "connected\n";
    return show_change(invocation, answer->body, render_facts);
}

static void add_settings(Commands& commands) {
    commands.push_back({"operator",
                        "list",
                        {},
                        "list the operators and how they do",
                        look_flags,
                        {"msp operator list"},
                        short_list_of("/v1/operators",
                                      {{"OPERATOR", "operator"},
                                       {"STATE", "state"},
                                       {"QUEUE", "queue"},
                                       {"P50_MS", "latency_ms.p50"},
                                       {"P99_MS", "latency_ms.p99"},
                                       {"BREAKER", "breaker"}},
                                      "operator")});
    commands.push_back({"operator",
                        "status",
                        {"OPERATOR"},
                        "show one operator: health, queue, breaker, last audit",
                        {},
                        {"msp operator status op-east"},
                        one_thing("/v1/operators/{OPERATOR}")});
    commands.push_back(
        {"operator",
         "connect",
         {"OPERATOR"},
         "connect an operator, or change how: what is left out goes back to its standard, but "
         "secrets "
         "stay",
         {{"--base-url", "URL", "where its platform is", true},
          {"--name", "TEXT", "what people call it"},
          {"--connector", "NAME",
           "how it is spoken to: rest, or what docs/operators/ has a page for"},
          {"--token-file", "FILE", "holds the token that we show to it"},
          {"--secret-file", "FILE", "holds whsec_…, which signs its reports to us"},
          {"--kind", "fenced|serial|combined|overwritten|overwritten-combined",
           "what its interface can do"},
          {"--drift", "send-ours|ask|accept", "what to do where it shows what nobody ordered"},
          {"--rate", "N", "requests a second"},
          {"--concurrency", "N", "requests at once"},
          {"--settings", "FILE",
           "JSON with the finer ones, as `operator status` shows them: can, limits, pace, breaker, "
           "audit, core; - is standard input"},
          dry_run_flag},
         {"msp operator connect op-east --base-url https://op-east.example/api --kind serial",
          "msp operator connect op-east --base-url https://op-east.example/api --settings "
          "fine.json"},
         connect});
}

static void add_work(Commands& commands) {
    commands.push_back({"operator",
                        "drift",
                        {"OPERATOR"},
                        "list what the operator shows otherwise than was confirmed",
                        list_flags,
                        {"msp operator drift op-east"},
                        list_of("/v1/operators/{OPERATOR}/drift",
                                {{"DEVICE", "device.device_id"},
                                 {"CARD", "card.iccid"},
                                 {"WANTED", "network.wanted"},
                                 {"OBSERVED", "network.observed"},
                                 {"SENTENCE", "sentence"}},
                                "chain")});
    commands.push_back({"operator",
                        "pause",
                        {"OPERATOR"},
                        "send nothing to an operator for now",
                        {{"--reason", "TEXT", "why", true}, dry_run_flag},
                        {"msp operator pause op-east --reason \"their maintenance\""},
                        call_of("POST", "/v1/operators/{OPERATOR}:pause", {{"reason", "--reason"}},
                                "paused; changes wait")});
    commands.push_back({"operator",
                        "resume",
                        {"OPERATOR"},
                        "send again",
                        {dry_run_flag},
                        {"msp operator resume op-east"},
                        call_of("POST", "/v1/operators/{OPERATOR}:resume", {}, "resumed")});
    commands.push_back(
        {"operator",
         "audit",
         {"OPERATOR"},
         "compare all subscriptions with the operator's, now",
         {{"--go-through", "", "go on although more differs than can be chance"}, dry_run_flag},
         {"msp operator audit op-east"},
         call_of("POST", "/v1/operators/{OPERATOR}:audit",
                 {{"go_through", "--go-through", Kind::truth}}, "started")});
    commands.push_back({"operator",
                        "retry",
                        {"OPERATOR"},
                        "wake everything that is parked there",
                        {dry_run_flag},
                        {"msp operator retry op-east"},
                        call_of("POST", "/v1/operators/{OPERATOR}:retry", {}, "woken")});
}

void add_operator_commands(Commands& commands) {
    add_settings(commands);
    add_work(commands);
}

}  // namespace msp::cli
