#include "cli/calls.hpp"
#include "cli/render.hpp"
#include "cli/show.hpp"
#include "world/crypto.hpp"

#include <ostream>

namespace msp::cli {

namespace {

const std::vector<Column> device_columns{{"DEVICE", "device.device_id"},
                                         {"STATUS", "m2m_service.status"},
                                         {"PENDING", "pending"},
                                         {"CUSTOMER", "m2m_service.customer"},
                                         {"EQUIPMENT", "equipment.equipment_id"},
                                         {"OPERATOR", "network.operator", true},
                                         {"NETWORK", "network.observed", true},
                                         {"SENTENCE", "sentence", true}};

constexpr std::string_view device_service = "/v1/devices/{DEVICE_ID}/m2m-service";

// Stopping needs the revision that was looked at, and a person's word.
int stop_device(Invocation& invocation) {
    const std::string body = R"({"status":"stopped"})";
    if (invocation.dry_run())
        return send_change(invocation, "PUT", fill(invocation, device_service), body);
    const auto seen = invocation.call("GET", fill(invocation, "/v1/devices/{DEVICE_ID}"));
    if (!seen) return invocation.exit_code;
    return send_after_confirmation(
        invocation, *seen, "Its M2M service stops for ever and its IMSI goes back to the operator.",
        invocation.value("DEVICE_ID"), fill(invocation, device_service), body);
}

// ------------------------------------------------------------------------------------ as a device

// The device's credential: base64url(HMAC-SHA256(enrolment key, device ID)).
std::optional<std::string> secret_of(Invocation& invocation) {
    const auto file = content_of(invocation, invocation.value("--enrolment-key-file"));
    if (!file) return std::nullopt;
    const auto key = from_base64url(without_last_line_end(*file));
    if (!key || key->empty()) {
        invocation.refuse(exit_usage, "the enrolment key is not in base64url");
        return std::nullopt;
    }
    return base64url(bytes_of(hmac_sha256(*key, invocation.value("DEVICE_ID"))));
}

int show_secret(Invocation& invocation) {
    const auto secret = secret_of(invocation);
    if (!secret) return invocation.exit_code;
    invocation.out() << *secret << "\n";
    return exit_done;
}

int report(Invocation& invocation) {
    const auto secret = secret_of(invocation);
    if (!secret) return invocation.exit_code;
    const auto body = object_of(invocation, {{"device_id", "DEVICE_ID"},
                                             {"iccid", "--iccid"},
                                             {"imsi", "--imsi"},
                                             {"imei", "--imei"},
                                             {"eid", "--eid"},
                                             {"equipment_id", "--equipment"}});
    HttpHeaders as_device;
    as_device.set("Authorization",
                  "Basic " + base64(invocation.value("DEVICE_ID") + ":" + *secret));
    const auto answer = invocation.call("POST", "/v1/device-reports", *body, as_device);
    return answer ? show_object(invocation, answer->body, render_facts) : invocation.exit_code;
}

const Flag enrolment_key{"--enrolment-key-file", "FILE", "holds its provider's enrolment key",
                         true};

const std::vector<Flag> hold_flags{
    {"--reason", "unpaid|contract|fraud|maintenance|law|other", "why", true},
    {"--text", "TEXT", "free words, kept with the reason"},
    {"--follows-equipment", "", "the reason survives a replacement of the device"}};

void add_as_device(Commands& commands) {
    commands.push_back({"device",
                        "report",
                        {"DEVICE_ID"},
                        "report as this device does: its card, or the equipment it was built into",
                        {enrolment_key,
                         {"--iccid", "ICCID", "of the card in it"},
                         {"--imsi", "IMSI", "of the card in it"},
                         {"--imei", "IMEI", "of its modem"},
                         {"--eid", "EID", "of its eUICC"},
                         {"--equipment", "EQUIPMENT_ID", "the equipment it was built into"}},
                        {"msp device report MW-1 --enrolment-key-file modemworks.enrolment "
                         "--equipment EX-4711"},
                        report});
    commands.push_back({"device",
                        "secret",
                        {"DEVICE_ID"},
                        "print the secret of a device, made here from its provider's enrolment key",
                        {enrolment_key},
                        {"msp device secret MW-1 --enrolment-key-file modemworks.enrolment"},
                        show_secret});
}

}  // namespace

static void add_device_looks(Commands& commands) {
    commands.push_back(
        {"device",
         "list",
         {},
         "list the devices that you see",
         joined({{"--status", "active|de-active|stopped", "in this status"},
                 {"--customer", "PARTY", "only of this customer"},
                 {"--held-by", "customer|m2m-sp|operator", "held by this holder"},
                 {"--pending", "true|false", "waiting for the operator"}},
                list_flags),
         {"msp device list --status de-active", "msp device list --held-by m2m-sp -o wide",
          "msp device list --fields device,sentence --sort -status"},
         list_of("/v1/devices?status={--status}&customer={--customer}"
                 "&held_by={--held-by}&pending={--pending}",
                 device_columns, "device.device_id")});
    commands.push_back({"device",
                        "status",
                        {"DEVICE_ID"},
                        "show the whole chain of a device and who holds it",
                        {},
                        {"msp device status D-0815"},
                        one_chain("/v1/devices/{DEVICE_ID}")});
}

static void add_device_switches(Commands& commands) {
    commands.push_back(
        {"device",
         "activate",
         {"DEVICE_ID"},
         "switch the M2M service of a device on, as its customer",
         joined({{"--until", "TIME", "the end of the test, in RFC 3339"}}, change_flags),
         {"msp device activate D-0815 --wait 30s"},
         change_of("PUT", device_service, {{"status", "=active"}, {"until", "--until"}})});
    commands.push_back({"device",
                        "suspend",
                        {"DEVICE_ID"},
                        "switch the M2M service of a device off, as its customer",
                        change_flags,
                        {"msp device suspend D-0815"},
                        change_of("PUT", device_service, {{"status", "=de-active"}})});
    commands.push_back({"device",
                        "stop",
                        {"DEVICE_ID"},
                        "stop the M2M service of a device for ever, as the M2M SP",
                        change_flags,
                        {"msp device stop D-0815"},
                        stop_device});
}

static void add_holds(Commands& commands) {
    commands.push_back({"device",
                        "hold",
                        {"DEVICE_ID"},
                        "hold a device down, as the M2M SP",
                        joined(hold_flags, change_flags),
                        {"msp device hold D-0815 --reason unpaid --text INV-8831"},
                        change_of("PUT", "/v1/devices/{DEVICE_ID}/hold/{--reason}",
                                  {{"text", "--text"},
                                   {"follows_equipment", "--follows-equipment", Kind::truth}})});
    commands.push_back({"device",
                        "lift",
                        {"DEVICE_ID"},
                        "lift a hold of the M2M SP",
                        joined({hold_flags[0]}, change_flags),
                        {"msp device lift D-0815 --reason unpaid"},
                        change_of("DELETE", "/v1/devices/{DEVICE_ID}/hold/{--reason}", {})});
}

static void add_device_rest(Commands& commands) {
    commands.push_back({"device",
                        "check",
                        {"DEVICE_ID"},
                        "ask the operator now",
                        change_flags,
                        {"msp device check D-0815 --wait 10s"},
                        change_of("POST", "/v1/devices/{DEVICE_ID}:check", {})});
    commands.push_back({"device",
                        "retry",
                        {"DEVICE_ID"},
                        "send the order again, in spite of the operator's hold",
                        change_flags,
                        {"msp device retry D-0815"},
                        change_of("POST", "/v1/devices/{DEVICE_ID}:retry", {})});
    commands.push_back(
        {"device",
         "handover",
         {"DEVICE_ID…"},
         "hand devices over to another party",
         {{"--to", "PARTY", "an equipment provider, or the device provider again", true},
          dry_run_flag},
         {"msp device handover D-0815 D-0816 --to acme"},
         items_of("/v1/devices/handover",
                  {{"device_ids", "DEVICE_ID", Kind::texts}, {"to", "--to"}})});
    commands.push_back({"device",
                        "history",
                        {"DEVICE_ID"},
                        "show what happened to a device",
                        list_flags,
                        {"msp device history D-0815"},
                        list_of("/v1/history?device={DEVICE_ID}", event_columns, "id")});
}

void add_device_commands(Commands& commands) {
    add_device_looks(commands);
    add_device_switches(commands);
    add_holds(commands);
    add_device_rest(commands);
    add_as_device(commands);
}

}  // namespace msp::cli
