#include "cli/calls.hpp"
#include "cli/progress.hpp"
#include "cli/render.hpp"
#include "world/files.hpp"

#include <boost/json.hpp>

#include <future>
#include <istream>
#include <iterator>
#include <ostream>

namespace msp::cli {

namespace json = boost::json;

namespace {

const std::vector<Column> columns{{"ICCID", "card.iccid"},
                                  {"STATUS", "m2m_service.status"},
                                  {"PENDING", "pending"},
                                  {"CUSTOMER", "m2m_service.customer"},
                                  {"DEVICE", "device.device_id"},
                                  {"BATCH", "card.batch", true},
                                  {"OPERATOR", "network.operator", true},
                                  {"NETWORK", "network.observed", true}};

std::optional<std::string> content_of(Invocation& invocation, const std::string& file) {
    if (file == "-") return std::string(std::istreambuf_iterator<char>(invocation.around().in), {});
    auto content = read_file(file);
    if (content) return std::move(content).value();
    invocation.err() << "msp: " << content.reason().what << "\n";
    invocation.exit_code = exit_usage;
    return std::nullopt;
}

std::string target_of(const Invocation& invocation) {
    std::string target = fill(invocation,
                              "/v1/"
                              "card-batches?operator={--operator}&batch={--batch}&on_error={--on-"
                              "error}&check_digits={--check-digits}");
    if (invocation.has("--dry-run")) target += "&dry_run=true";
    if (invocation.has("--verify")) target += "&verify=true";
    return target;
}

// The rows done so far of a batch that is being registered; 0 while nothing is known.
std::int64_t rows_done(Invocation& invocation) {
    const auto answer = invocation.around().http(
        invocation.prepare("GET", fill(invocation, "/v1/card-batches/{--batch}"), {}), {});
    if (!answer || answer->status != 200) return 0;
    boost::system::error_code error;
    const json::value parsed = json::parse(answer->body, error);
    const json::value* done =
        error || !parsed.is_object() ? nullptr : parsed.get_object().if_contains("registered");
    return done && done->is_int64() ? done->get_int64() : 0;
}

void save_rejected_rows(Invocation& invocation, const json::object& report) {
    const json::value* link = report.if_contains("rejected_rows");
    if (!link || !link->is_string()) return;
    if (!invocation.has("--report")) {
        invocation.err() << "  all rejected rows with their reasons: msp card rejected "
                         << invocation.value("--batch") << "\n";
        return;
    }
    const auto rows = invocation.call("GET", std::string(link->get_string()));
    if (rows && write_file(invocation.value("--report"), rows->body))
        invocation.err() << "  rejected rows with their reasons: " << invocation.value("--report")
                         << "\n";
}

std::int64_t count(const json::object& report, std::string_view name) {
    const json::value* found = report.if_contains(name);
    return found && found->is_int64() ? found->get_int64() : 0;
}

void show_first_errors(Invocation& invocation, const json::object& report) {
    const json::value* errors = report.if_contains("first_errors");
    if (!errors || !errors->is_array()) return;
    for (const json::value& one : errors->get_array()) {
        const json::object& error = one.as_object();
        const auto text = [&error](std::string_view name) {
            const json::value* found = error.if_contains(name);
            return found && found->is_string() ? std::string(found->get_string()) : std::string();
        };
        invocation.err() << "  line " << count(error, "line") << ", " << text("column") << ": "
                         << text("reason");
        if (!text("suggestion").empty()) invocation.err() << " Suggestion: " << text("suggestion");
        invocation.err() << "\n";
    }
}

int show_report(Invocation& invocation, const HttpResponse& answer) {
    boost::system::error_code error;
    const json::value parsed = json::parse(answer.body, error);
    if (error || !parsed.is_object() || !parsed.get_object().contains("rows"))
        return invocation.show_failure(answer);
    const json::object& report = parsed.get_object();
    if (invocation.has("--output") && invocation.value("--output") != "table")
        invocation.show_object(answer.body, render_facts);
    else
        invocation.out() << "batch " << json::value_to<std::string>(report.at("batch")) << " "
                         << json::value_to<std::string>(report.at("state")) << ": "
                         << count(report, "rows") << " rows, " << count(report, "registered")
                         << " registered, " << count(report, "unchanged") << " unchanged, "
                         << count(report, "rejected") << " rejected\n";
    show_first_errors(invocation, report);
    save_rejected_rows(invocation, report);
    if (answer.status >= 300) return exit_failed;
    return count(report, "rejected") > 0 ? exit_partly : exit_done;
}

int import(Invocation& invocation) {
    const auto content = content_of(invocation, invocation.value("FILE"));
    if (!content) return invocation.exit_code;
    if (!invocation.has("--batch"))
        invocation.given["--batch"] = {"B-" + invocation.around().fresh_key().substr(0, 10)};
    HttpCall call = invocation.prepare("POST", target_of(invocation), *content);
    call.timeout = Duration(30 * 60'000);
    call.request.headers.set("Content-Type", "text/csv");
    auto answer =
        std::async(std::launch::async, [&] { return invocation.around().http(call, {}); });
    const std::int64_t rows = std::count(content->begin(), content->end(), '\n');
    Progress progress(invocation, "registering", rows);
    while (answer.wait_for(std::chrono::milliseconds(250)) != std::future_status::ready)
        if (!invocation.has("--dry-run")) progress.show(rows_done(invocation));
    const auto result = answer.get();
    progress.end();
    return result && (result->status < 300 || result->status == 422)
               ? show_report(invocation, *result)
               : invocation.show_failure(result);
}

int rejected(Invocation& invocation) {
    const auto answer =
        invocation.call("GET", fill(invocation, "/v1/card-batches/{BATCH}/rejected-rows"));
    if (answer) invocation.out() << answer->body;
    return invocation.exit_code;
}

int withdraw(Invocation& invocation) {
    if (!invocation.confirmed("All cards of the batch are withdrawn.", invocation.value("BATCH")))
        return invocation.exit_code;
    return call_of("DELETE", "/v1/card-batches/{BATCH}", {}, "withdrawn")(invocation);
}

int issue(Invocation& invocation) {
    if (!invocation.has("--batch"))
        return items_of("/v1/cards/issue", {{"to", "--to"}}, "ICCID", "iccids")(invocation);
    return items_of("/v1/card-batches/{--batch}/issue", {{"to", "--to"}}, "", "")(invocation);
}

void add_batches(Commands& commands) {
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
          {"--check-digits", "strict|warn", "how Luhn digits are taken"},
          {"--report", "FILE", "write the rejected rows with their reasons here"}},
         {"msp card import cards.csv --operator op-east --dry-run",
          "msp card import cards.csv --operator op-east --on-error skip --report bad.csv"},
         import});
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
                        {},
                        {"msp card withdraw B-2026-014"},
                        withdraw});
    commands.push_back({"card",
                        "issue",
                        {"[ICCID…]"},
                        "issue cards to a device provider, by ICCID or a whole batch",
                        {{"--to", "PARTY", "the device provider", true},
                         {"--batch", "BATCH", "all cards of this batch"}},
                        {"msp card issue --batch B-2026-014 --to modemworks"},
                        issue});
}

}  // namespace

void add_card_commands(Commands& commands) {
    add_batches(commands);
    commands.push_back({"card",
                        "list",
                        {},
                        "list the cards that you see",
                        joined({{"--batch", "BATCH", "of this batch"},
                                {"--status", "STATUS", "active, de-active or stopped"},
                                {"--operator", "OPERATOR", "of this operator"},
                                {"--imsi", "IMSI", "the one with this IMSI"},
                                {"--customer", "PARTY", "of this customer"},
                                {"--bound", "true|false", "in a device or not"}},
                               list_flags),
                        {"msp card list --batch B-2026-014 --bound false"},
                        list_of("/v1/"
                                "cards?batch={--batch}&status={--status}&operator={--operator}&"
                                "imsi={--imsi}&customer={--customer}&bound={--bound}",
                                columns, "card.iccid")});
    commands.push_back({"card",
                        "status",
                        {"ICCID"},
                        "show the whole chain of a card and who holds it",
                        {},
                        {"msp card status 89860326041777000192"},
                        one_chain("/v1/cards/{ICCID}")});
    commands.push_back(
        {"card",
         "activate",
         {"ICCID"},
         "switch the M2M service of a card on, for a test",
         joined({{"--until", "TIME", "the end of the test, in RFC 3339"}}, change_flags),
         {"msp card activate 89860326041777000192 --until 2026-12-01T18:00:00Z"},
         change_of("PUT", "/v1/cards/{ICCID}/m2m-service",
                   {{"status", "=active"}, {"until", "--until"}})});
    commands.push_back(
        {"card",
         "suspend",
         {"ICCID"},
         "switch the M2M service of a card off",
         change_flags,
         {"msp card suspend 89860326041777000192"},
         change_of("PUT", "/v1/cards/{ICCID}/m2m-service", {{"status", "=de-active"}})});
    const std::vector<Flag> reason{
        {"--reason", "CODE", "unpaid, contract, fraud, maintenance, law or other", true}};
    commands.push_back(
        {"card",
         "hold",
         {"ICCID"},
         "hold a card down, as the M2M SP",
         joined(joined(reason, {{"--text", "TEXT", "free words, kept with the reason"}}),
                change_flags),
         {"msp card hold 89860326041777000192 --reason fraud"},
         change_of("PUT", "/v1/cards/{ICCID}/hold/{--reason}", {{"text", "--text"}})});
    commands.push_back({"card",
                        "lift",
                        {"ICCID"},
                        "lift a hold of the M2M SP",
                        joined(reason, change_flags),
                        {"msp card lift 89860326041777000192 --reason fraud"},
                        change_of("DELETE", "/v1/cards/{ICCID}/hold/{--reason}", {})});
    commands.push_back({"card",
                        "check",
                        {"ICCID"},
                        "ask the operator now",
                        {change_flags[1]},
                        {"msp card check 89860326041777000192 --wait 10s"},
                        change_of("POST", "/v1/cards/{ICCID}:check", {})});
}

}  // namespace msp::cli
