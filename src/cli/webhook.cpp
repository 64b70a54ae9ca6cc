#include "cli/calls.hpp"

#include "cli/answer.hpp"
#include "cli/event_stream.hpp"
#include "cli/text.hpp"
#include "world/crypto.hpp"
#include "world/files.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <ostream>

namespace msp::cli {

namespace {

// Standard Webhooks 1.0.0: HMAC-SHA256 over "id.timestamp.body", keyed with what follows "whsec_"
// in base64.
std::optional<std::string> signature(const std::string& secret, const std::string& id,
                                     const std::string& timestamp, const std::string& body) {
    const auto key = from_base64(secret.starts_with("whsec_") ? std::string_view(secret).substr(6)
                                                              : std::string_view(secret));
    if (!key) return std::nullopt;
    const Digest digest = hmac_sha256(*key, id + "." + timestamp + "." + body);
    return "v1," + base64(bytes_of(digest));
}

std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.pop_back();
    return text;
}

std::string header_in(const std::string& headers, std::string_view name) {
    for (std::size_t at = 0; at < headers.size();) {
        const std::size_t end = std::min(headers.find('\n', at), headers.size());
        std::string line = headers.substr(at, end - at);
        at = end + 1;
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) continue;
        std::string found = line.substr(0, colon);
        std::transform(found.begin(), found.end(), found.begin(),
                       [](unsigned char c) { return char(std::tolower(c)); });
        if (found == name) return trimmed(line.substr(line.find_first_not_of(" \t", colon + 1)));
    }
    return {};
}

// Whether one of the signatures, blank-separated, is the right one.
bool holds(const std::string& given, const std::string& right) {
    for (std::size_t at = 0; at < given.size();) {
        const std::size_t end = std::min(given.find(' ', at), given.size());
        if (equal_in_constant_time(given.substr(at, end - at), right)) return true;
        at = end + 1;
    }
    return false;
}

int verify(Invocation& invocation) {
    const auto secret = content_of(invocation, invocation.value("--secret-file"));
    if (!secret) return invocation.exit_code;
    const auto body = content_of(invocation, invocation.value("--body"));
    if (!body) return invocation.exit_code;
    const auto headers = content_of(invocation, invocation.value("--headers"));
    if (!headers) return invocation.exit_code;
    const std::string given = header_in(*headers, "webhook-signature");
    const auto right = signature(trimmed(*secret), header_in(*headers, "webhook-id"),
                                 header_in(*headers, "webhook-timestamp"), *body);
    if (!right)
        return invocation.refuse(exit_usage, "the secret is not of the form whsec_… in base64");
    if (holds(given, *right)) {
        invocation.out() << "the signature is right\n";
        return exit_done;
    }
    invocation.out() << "the signature is wrong: "
                     << (given.empty()
                             ? "there is no webhook-signature header"
                             : "body, id, timestamp or secret differ from what was signed")
                     << "\n";
    return exit_failed;
}

HttpCall forwarded(const StreamedEvent& event, const std::string& to, const std::string& secret,
                   std::chrono::system_clock::time_point now) {
    const auto since_1970 = now.time_since_epoch();
    const std::string timestamp =
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(since_1970).count());
    const std::string id = text_at(event.data, "id");
    HttpCall call;
    call.request.method = "POST";
    call.request.target = to;
    call.request.body = event.data;
    call.request.headers.add("Content-Type", "application/cloudevents+json");
    call.request.headers.add("webhook-id", id);
    call.request.headers.add("webhook-timestamp", timestamp);
    call.request.headers.add("webhook-signature",
                             signature(secret, id, timestamp, event.data).value_or(""));
    return call;
}

// The same secret at each start with the same target, so that a receiver under development keeps
// working.
std::string secret_for(const std::string& to) {
    const Digest digest = sha256("msp webhook listen " + to);
    return "whsec_" + base64(bytes_of(digest).substr(0, 24));
}

int listen(Invocation& invocation) {
    const std::string to = invocation.value("--forward-to");
    const std::string secret = secret_for(to);
    invocation.err() << "forwarding events to " << to << "\nsigning secret " << secret
                     << " (for development; the same each time)\n";
    std::uint64_t left = invocation.number("--limit").value_or(0);
    return follow_events(invocation, [&](const StreamedEvent& event) {
        const auto answer = invocation.around().http(
            forwarded(event, to, secret, invocation.around().wall_clock()), {});
        const std::string came = answer ? std::to_string(answer->status) : answer.reason().what;
        invocation.out() << printable(event.id + "  " + text_at(event.data, "type") + "  " +
                                      text_at(event.data, "subject") + "  " + came)
                         << "\n"
                         << std::flush;
        return --left != 0;
    });
}

}  // namespace

static void add_endpoints(Commands& commands) {
    commands.push_back({"webhook",
                        "list",
                        {},
                        "list your endpoints",
                        look_flags,
                        {"msp webhook list"},
                        short_list_of("/v1/webhooks",
                                      {{"WEBHOOK", "id"},
                                       {"URL", "url"},
                                       {"STATE", "state"},
                                       {"POSITION", "position"},
                                       {"FAILING", "failing"}},
                                      "id")});
    commands.push_back({"webhook",
                        "get",
                        {"WEBHOOK"},
                        "show an endpoint",
                        {},
                        {"msp webhook get wh4k2m"},
                        one_thing("/v1/webhooks/{WEBHOOK}")});
    commands.push_back(
        {"webhook",
         "add",
         {"URL"},
         "be told at this URL; shows the signing secret this once",
         {{"--type", "TYPE", "only these, such as m2m.equipment.*; may be repeated", false, true},
          {"--after", "N", "begin behind this number of the feed (from now on)"},
          dry_run_flag},
         {"msp webhook add https://epba.example/hook"},
         call_of("POST", "/v1/webhooks",
                 {{"url", "URL"},
                  {"types", "--type", Kind::texts},
                  {"after", "--after", Kind::number}})});
    commands.push_back({"webhook",
                        "change",
                        {"WEBHOOK"},
                        "change an endpoint, or switch it on again",
                        {{"--url", "URL", "the new address"},
                         {"--enabled", "true|false", "whether events are sent"},
                         {"--type", "TYPE", "may be repeated", false, true},
                         dry_run_flag},
                        {"msp webhook change wh4k2m --enabled true"},
                        call_of("PATCH", "/v1/webhooks/{WEBHOOK}",
                                {{"url", "--url"},
                                 {"enabled", "--enabled", Kind::truth},
                                 {"types", "--type", Kind::texts}})});
}

static void add_changes(Commands& commands) {
    commands.push_back({"webhook",
                        "remove",
                        {"WEBHOOK"},
                        "remove an endpoint",
                        {dry_run_flag},
                        {"msp webhook remove wh4k2m"},
                        call_of("DELETE", "/v1/webhooks/{WEBHOOK}", {}, "removed")});
    commands.push_back({"webhook",
                        "rotate",
                        {"WEBHOOK"},
                        "replace the signing secret; both sign for 24 hours",
                        {dry_run_flag},
                        {"msp webhook rotate wh4k2m"},
                        call_of("POST", "/v1/webhooks/{WEBHOOK}:rotate", {})});
    commands.push_back({"webhook",
                        "test",
                        {"WEBHOOK"},
                        "send a test event",
                        {},
                        {"msp webhook test wh4k2m"},
                        delivery_of("/v1/webhooks/{WEBHOOK}:test")});
    commands.push_back({"webhook",
                        "replay",
                        {"WEBHOOK"},
                        "send again everything from a number on",
                        {{"--from", "N", "the first number", true}, dry_run_flag},
                        {"msp webhook replay wh4k2m --from 1200"},
                        call_of("POST", "/v1/webhooks/{WEBHOOK}:replay",
                                {{"from", "--from", Kind::number}}, "replaying")});
}

static void add_deliveries(Commands& commands) {
    commands.push_back(
        {"webhook",
         "deliveries",
         {"WEBHOOK"},
         "list what was sent and what came of it",
         joined({{"--state", "delivered|retrying|dead", "in this state"}}, list_flags),
         {"msp webhook deliveries wh4k2m --state dead"},
         list_of("/v1/webhooks/{WEBHOOK}/deliveries?state={--state}",
                 {{"NUMBER", "number"},
                  {"TYPE", "type"},
                  {"STATE", "state"},
                  {"ATTEMPTS", "attempts"},
                  {"STATUS", "status"},
                  {"AT", "at"}},
                 "number")});
    commands.push_back({"webhook",
                        "resend",
                        {"WEBHOOK", "NUMBER"},
                        "send one event again",
                        {dry_run_flag},
                        {"msp webhook resend wh4k2m 1217"},
                        delivery_of("/v1/webhooks/{WEBHOOK}/deliveries/{NUMBER}:resend")});
}

static void add_workbench(Commands& commands) {
    commands.push_back({"webhook",
                        "listen",
                        {},
                        "forward events to a receiver on this machine, signed like the real ones",
                        {{"--forward-to", "URL", "where to", true},
                         {"--after", "N", "begin behind this number"},
                         {"--type", "TYPE", "of these types, such as m2m.equipment.*"},
                         {"--limit", "N", "end after so many"}},
                        {"msp webhook listen --forward-to http://127.0.0.1:9000/hook"},
                        listen});
    commands.push_back({"webhook",
                        "verify",
                        {},
                        "check a signature, as a receiver would",
                        {{"--secret-file", "FILE", "holds whsec_…", true},
                         {"--body", "FILE", "as received", true},
                         {"--headers", "FILE", "one a line", true}},
                        {"msp webhook verify --secret-file s --body b.json --headers h.txt"},
                        verify});
}

void add_webhook_commands(Commands& commands) {
    add_endpoints(commands);
    add_changes(commands);
    add_deliveries(commands);
    add_workbench(commands);
}

}  // namespace msp::cli
