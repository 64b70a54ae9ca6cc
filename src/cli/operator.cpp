#include "cli/calls.hpp"

namespace msp::cli {

void add_operator_commands(Commands& commands) {
    const std::vector<Member> settings{{"connector", "--connector"},
                                       {"base_url", "--base-url"},
                                       {"secret", "--secret"},
                                       {"kind", "--kind"},
                                       {"drift", "--drift"},
                                       {"rate_per_s", "--rate", 'n'},
                                       {"concurrency", "--concurrency", 'n'}};
    commands.push_back({"operator",
                        "list",
                        {},
                        "list the operators and how they do",
                        {},
                        {"msp operator list"},
                        list_of("/v1/operators",
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
         "connect an operator, or change how",
         {{"--connector", "NAME", "how it is spoken to: rest", true},
          {"--base-url", "URL", "where its platform is", true},
          {"--secret", "SECRET", "signs its events and our requests"},
          {"--kind", "KIND", "fenced, serial, combined, overwritten or overwritten-combined"},
          {"--drift", "POLICY", "send-ours, ask or accept"},
          {"--rate", "N", "requests a second"},
          {"--concurrency", "N", "requests at once"}},
         {"msp operator connect op-east --connector rest --base-url https://op-east.example/api "
          "--kind serial"},
         call_of("PUT", "/v1/operators/{OPERATOR}", settings, "connected")});
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
                        {{"--reason", "TEXT", "why", true}},
                        {"msp operator pause op-east --reason \"their maintenance\""},
                        call_of("POST", "/v1/operators/{OPERATOR}:pause", {{"reason", "--reason"}},
                                "paused; changes wait")});
    commands.push_back({"operator",
                        "resume",
                        {"OPERATOR"},
                        "send again",
                        {},
                        {"msp operator resume op-east"},
                        call_of("POST", "/v1/operators/{OPERATOR}:resume", {}, "resumed")});
    commands.push_back({"operator",
                        "audit",
                        {"OPERATOR"},
                        "compare all subscriptions with the operator's, now",
                        {},
                        {"msp operator audit op-east"},
                        call_of("POST", "/v1/operators/{OPERATOR}:audit", {}, "started")});
    commands.push_back({"operator",
                        "retry",
                        {"OPERATOR"},
                        "wake everything that is parked there",
                        {},
                        {"msp operator retry op-east"},
                        call_of("POST", "/v1/operators/{OPERATOR}:retry", {}, "woken")});
    commands.push_back({"operator",
                        "test",
                        {"OPERATOR"},
                        "send a request that changes nothing",
                        {},
                        {"msp operator test op-east"},
                        call_of("POST", "/v1/operators/{OPERATOR}:test", {})});
}

}  // namespace msp::cli
