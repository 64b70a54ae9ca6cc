#include "cli/calls.hpp"
#include "cli/render.hpp"

#include <boost/json.hpp>

#include <ostream>

namespace msp::cli {

namespace {

const std::vector<Column> columns{{"DEVICE", "device.device_id"},
                                  {"STATUS", "m2m_service.status"},
                                  {"PENDING", "pending"},
                                  {"CUSTOMER", "m2m_service.customer"},
                                  {"EQUIPMENT", "equipment.equipment_id"},
                                  {"OPERATOR", "network.operator", true},
                                  {"NETWORK", "network.observed", true},
                                  {"SENTENCE", "sentence", true}};

// Stopping needs the revision that was looked at, and a person's word.
int stop(Invocation& invocation) {
    const std::string id = invocation.value("DEVICE_ID");
    const auto seen = invocation.call("GET", fill(invocation, "/v1/devices/{DEVICE_ID}"));
    if (!seen) return invocation.exit_code;
    if (invocation.has("--dry-run"))
        return change_of("PUT", "/v1/devices/{DEVICE_ID}/m2m-service",
                         {{"status", "=stopped"}})(invocation);
    invocation.err() << render_chain(seen->body);
    if (!invocation.confirmed(
            "Its M2M service stops for ever and its IMSI goes back to the operator.", id))
        return invocation.exit_code;
    HttpHeaders match;
    match.set("If-Match", std::string(seen->headers.find("ETag").value_or("")));
    const auto answer = invocation.call(
        "PUT", fill(invocation, "/v1/devices/{DEVICE_ID}/m2m-service?wait={--wait}"),
        R"({"status":"stopped"})", match);
    return answer ? invocation.show_object(answer->body, render_chain) : invocation.exit_code;
}

const std::vector<Flag> hold_flags{
    {"--reason", "CODE", "unpaid, contract, fraud, maintenance, law or other", true},
    {"--text", "TEXT", "free words, kept with the reason"},
    {"--follows-equipment", "", "the reason survives a replacement of the device"}};

}  // namespace

void add_device_commands(Commands& commands) {
    commands.push_back(
        {"device",
         "list",
         {},
         "list the devices that you see",
         joined({{"--status", "STATUS", "active, de-active or stopped"},
                 {"--customer", "PARTY", "only of this customer"},
                 {"--held-by", "HOLDER", "customer, m2m-sp or operator"},
                 {"--pending", "true|false", "waiting for the operator"}},
                list_flags),
         {"msp device list --status de-active", "msp device list --held-by m2m-sp -o wide"},
         list_of("/v1/"
                 "devices?status={--status}&customer={--customer}&held_by={--held-by}&pending={--"
                 "pending}",
                 columns, "device.device_id")});
    commands.push_back({"device",
                        "status",
                        {"DEVICE_ID"},
                        "show the whole chain of a device and who holds it",
                        {},
                        {"msp device status D-0815"},
                        one_chain("/v1/devices/{DEVICE_ID}")});
    commands.push_back(
        {"device",
         "activate",
         {"DEVICE_ID"},
         "switch the M2M service of a device on, as its customer",
         joined({{"--until", "TIME", "the end of the test, in RFC 3339"}}, change_flags),
         {"msp device activate D-0815 --wait 30s"},
         change_of("PUT", "/v1/devices/{DEVICE_ID}/m2m-service",
                   {{"status", "=active"}, {"until", "--until"}})});
    commands.push_back(
        {"device",
         "suspend",
         {"DEVICE_ID"},
         "switch the M2M service of a device off, as its customer",
         change_flags,
         {"msp device suspend D-0815"},
         change_of("PUT", "/v1/devices/{DEVICE_ID}/m2m-service", {{"status", "=de-active"}})});
    commands.push_back({"device",
                        "stop",
                        {"DEVICE_ID"},
                        "stop the M2M service of a device for ever, as the M2M SP",
                        change_flags,
                        {"msp device stop D-0815"},
                        stop});
    commands.push_back(
        {"device",
         "hold",
         {"DEVICE_ID"},
         "hold a device down, as the M2M SP",
         joined(hold_flags, change_flags),
         {"msp device hold D-0815 --reason unpaid --text INV-8831"},
         change_of("PUT", "/v1/devices/{DEVICE_ID}/hold/{--reason}",
                   {{"text", "--text"}, {"follows_equipment", "--follows-equipment", 'b'}})});
    commands.push_back({"device",
                        "lift",
                        {"DEVICE_ID"},
                        "lift a hold of the M2M SP",
                        joined({hold_flags[0]}, change_flags),
                        {"msp device lift D-0815 --reason unpaid"},
                        change_of("DELETE", "/v1/devices/{DEVICE_ID}/hold/{--reason}", {})});
    commands.push_back({"device",
                        "check",
                        {"DEVICE_ID"},
                        "ask the operator now",
                        {change_flags[1]},
                        {"msp device check D-0815 --wait 10s"},
                        change_of("POST", "/v1/devices/{DEVICE_ID}:check", {})});
    commands.push_back({"device",
                        "retry",
                        {"DEVICE_ID"},
                        "send the order again, in spite of the operator's hold",
                        {change_flags[1]},
                        {"msp device retry D-0815"},
                        change_of("POST", "/v1/devices/{DEVICE_ID}:retry", {})});
    commands.push_back(
        {"device",
         "handover",
         {"DEVICE_ID…"},
         "hand devices over to another party",
         {{"--to", "PARTY", "an equipment provider, or the device provider again", true}},
         {"msp device handover D-0815 D-0816 --to acme"},
         items_of("/v1/devices/handover", {{"to", "--to"}}, "DEVICE_ID", "device_ids")});
    commands.push_back({"device",
                        "history",
                        {"DEVICE_ID"},
                        "show what happened to a device",
                        list_flags,
                        {"msp device history D-0815"},
                        list_of("/v1/history?device={DEVICE_ID}",
                                {{"TIME", "time"},
                                 {"TYPE", "type"},
                                 {"BY", "data.actor.party"},
                                 {"CAUSE", "data.cause"},
                                 {"SUMMARY", "data.summary"}},
                                "id")});
}

}  // namespace msp::cli
