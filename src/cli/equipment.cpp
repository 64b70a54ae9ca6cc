#include "cli/calls.hpp"

#include "cli/answer.hpp"

namespace msp::cli {

namespace {

constexpr std::string_view equipment_service =
    "/v1/equipment/{EQUIPMENT_ID}/service?provider={--provider}";

const Flag provider{"--provider", "PARTY", "whose equipment, for staff"};

const std::vector<Column> equipment_columns{{"EQUIPMENT", "equipment.equipment_id"},
                                            {"STATUS", "status"},
                                            {"PENDING", "pending"},
                                            {"DEVICE", "device.device_id"},
                                            {"WISH", "equipment.wish", true},
                                            {"SENTENCE", "sentence", true}};

// The device bound now, as JSON.
std::string device_of(const std::string& chain) {
    const std::string id = text_at(chain, "device.device_id");
    return id.empty() ? "null" : "\"" + id + "\"";
}

// Stopping and replacing name the device they end and the revision that was looked at, and need a
// person's word.
int end_with(Invocation& invocation, const std::string& status, const std::string& question) {
    const auto seen = invocation.call(
        "GET", fill(invocation, "/v1/equipment/{EQUIPMENT_ID}?provider={--provider}"));
    if (!seen) return invocation.exit_code;
    const std::string body =
        R"({"status":")" + status + R"(","device_id":)" + device_of(seen->body) + "}";
    if (invocation.dry_run())
        return send_change(invocation, "PUT", fill(invocation, equipment_service), body);
    return send_after_confirmation(invocation, *seen, question, invocation.value("EQUIPMENT_ID"),
                                   fill(invocation, equipment_service), body);
}

int stop_equipment(Invocation& invocation) {
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

static void add_equipment_looks(Commands& commands) {
    const std::vector<Flag> flags = joined({provider}, change_flags);
    commands.push_back(
        {"equipment",
         "list",
         {},
         "list your equipment",
         joined({{"--status", "active|de-active|stopped|replaced", "in this status"}, provider},
                list_flags),
         {"msp equipment list --status de-active"},
         list_of("/v1/equipment?status={--status}&provider={--provider}", equipment_columns,
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
         "register an equipment, or give it another name and other labels: those given now are all",
         {{"--name", "TEXT", "what people call it"},
          {"--label", "KEY=VALUE", "may be repeated", false, true},
          dry_run_flag},
         {"msp equipment register EX-4711 --name \"Excavator X320\" --label site=pudong-7"},
         change_of("PUT", "/v1/equipment/{EQUIPMENT_ID}",
                   {{"name", "--name"}, {"labels", "--label", Kind::entries}})});
}

static void add_equipment_switches(Commands& commands) {
    const std::vector<Flag> flags = joined({provider}, change_flags);
    commands.push_back({"equipment",
                        "activate",
                        {"EQUIPMENT_ID"},
                        "switch the equipment service on: installation, or resuming",
                        flags,
                        {"msp equipment activate EX-4711 --wait 30s"},
                        change_of("PUT", equipment_service, {{"status", "=active"}})});
    commands.push_back({"equipment",
                        "suspend",
                        {"EQUIPMENT_ID"},
                        "switch the equipment service off",
                        flags,
                        {"msp equipment suspend EX-4711"},
                        change_of("PUT", equipment_service, {{"status", "=de-active"}})});
    commands.push_back({"equipment",
                        "stop",
                        {"EQUIPMENT_ID"},
                        "stop the equipment service for ever",
                        flags,
                        {"msp equipment stop EX-4711"},
                        stop_equipment});
    commands.push_back({"equipment",
                        "replace",
                        {"EQUIPMENT_ID"},
                        "end the device in it and wait for a new one",
                        flags,
                        {"msp equipment replace EX-4711"},
                        replace});
}

static void add_equipment_rest(Commands& commands) {
    const std::vector<Flag> flags = joined({provider}, change_flags);
    commands.push_back(
        {"equipment",
         "unbind",
         {"EQUIPMENT_ID"},
         "take a wrongly reported equipment off its device",
         {provider, dry_run_flag},
         {"msp equipment unbind EX-4711"},
         change_of("POST", "/v1/equipment/{EQUIPMENT_ID}:unbind?provider={--provider}", {})});
    commands.push_back(
        {"equipment",
         "check",
         {"EQUIPMENT_ID"},
         "ask the operator now",
         flags,
         {"msp equipment check EX-4711 --wait 10s"},
         change_of("POST", "/v1/equipment/{EQUIPMENT_ID}:check?provider={--provider}", {})});
    commands.push_back(
        {"equipment",
         "retry",
         {"EQUIPMENT_ID"},
         "send the order again, in spite of the operator's hold",
         flags,
         {"msp equipment retry EX-4711 --provider acme"},
         change_of("POST", "/v1/equipment/{EQUIPMENT_ID}:retry?provider={--provider}", {})});
    commands.push_back({"equipment",
                        "history",
                        {"EQUIPMENT_ID"},
                        "show what happened to an equipment, over all its devices",
                        joined({provider}, list_flags),
                        {"msp equipment history EX-4711"},
                        list_of("/v1/history?equipment={EQUIPMENT_ID}&provider={--provider}",
                                event_columns, "id")});
}

void add_equipment_commands(Commands& commands) {
    add_equipment_looks(commands);
    add_equipment_switches(commands);
    add_equipment_rest(commands);
}

}  // namespace msp::cli
