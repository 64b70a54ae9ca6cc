#include "cli/calls.hpp"

#include "cli/card_import.hpp"
#include "cli/show.hpp"

#include <ostream>

namespace msp::cli {

namespace {

const std::vector<Column> columns{{"ICCID", "card.iccid"},
                                  {"STATUS", "m2m_service.status"},
                                  {"PENDING", "pending"},
                                  {"CUSTOMER", "m2m_service.customer"},
                                  {"DEVICE", "device.device_id"},
                                  {"BATCH", "card.batch", true},
                                  {"OPERATOR", "network.operator", true},
                                  {"NETWORK", "network.observed", true}};

constexpr std::string_view service = "/v1/cards/{ICCID}/m2m-service";

int rejected(Invocation& invocation) {
    const auto answer =
        invocation.call("GET", fill(invocation, "/v1/card-batches/{BATCH}/rejected-rows"));
    if (answer) invocation.out() << terminal_text(answer->body, invocation.around().terminal_out);
    return invocation.exit_code;
}

int withdraw(Invocation& invocation) {
    if (!invocation.dry_run() &&
        !invocation.confirmed("All cards of the batch are withdrawn.", invocation.value("BATCH")))
        return invocation.exit_code;
    return call_of("DELETE", "/v1/card-batches/{BATCH}", {}, "withdrawn")(invocation);
}

int stop(Invocation& invocation) {
    const std::string body = R"({"status":"stopped"})";
    if (invocation.dry_run())
        return send_change(invocation, "PUT", fill(invocation, service), body);
    const auto seen = invocation.call("GET", fill(invocation, "/v1/cards/{ICCID}"));
    if (!seen) return invocation.exit_code;
    return send_after_confirmation(
        invocation, *seen, "Its M2M service stops for ever and its IMSI goes back to the operator.",
        invocation.value("ICCID"), fill(invocation, service), body);
}

const Flag reason{"--reason", "unpaid|contract|fraud|maintenance|law|other", "why", true};

int issue(Invocation& invocation) {
    if (invocation.has("--batch") == invocation.has("ICCID"))
        return invocation.refuse(exit_usage, "name cards, or a batch with --batch");
    if (invocation.has("--batch"))
        return items_of("/v1/card-batches/{--batch}/issue", {{"to", "--to"}})(invocation);
    return items_of("/v1/cards/issue",
                    {{"iccids", "ICCID", Kind::texts}, {"to", "--to"}})(invocation);
}

void add_registration(Commands& commands) {
    commands.push_back(
        {"card",
         "import",
         {"FILE"},
         "register a batch of cards from a CSV file (- reads standard input)",
         {{"--operator", "OPERATOR", "whose cards they are", true},
          {"--batch", "BATCH", "the batch's name (one is made up)"},
          {"--on-error", "reject|skip", "all or nothing (reject), or the good rows only"},
          {"--dry-run", "", "check everything, register nothing"},
          {"--verify", "", "read each card's network state back from the operator"},
          {"--check-digits", "strict|warn", "whether a wrong check digit rejects the row (strict)"},
          {"--report", "FILE", "write the rejected rows with their reasons here"}},
         {"msp card import cards.csv --operator op-east --dry-run",
          "msp card import cards.csv --operator op-east --on-error skip --report bad.csv"},
         import_cards});
    commands.push_back({"card",
                        "batches",
                        {},
                        "list the batches",
                        list_flags,
                        {"msp card batches"},
                        list_of("/v1/card-batches",
                                {{"BATCH", "batch"},
                                 {"OPERATOR", "operator"},
                                 {"STATE", "state"},
                                 {"ROWS", "rows"},
                                 {"REGISTERED", "registered"},
                                 {"REJECTED", "rejected"}},
                                "batch")});
}

void add_batch_work(Commands& commands) {
    commands.push_back({"card",
                        "batch",
                        {"BATCH"},
                        "show a batch",
                        {},
                        {"msp card batch B-2026-014"},
                        one_thing("/v1/card-batches/{BATCH}")});
    commands.push_back({"card",
                        "rejected",
                        {"BATCH"},
                        "print the rejected rows of a batch with their reasons, as CSV",
                        {},
                        {"msp card rejected B-2026-014"},
                        rejected});
    commands.push_back({"card",
                        "withdraw",
                        {"BATCH"},
                        "withdraw a batch while none of its cards is in use",
                        {dry_run_flag},
                        {"msp card withdraw B-2026-014"},
                        withdraw});
    commands.push_back({"card",
                        "issue",
                        {"[ICCID…]"},
                        "issue cards to a device provider, by ICCID or a whole batch",
                        {{"--to", "PARTY", "the device provider", true},
                         {"--batch", "BATCH", "all cards of this batch"},
                         dry_run_flag},
                        {"msp card issue --batch B-2026-014 --to modemworks"},
                        issue});
}

void add_batches(Commands& commands) {
    add_registration(commands);
    add_batch_work(commands);
}

}  // namespace

static void add_looks(Commands& commands) {
    commands.push_back({"card",
                        "list",
                        {},
                        "list the cards that you see",
                        joined({{"--batch", "BATCH", "of this batch"},
                                {"--status", "active|de-active|stopped", "in this status"},
                                {"--operator", "OPERATOR", "of this operator"},
                                {"--imsi", "IMSI", "the one with this IMSI"},
                                {"--customer", "PARTY", "of this customer"},
                                {"--bound", "true|false", "in a device or not"},
                                {"--pending", "true|false", "waiting for the operator"}},
                               list_flags),
                        {"msp card list --batch B-2026-014 --bound false"},
                        list_of("/v1/cards?batch={--batch}&status={--status}"
                                "&operator={--operator}&imsi={--imsi}&customer={--customer}"
                                "&bound={--bound}&pending={--pending}",
                                columns, "card.iccid")});
    commands.push_back({"card",
                        "status",
                        {"ICCID"},
                        "show the whole chain of a card and who holds it",
                        {},
                        {"msp card status 89860326041777000193"},
                        one_chain("/v1/cards/{ICCID}")});
}

static void add_switches(Commands& commands) {
    commands.push_back(
        {"card",
         "activate",
         {"ICCID"},
         "switch the M2M service of a card on, for a test",
         joined({{"--until", "TIME", "the end of the test, in RFC 3339"}}, change_flags),
         {"msp card activate 89860326041777000193 --until 2026-12-01T18:00:00Z"},
         change_of("PUT", service, {{"status", "=active"}, {"until", "--until"}})});
    commands.push_back({"card",
                        "suspend",
                        {"ICCID"},
                        "switch the M2M service of a card off",
                        change_flags,
                        {"msp card suspend 89860326041777000193"},
                        change_of("PUT", service, {{"status", "=de-active"}})});
    commands.push_back(
        {"card",
         "hold",
         {"ICCID"},
         "hold a card down, as the M2M SP",
         joined({reason,
                 {"--text", "TEXT", "free words, kept with the reason"},
                 {"--follows-equipment", "", "the reason survives a replacement of the device"}},
                change_flags),
         {"msp card hold 89860326041777000193 --reason fraud"},
         change_of(
             "PUT", "/v1/cards/{ICCID}/hold/{--reason}",
             {{"text", "--text"}, {"follows_equipment", "--follows-equipment", Kind::truth}})});
}

static void add_holds(Commands& commands) {
    commands.push_back({"card",
                        "lift",
                        {"ICCID"},
                        "lift a hold of the M2M SP",
                        joined({reason}, change_flags),
                        {"msp card lift 89860326041777000193 --reason fraud"},
                        change_of("DELETE", "/v1/cards/{ICCID}/hold/{--reason}", {})});
    commands.push_back({"card",
                        "check",
                        {"ICCID"},
                        "ask the operator now",
                        change_flags,
                        {"msp card check 89860326041777000193 --wait 10s"},
                        change_of("POST", "/v1/cards/{ICCID}:check", {})});
}

static void add_rest(Commands& commands) {
    commands.push_back({"card",
                        "stop",
                        {"ICCID"},
                        "stop the M2M service of a card for ever, as the M2M SP",
                        change_flags,
                        {"msp card stop 89860326041777000193"},
                        stop});
    commands.push_back({"card",
                        "retry",
                        {"ICCID"},
                        "send the order again, in spite of the operator's hold",
                        change_flags,
                        {"msp card retry 89860326041777000193"},
                        change_of("POST", "/v1/cards/{ICCID}:retry", {})});
    commands.push_back({"card",
                        "history",
                        {"ICCID"},
                        "show what happened to a card",
                        list_flags,
                        {"msp card history 89860326041777000193"},
                        list_of("/v1/history?card={ICCID}", event_columns, "id")});
}

void add_card_commands(Commands& commands) {
    add_batches(commands);
    add_looks(commands);
    add_switches(commands);
    add_holds(commands);
    add_rest(commands);
}

}  // namespace msp::cli
