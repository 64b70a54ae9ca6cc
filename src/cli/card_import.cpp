#include "cli/card_import.hpp"

#include "cli/answer.hpp"
#include "cli/calls.hpp"
#include "cli/progress.hpp"
#include "cli/render.hpp"
#include "cli/request.hpp"
#include "cli/show.hpp"
#include "cli/text.hpp"
#include "world/files.hpp"

#include <algorithm>
#include <future>
#include <ostream>

namespace msp::cli {

namespace {

std::string target_of(const Invocation& invocation) {
    std::string target = fill(invocation,
                              "/v1/card-batches?operator={--operator}&batch={--batch}"
                              "&on_error={--on-error}&check_digits={--check-digits}");
    if (invocation.has("--verify")) target = with_query(target, "verify", "true");
    return target;
}

// All lines but the header; the last may have no end.
std::int64_t rows_in(std::string_view csv) {
    const auto ends = std::count(csv.begin(), csv.end(), '\n');
    return ends - (csv.ends_with('\n') ? 1 : 0);
}

// The rows looked at so far; 0 while nothing is known.
std::int64_t rows_done(const Invocation& invocation, const HttpCall& look) {
    const auto answer = invocation.around().http(look, {});
    return answer && answer->status == 200 ? count_at(answer->body, "rows") : 0;
}

Result<HttpResponse, Failure> send(Invocation& invocation, const HttpCall& call,
                                   const HttpCall& look, std::int64_t rows) {
    auto answer =
        std::async(std::launch::async, [&] { return invocation.around().http(call, {}); });
    Progress progress(invocation, "registering", rows);
    while (answer.wait_for(std::chrono::milliseconds(250)) != std::future_status::ready)
        if (!invocation.dry_run()) progress.show(rows_done(invocation, look));
    progress.end();
    return answer.get();
}

void save_rejected_rows(Invocation& invocation, const std::string& report) {
    const std::string link = text_at(report, "rejected_rows");
    if (link.empty()) return;
    if (!invocation.has("--report")) {
        invocation.err() << "  all rejected rows with their reasons: msp card rejected "
                         << invocation.value("--batch") << "\n";
        return;
    }
    const auto rows = invocation.call("GET", link);
    if (!rows) return;
    const auto written = write_file(invocation.value("--report"), rows->body);
    if (written)
        invocation.err() << "  rejected rows with their reasons: " << invocation.value("--report")
                         << "\n";
    else
        invocation.refuse(exit_failed, written.reason().what);
}

void show_faults(Invocation& invocation, const std::string& report) {
    for (const std::string& one : items_at(report, "first_errors")) {
        const std::string column = text_at(one, "column");
        const std::string suggestion = text_at(one, "suggestion");
        invocation.err() << printable("  line " + text_at(one, "line") +
                                      (column.empty() ? "" : ", " + column) + ": " +
                                      text_at(one, "reason") +
                                      (suggestion.empty() ? "" : " " + suggestion))
                         << "\n";
    }
    for (const std::string& one : items_at(report, "warnings"))
        invocation.err() << printable("  " + text_at(one, "detail")) << "\n";
}

std::string summary(const std::string& report) {
    const auto text = [&report](std::string_view path) { return text_at(report, path); };
    return "batch " + text("batch") + " " + text("state") + ": " + text("rows") + " rows, " +
           text("registered") + " registered, " + text("unchanged") + " unchanged, " +
           text("rejected") + " rejected\n";
}

int show_report(Invocation& invocation, const HttpResponse& answer) {
    show_change(invocation, answer.body, summary);
    show_faults(invocation, answer.body);
    save_rejected_rows(invocation, answer.body);
    if (answer.status >= 300 || invocation.exit_code == exit_failed) return exit_failed;
    return count_at(answer.body, "rejected") > 0 ? exit_partly : exit_done;
}

}  // namespace

int import_cards(Invocation& invocation) {
    const auto content = content_of(invocation, invocation.value("FILE"));
    if (!content) return invocation.exit_code;
    if (!invocation.has("--batch"))
        invocation.given["--batch"] = {"B-" + invocation.around().fresh_key().substr(0, 10)};
    auto call = invocation.prepare("POST", target_of(invocation), *content);
    const auto look = invocation.prepare("GET", fill(invocation, "/v1/card-batches/{--batch}"), {});
    if (!call || !look) return invocation.exit_code;
    call->timeout = Duration(30 * 60'000);
    call->request.headers.set("Content-Type", "text/csv");
    const auto answer = send(invocation, *call, *look, rows_in(*content));
    const bool reported = answer && !text_at(answer->body, "rows").empty();
    return reported ? show_report(invocation, *answer) : invocation.show_failure(*call, answer);
}

}  // namespace msp::cli
