#include "cli/calls.hpp"

namespace msp::cli {

void add_claim_commands(Commands& commands) {
    commands.push_back(
        {"claim",
         "list",
         {},
         "list refused reports that wait for you",
         joined({{"--state", "open|accepted|dismissed", "in this state"}}, list_flags),
         {"msp claim list --state open"},
         list_of("/v1/claims?state={--state}",
                 {{"CLAIM", "id"},
                  {"KIND", "kind"},
                  {"STATE", "state"},
                  {"DEVICE", "device_id"},
                  {"REFUSED", "refused.code"},
                  {"AT", "at"}},
                 "id")});
    commands.push_back({"claim",
                        "get",
                        {"CLAIM"},
                        "show a claim as it was received",
                        {},
                        {"msp claim get c7f2"},
                        one_thing("/v1/claims/{CLAIM}")});
    commands.push_back({"claim",
                        "accept",
                        {"CLAIM"},
                        "accept a claim: the binding is made if nothing else stands against it",
                        {dry_run_flag},
                        {"msp claim accept c7f2"},
                        call_of("POST", "/v1/claims/{CLAIM}:accept", {}, "accepted")});
    commands.push_back({"claim",
                        "dismiss",
                        {"CLAIM"},
                        "dismiss a claim",
                        {dry_run_flag},
                        {"msp claim dismiss c7f2"},
                        call_of("POST", "/v1/claims/{CLAIM}:dismiss", {}, "dismissed")});
}

}  // namespace msp::cli
