#include "api/routes.hpp"

#include "api/handlers.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace msp {

using enum Who;
using enum Role;

static constexpr std::string_view csv = "text/csv";

static constexpr Previewing by(std::string_view verb) {
    return {.verb = verb, .answer = {}, .never = {}};
}
static constexpr Previewing answering(std::string_view schema) {
    return {.verb = {}, .answer = schema, .never = {}};
}
static constexpr Previewing never(std::string_view why) {
    return {.verb = {}, .answer = {}, .never = why};
}

static constexpr Route table[] = {
    {"GET", "/livez", everyone, viewer, show_live, "The process runs.", "", "", "Health"},
    {"GET", "/readyz", everyone, viewer, show_ready,
     "It takes requests: its store can be read and is not latched.", "verbose", "", "Health"},
    {"GET", "/metrics", staff, viewer, show_metrics, "Metrics in the Prometheus text format.", "",
     "", "text/plain"},
    {"GET", "/openapi.json", everyone, viewer, show_openapi, "This document.", "", "", "OpenApi"},

    // ------------------------------------------------------------------------------- card batches
    {"POST", "/v1/card-batches", staff, op, import_cards,
     "Registers a batch of cards from a CSV file: all rows are checked before one is written.",
     "operator batch on_error dry_run verify check_digits", csv, "BatchReport", 201},
    {"GET", "/v1/card-batches", staff, viewer, list_batches, "The card batches, by name.",
     "limit cursor", "", "BatchList"},
    {"GET", "/v1/card-batches/{batch}", staff, viewer, get_batch, "One card batch.", "", "",
     "Batch"},
    {"GET", "/v1/card-batches/{batch}/rejected-rows", staff, viewer, get_rejected_rows,
     "The rows of the last import that were rejected, each with line, column, code, reason and "
     "suggestion; corrected, the file can be imported again.",
     "", "", csv},
    {"DELETE", "/v1/card-batches/{batch}", staff, op, withdraw_batch,
     "Withdraws a batch, as long as none of its cards was issued, switched or bound.", "", "",
     "BatchWithdrawal", 200, by("preview-withdraw")},
    {"POST", "/v1/card-batches/{batch}/issue", staff, op, issue_batch,
     "Issues all cards of a batch to a device provider, or takes them back.", "", "IssueTo",
     "ItemAnswers"},

    // -------------------------------------------------------------------------------------- cards
    {"POST", "/v1/cards/issue", staff, op, issue_cards,
     "Issues cards to a device provider, or takes them back; at most 1,000.", "", "CardIssue",
     "ItemAnswers"},
    {"GET", "/v1/cards", device_provider, viewer, list_cards, "The cards in your hands.",
     "limit cursor batch status.m2m imsi operator customer bound pending", "", "ChainList"},
    {"GET", "/v1/cards/{iccid}", device_provider, viewer, get_card,
     "A card with all that has joined it, who holds it, and who may lift that.", "", "", "Chain"},
    {"PUT", "/v1/cards/{iccid}/m2m-service", device_provider, op, switch_card,
     "Switches the M2M service of a card, for a test until a time if one is named.", "wait",
     "ServiceSwitch", "Chain"},
    {"POST", "/v1/cards/{iccid}:check", device_provider, op, check_card, "Asks the operator now.",
     "wait", "", "Chain"},
    {"POST", "/v1/cards/{iccid}:retry", staff, op, retry_card,
     "Sends the order again, in spite of the operator's hold.", "wait", "", "Chain"},
    {"PUT", "/v1/cards/{iccid}/hold/{code}", staff, op, put_card_hold,
     "Holds the M2M service of a card for a reason of the catalogue.", "wait", "HoldReason",
     "Chain"},
    {"DELETE", "/v1/cards/{iccid}/hold/{code}", staff, op, lift_card_hold,
     "Lifts one reason; others stay.", "wait", "", "Chain", 200, by("preview-lift")},

    // ------------------------------------------------------------------------------------ devices
    {"GET", "/v1/devices", party, viewer, list_devices, "The devices in your hands.",
     "limit cursor status.m2m customer held_by pending", "", "ChainList"},
    {"POST", "/v1/devices/handover", party, op, hand_over_devices,
     "Hands devices over to an equipment provider, or back; at most 1,000.", "", "Handover",
     "ItemAnswers"},
    {"GET", "/v1/devices/{device_id}", party, viewer, get_device,
     "A device with its card and equipment, who holds it, and who may lift that.", "", "", "Chain"},
    {"PUT", "/v1/devices/{device_id}/m2m-service", party, op, switch_device,
     "Switches the M2M service of a device before its equipment service is active.", "wait",
     "ServiceSwitch", "Chain"},
    {"POST", "/v1/devices/{device_id}:check", party, op, check_device, "Asks the operator now.",
     "wait", "", "Chain"},
    {"POST", "/v1/devices/{device_id}:retry", staff, op, retry_device,
     "Sends the order again, in spite of the operator's hold.", "wait", "", "Chain"},
    {"PUT", "/v1/devices/{device_id}/hold/{code}", staff, op, put_device_hold,
     "Holds the M2M service of a device for a reason of the catalogue.", "wait", "HoldReason",
     "Chain"},
    {"DELETE", "/v1/devices/{device_id}/hold/{code}", staff, op, lift_device_hold,
     "Lifts one reason; others stay.", "wait", "", "Chain", 200, by("preview-lift")},

    // ---------------------------------------------------------------------------------- equipment
    {"GET", "/v1/equipment", equipment_provider, viewer, list_equipment,
     "The equipment of a provider; the M2M service provider names one or sees all that has a "
     "device.",
     "limit cursor status.equipment provider", "", "ChainList"},
    {"GET", "/v1/equipment/{equipment_id}", equipment_provider, viewer, get_equipment,
     "An equipment with its device, who holds its service, and who may lift that.", "provider", "",
     "Chain"},
    {"PUT", "/v1/equipment/{equipment_id}", equipment_provider, op, put_equipment,
     "Registers an equipment, or gives it another name and other labels.", "", "EquipmentCard",
     "Chain", 200, answering("Chain")},
    {"PUT", "/v1/equipment/{equipment_id}/service", equipment_provider, op, switch_equipment,
     "Switches the equipment service: active installs and resumes, de-active suspends, stopped and "
     "replaced end the device they name.",
     "wait provider", "EquipmentSwitch", "Chain"},
    {"POST", "/v1/equipment/{equipment_id}:check", equipment_provider, op, check_equipment,
     "Asks the operator now.", "wait provider", "", "Chain"},
    {"POST", "/v1/equipment/{equipment_id}:retry", staff, op, retry_equipment,
     "Sends the order again, in spite of the operator's hold.", "wait provider", "", "Chain"},
    {"POST", "/v1/equipment/{equipment_id}:unbind", equipment_provider, op, unbind_equipment,
     "Takes a wrong equipment ID off a device, as long as its service was never active.",
     "provider", "", "Chain"},

    // ----------------------------------------------------------------------- reports, claims
    {"POST", "/v1/device-reports", device, viewer, report_device,
     "A device reports its card, or the equipment it was built into.", "", "DeviceReport",
     "DeviceReportResult", 200, never("what a device says is so, not a wish")},
    {"GET", "/v1/claims", party, viewer, list_claims, "Reports that were refused, yours to decide.",
     "limit cursor state.claim", "", "ClaimList"},
    {"GET", "/v1/claims/{id}", party, viewer, get_claim, "One claim, as received.", "", "",
     "Claim"},
    {"POST", "/v1/claims/{id}:accept", party, op, accept_claim,
     "Accepts the claim: it is decided again, without asking for the window.", "", "", "Claim"},
    {"POST", "/v1/claims/{id}:dismiss", party, op, dismiss_claim, "Dismisses the claim.", "", "",
     "Claim"},

    // ---------------------------------------------------------------------------------- operators
    {"POST", "/v1/operators/{operator}/events", network_operator, viewer, hear_operator_event,
     "An operator reports, in its own form.", "", "application/json", "", 204,
     never("what an operator says is so, not a wish")},
    {"GET", "/v1/operators", staff, viewer, list_operators, "The operators and how they fare.", "",
     "", "OperatorList"},
    {"GET", "/v1/operators/{operator}", staff, viewer, get_operator,
     "One operator: its settings, queue, answers and audit.", "", "", "Operator"},
    {"PUT", "/v1/operators/{operator}", staff, admin, put_operator,
     "Connects an operator, or changes how it is talked to; secrets left out are kept.", "",
     "OperatorSettings", "Operator"},
    {"GET", "/v1/operators/{operator}/drift", staff, viewer, show_drift,
     "Subscriptions whose observed state is not the confirmed one.", "limit cursor", "",
     "ChainList"},
    {"POST", "/v1/operators/{operator}:pause", staff, op, pause_operator,
     "Sends nothing more to the operator until resumed; what comes is taken in.", "", "Pause",
     "Operator"},
    {"POST", "/v1/operators/{operator}:resume", staff, op, resume_operator, "Sends again.", "", "",
     "Operator"},
    {"POST", "/v1/operators/{operator}:audit", staff, op, audit_operator,
     "Begins to compare all subscriptions with the operator's list.", "", "AuditBegin", "Operator"},
    {"POST", "/v1/operators/{operator}:retry", staff, op, retry_operator,
     "Sends all parked orders of the operator again.", "", "", "RetryResult"},

    // ------------------------------------------------------------------------------------- events
    {"GET", "/v1/events", party, viewer, list_events, "Your feed, from a number on.",
     "after cursor limit type", "", "EventList"},
    {"GET", "/v1/events/stream", party, viewer, stream_events,
     "Your feed as server-sent events; resumes by Last-Event-ID.", "after type", "",
     "text/event-stream"},
    {"GET", "/v1/history", party, viewer, list_history,
     "What happened: staff see all; a party what its feed had, or one of its objects.",
     "chain equipment device card provider type after.history cursor limit", "", "EventList"},
    {"GET", "/v1/webhooks", party, admin, list_webhooks, "Your webhook endpoints.", "", "",
     "WebhookList"},
    {"POST", "/v1/webhooks", party, admin, add_webhook,
     "Adds an endpoint; its secret is shown this once.", "", "WebhookNew", "Webhook", 201},
    {"GET", "/v1/webhooks/{id}", party, admin, get_webhook, "One endpoint.", "", "", "Webhook"},
    {"PATCH", "/v1/webhooks/{id}", party, admin, change_webhook, "Changes an endpoint.", "",
     "WebhookChange", "Webhook"},
    {"DELETE", "/v1/webhooks/{id}", party, admin, remove_webhook, "Removes an endpoint.", "", "",
     "", 204, by("preview-remove")},
    {"POST", "/v1/webhooks/{id}:rotate", party, admin, rotate_webhook,
     "A new secret, shown this once; the old one signs too for 24 hours.", "", "", "Webhook"},
    {"POST", "/v1/webhooks/{id}:test", party, admin, test_webhook, "Delivers a test event now.", "",
     "", "Attempt", 200, never("it is a trial itself: nothing of it is kept")},
    {"POST", "/v1/webhooks/{id}:replay", party, admin, replay_webhook,
     "Delivers again from a number of the feed on.", "", "Replay", "Webhook"},
    {"GET", "/v1/webhooks/{id}/deliveries", party, admin, list_deliveries,
     "What was delivered, what waits, what was given up.", "state.delivery limit cursor", "",
     "DeliveryList"},
    {"POST", "/v1/webhooks/{id}/deliveries/{number}:resend", party, admin, resend_delivery,
     "Delivers one event again.", "", "", "Attempt", 200, answering("")},

    // ----------------------------------------------------------------------------- parties, keys
    {"GET", "/v1/parties", staff, viewer, list_parties, "The parties of the platform.",
     "limit cursor", "", "PartyList"},
    {"POST", "/v1/parties", staff, op, add_party,
     "Registers a party; its enrolment key is shown this once.", "", "PartyNew", "Party", 201},
    {"GET", "/v1/parties/{party}", staff, viewer, get_party, "One party.", "", "", "Party"},
    {"PATCH", "/v1/parties/{party}", staff, op, change_party,
     "Renames, closes or opens a party, adds device prefixes, renews the enrolment key.", "",
     "PartyChange", "Party"},
    {"GET", "/v1/me", party, viewer, show_me, "Who this key is.", "", "", "Me"},
    {"GET", "/v1/keys", party, admin, list_keys, "The keys of your party.", "party", "", "KeyList"},
    {"POST", "/v1/keys", party, admin, add_key, "Makes a key; its token is shown this once.", "",
     "KeyNew", "Key", 201},
    {"DELETE", "/v1/keys/{id}", party, admin, remove_key, "Revokes a key.", "party", "", "", 204,
     by("preview-revoke")},
    {"GET", "/v1/holds/catalogue", party, viewer, show_hold_catalogue,
     "Every reason for a hold: what it says, and who lifts it.", "", "", "HoldCatalogue"},
    {"GET", "/v1/refusals", party, viewer, show_refusals,
     "Every way in which a rule says no: status, sentence and next step.", "", "", "RefusalTable"},
};

static constexpr RouteParameter parameters[] = {
    {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})",
     "How many items a page has at most."},
    {"cursor", R"({"type":"string"})", "`next_cursor` of the page before, for the same query."},
    {"wait", R"({"type":"string","pattern":"^[0-9]+(ms|s)$","examples":["5s"]})",
     "Answers once the change is settled, or after this time (at most 60s) as it is then."},
    {"provider", R"({"$ref":"#/components/schemas/PartyId"})",
     "The equipment provider; the M2M service provider names it."},
    {"party", R"({"$ref":"#/components/schemas/PartyId"})",
     "The party; the M2M service provider may name another than itself."},
    {"operator", R"({"$ref":"#/components/schemas/OperatorId"})", "The operator."},
    {"batch", R"({"$ref":"#/components/schemas/BatchId"})", "The name of the card batch."},
    {"on_error", R"({"type":"string","enum":["reject","skip"],"default":"reject"})",
     "One bad row rejects the whole file, or only itself."},
    {"dry_run", R"({"type":"boolean","default":false})", "Checks all rows and writes nothing."},
    {"verify", R"({"type":"boolean","default":false})",
     "Reads the network state of each card back, instead of taking it as de-active."},
    {"check_digits", R"({"type":"string","enum":["strict","warn"],"default":"strict"})",
     "Whether a wrong check digit of an ICCID or EID rejects the row."},
    {"status.m2m", R"({"type":"string","enum":["active","de-active","stopped"]})",
     "The status of the M2M service."},
    {"status.equipment", R"({"type":"string","enum":["active","de-active","stopped","replaced"]})",
     "The status of the equipment service."},
    {"imsi", R"({"$ref":"#/components/schemas/Imsi"})", "The IMSI."},
    {"customer", R"({"$ref":"#/components/schemas/PartyId"})",
     "The party that uses the M2M service."},
    {"bound", R"({"type":"boolean"})", "Whether the card is in a device."},
    {"held_by", R"({"type":"string","enum":["customer","m2m-sp","operator"]})",
     "Held by this holder."},
    {"pending", R"({"type":"boolean"})", "Whether something is under way with the operator."},
    {"state.claim", R"({"type":"string","enum":["open","accepted","dismissed"]})",
     "The state of the claim."},
    {"state.delivery", R"({"type":"string"})", "The state of the delivery."},
    {"after", R"({"type":"integer","minimum":0})", "The number of the last event you have."},
    {"after.history", R"({"type":"string"})", "`next_cursor` of the page before."},
    {"type", R"({"type":"string","examples":["m2m.equipment.*"]})",
     "Types of events, comma-separated; `*` at the end stands for all that begin so."},
    {"chain", R"({"type":"string","pattern":"^[0-9]+$"})", "The number of a chain."},
    {"equipment", R"({"$ref":"#/components/schemas/EquipmentId"})", "An equipment."},
    {"device", R"({"$ref":"#/components/schemas/DeviceId"})", "A device."},
    {"card", R"({"$ref":"#/components/schemas/Iccid"})", "A card."},
    {"verbose", R"({"type":"string"})", "Names each part."},
};

std::span<const RouteParameter> route_parameters() {
    return parameters;
}

bool is_media_type(std::string_view schema_or_type) {
    return schema_or_type.find('/') != std::string_view::npos;
}

bool changes_something(const Route& route) {
    const bool asks = route.method == "GET" || route.method == "HEAD";
    return !asks && route.of == nullptr;
}

// ---------------------------------------------------------------------------------------- previews

namespace {

// What a preview has no use for: it changes nothing that one could wait for, and is a dry run.
constexpr std::string_view not_of_previews[] = {"wait", "dry_run"};

// "/v1/x" is asked at "/v1/x:preview", "/v1/x:unbind" at "/v1/x:preview-unbind".
std::string path_of_preview(const Route& row) {
    const std::size_t verb = row.path.find(':', row.path.rfind('/'));
    std::string out(row.path.substr(0, verb));
    if (!row.preview.verb.empty()) return out.append(":").append(row.preview.verb);
    out.append(":preview");
    return verb == std::string_view::npos ? out : out.append("-").append(row.path.substr(verb + 1));
}

std::string query_of_preview(const Route& row) {
    std::string out;
    for_each_word(row.query, [&out](std::string_view key) {
        const auto end = std::end(not_of_previews);
        if (std::find(std::begin(not_of_previews), end, key) != end) return;
        out.append(out.empty() ? "" : " ").append(key);
    });
    return out;
}

// The rows as written, each followed by its preview, and the words that were made for them.
class WholeTable {
public:
    WholeTable() {
        for (const Route& row : table) {
            rows_.push_back(row);
            if (changes_something(row) && row.preview.never.empty()) add_preview(row);
        }
    }
    std::span<const Route> rows() const { return rows_; }

private:
    void add_preview(const Route& row) {
        Route preview = row;
        preview.method = "POST";
        preview.path = kept(path_of_preview(row));
        preview.query = kept(query_of_preview(row));
        preview.summary =
            kept("What this would do, and nothing is done: " + std::string(row.summary));
        preview.answer =
            row.preview.answer.value_or(row.answer == "Chain" ? "Preview" : row.answer);
        preview.status = 200;
        preview.of = &row;
        rows_.push_back(preview);
    }
    std::string_view kept(std::string text) { return texts_.emplace_back(std::move(text)); }

    std::vector<Route> rows_;
    std::deque<std::string> texts_;
};

}  // namespace

std::span<const Route> routes() {
    static const WholeTable whole;
    return whole.rows();
}

}  // namespace msp
