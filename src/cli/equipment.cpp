#include "cli/calls.hpp"
#include "cli/render.hpp"

#include <boost/json.hpp>

#include <ostream>

namespace msp::cli {

namespace json = boost::json;

namespace {

constexpr std::string_view service = "/v1/equipment/{EQUIPMENT_ID}/service?provider={--provider}";

const Flag provider{"--provider", "PARTY", "whose equipment, for staff"};

const std::vector<Column> columns{{"EQUIPMENT", "equipment.equipment_id"},
                                  {"STATUS", "status"},
                                  {"PENDING", "pending"},
                                  {"DEVICE", "device.device_id"},
                                  {"WISH", "equipment.wish", true},
                                  {"SENTENCE", "sentence", true}};

std::string device_of(const std::string& body) {
    boost::system::error_code error;
    const json::value parsed = json::parse(body, error);
    if (error) return "null";
    const json::value* device =
        parsed.is_object() ? parsed.get_object().if_contains("device") : nullptr;
    if (!device || !device->is_object()) return "null";
    return json::serialize(device->at("device_id"));
}

// Stopping and replacing name the device they end and the revision that was looked at, and need a person's word.
int end_with(Invocation& invocation, const std::string& status, const std::string& what) {
    const auto seen = invocation.call(
        "GET", fill(invocation, "/v1/equipment/{EQUIPMENT_ID}?provider={--provider}"));
    if (!seen) return invocation.exit_code;
    const std::string body =
        R"({"status":")" + status + R"(","device_id":)" + device_of(seen->body) + "}";
    const std::string target = fill(invocation, service);
    if (invocation.has("--dry-run")) {
        const auto preview = invocation.call(
            "POST",
            fill(invocation, "/v1/equipment/{EQUIPMENT_ID}/service:preview?provider={--provider}"),
            body);
        return preview ? invocation.show_object(preview->body, render_facts) : invocation.exit_code;
    }
    invocation.err() << render_chain(seen->body);
    if (!invocation.confirmed(what, invocation.value("EQUIPMENT_ID"))) return invocation.exit_code;
    HttpHeaders match;
    match.set("If-Match", std::string(seen->headers.find("ETag").value_or("")));
    const std::string waiting =
        invocation.has("--wait") ? (target.find('?') == std::string::npos ? "?wait=" : "&wait=") +
                                       invocation.value("--wait")
                                 : "";
    const auto answer = invocation.call("PUT", target + waiting, body, match);
    return answer ? invocation.show_object(answer->body, render_chain) : invocation.exit_code;
}

int stop(Invocation& invocation) {
    return end_with(
        invocation, "stopped",
        "The service of this equipment stops for ever and the IMSI goes back to the operator.");
}

int replace(Invocation& invocation) {
    return end_with(invocation, "replaced",
                    "The device in this equipment is ended, its IMSI goes back to the operator; "
                    "the equipment waits for a new device.");
}

}  // namespace

void add_equipment_commands(Commands& commands) {
    const std::vector<Flag> flags = joined({provider}, change_flags);
    commands.push_back(
        {"equipment",
         "list",
         {},
         "list your equipment",
         joined({{"--status", "STATUS", "active, de-active, stopped or replaced"}, provider},
                list_flags),
         {"msp equipment list --status de-active"},
         list_of("/v1/equipment?status={--status}&provider={--provider}", columns,
                 "equipment.equipment_id")});
    commands.push_back(
        {"equipment",
         "status",
         {"EQUIPMENT_ID"},
         "show why a machine has service or not, who holds it, and who can change that",
         {provider},
         {"msp equipment status EX-4711"},
         one_chain("/v1/equipment/{EQUIPMENT_ID}?provider={--provider}")});
    commands.push_back(
        {"equipment",
         "register",
         {"EQUIPMENT_ID"},
         "register an equipment, or rename it",
         {{"--name", "TEXT", "what people call it"}},
         {"msp equipment register EX-4711 --name \"Excavator X320\""},
         call_of("PUT", "/v1/equipment/{EQUIPMENT_ID}", {{"name", "--name"}}, "registered")});
    commands.push_back({"equipment",
                        "activate",
                        {"EQUIPMENT_ID"},
                        "switch the equipment service on: installation, or resuming",
                        flags,
                        {"msp equipment activate EX-4711 --wait 30s"},
                        change_of("PUT", service, {{"status", "=active"}})});
    commands.push_back({"equipment",
                        "suspend",
                        {"EQUIPMENT_ID"},
                        "switch the equipment service off",
                        flags,
                        {"msp equipment suspend EX-4711"},
                        change_of("PUT", service, {{"status", "=de-active"}})});
    commands.push_back({"equipment",
                        "stop",
                        {"EQUIPMENT_ID"},
                        "stop the equipment service for ever",
                        flags,
                        {"msp equipment stop EX-4711"},
                        stop});
    commands.push_back({"equipment",
                        "replace",
                        {"EQUIPMENT_ID"},
                        "end the device in it and wait for a new one",
                        flags,
                        {"msp equipment replace EX-4711"},
                        replace});
    commands.push_back({"equipment",
                        "unbind",
                        {"EQUIPMENT_ID"},
                        "take a wrongly reported equipment off its device",
                        {},
                        {"msp equipment unbind EX-4711"},
                        change_of("POST", "/v1/equipment/{EQUIPMENT_ID}:unbind", {})});
    commands.push_back(
        {"equipment",
         "check",
         {"EQUIPMENT_ID"},
         "ask the operator now",
         {provider, change_flags[1]},
         {"msp equipment check EX-4711 --wait 10s"},
         change_of("POST", "/v1/equipment/{EQUIPMENT_ID}:check?provider={--provider}", {})});
    commands.push_back({"equipment",
                        "history",
                        {"EQUIPMENT_ID"},
                        "show what happened to an equipment, over all its devices",
                        list_flags,
                        {"msp equipment history EX-4711"},
                        list_of("/v1/history?equipment={EQUIPMENT_ID}",
                                {{"TIME", "time"},
                                 {"TYPE", "type"},
                                 {"BY", "data.actor.party"},
                                 {"CAUSE", "data.cause"},
                                 {"SUMMARY", "data.summary"}},
                                "id")});
}

}  // namespace msp::cli
