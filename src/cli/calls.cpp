#include "cli/calls.hpp"

#include "cli/answer.hpp"
#include "cli/render.hpp"
#include "cli/show.hpp"
#include "cli/text.hpp"

#include <algorithm>
#include <limits>
#include <ostream>

namespace msp::cli {

const std::vector<Flag> look_flags{
    {"--fields", "FIELD,…", "these columns only: titles, or members as status or card.iccid"},
    {"--sort", "FIELD", "order what is shown by this; -FIELD the other way round"}};
const std::vector<Flag> list_flags{{"--limit", "N", "at most so many (100)"},
                                   {"--all", "", "all there are"},
                                   look_flags[0],
                                   look_flags[1]};
const Flag wait_flag{"--wait", "DURATION", "wait so long until the network confirms, such as 30s"};
const Flag dry_run_flag{"--dry-run", "", "say what it would do, and do nothing"};
const std::vector<Flag> change_flags{dry_run_flag, wait_flag};
const std::vector<Column> event_columns{{"TIME", "time"},        {"TYPE", "type"},
                                        {"SUBJECT", "subject"},  {"BY", "data.actor.party"},
                                        {"CAUSE", "data.cause"}, {"SUMMARY", "data.summary"}};

std::vector<Flag> joined(std::vector<Flag> flags, const std::vector<Flag>& more) {
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
}

// ------------------------------------------------------------------------------------------- lists

namespace {

constexpr std::size_t standard_limit = 100;
constexpr std::size_t page_most = 1000;

struct Listed {
    std::vector<std::string> items;
    bool more = false;
};

// Pages until there are `wanted` items or no more; nothing when a call failed.
std::optional<Listed> read_pages(Invocation& invocation, const std::string& target,
                                 std::size_t wanted) {
    Listed out;
    std::string cursor;
    do {
        const std::size_t size = std::min(wanted - out.items.size(), page_most);
        std::string page = with_query(target, "limit", std::to_string(size));
        if (!cursor.empty()) page = with_query(page, "cursor", cursor);
        const auto answer = invocation.call("GET", page);
        if (!answer) return std::nullopt;
        for (std::string& item : items_at(answer->body, "items"))
            out.items.push_back(std::move(item));
        cursor = text_at(answer->body, "next_cursor");
    } while (!cursor.empty() && out.items.size() < wanted);
    out.more = !cursor.empty();
    return out;
}

std::string array_of(const std::vector<std::string>& items) {
    std::string out = "[";
    for (const std::string& item : items) out += (out.size() > 1 ? "," : "") + item;
    return out + "]";
}

std::size_t limit_of(const Invocation& invocation) {
    if (invocation.has("--all")) return std::numeric_limits<std::size_t>::max();
    const std::size_t given = invocation.number("--limit").value_or(standard_limit);
    return std::max<std::size_t>(given, 1);
}

}  // namespace

Run list_of(std::string_view path, std::vector<Column> columns, std::string_view id_path) {
    return [path, columns = std::move(columns), id_path](Invocation& invocation) {
        const auto listed = read_pages(invocation, fill(invocation, path), limit_of(invocation));
        if (!listed) return invocation.exit_code;
        const int code = show_list(invocation, array_of(listed->items), columns, id_path);
        if (listed->more)
            invocation.err() << listed->items.size()
                             << " shown, there are more: --limit N or --all\n";
        return code;
    };
}

Run short_list_of(std::string_view path, std::vector<Column> columns, std::string_view id_path) {
    return [path, columns = std::move(columns), id_path](Invocation& invocation) {
        const auto answer = invocation.call("GET", fill(invocation, path));
        if (!answer) return invocation.exit_code;
        return show_list(invocation, array_of(items_at(answer->body, "items")), columns, id_path);
    };
}

// --------------------------------------------------------------------------------------- one thing

Run one_chain(std::string_view path) {
    return [path](Invocation& invocation) {
        const auto answer = invocation.call("GET", fill(invocation, path));
        return answer ? show_object(invocation, answer->body, render_chain) : invocation.exit_code;
    };
}

Run one_thing(std::string_view path) {
    return [path](Invocation& invocation) {
        const auto answer = invocation.call("GET", fill(invocation, path));
        return answer ? show_object(invocation, answer->body, render_facts) : invocation.exit_code;
    };
}

// The body of a call; empty where none is sent.
static std::optional<std::string> body_of(Invocation& invocation, std::string_view method,
                                          const std::vector<Member>& members) {
    if (members.empty() || method == "DELETE") return std::string();
    return object_of(invocation, members);
}

Run call_of(std::string_view method, std::string_view path, std::vector<Member> body,
            std::string_view said) {
    return [method, path, body = std::move(body), said](Invocation& invocation) {
        const auto sent = body_of(invocation, method, body);
        if (!sent) return invocation.exit_code;
        const auto answer = invocation.call(method, fill(invocation, path), *sent);
        if (!answer) return invocation.exit_code;
        if (!said.empty() && !invocation.dry_run()) invocation.err() << said << "\n";
        return answer->body.empty() ? int(exit_done)
                                    : show_change(invocation, answer->body, render_facts);
    };
}

// ----------------------------------------------------------------------------------------- changes

// What a preview of a chain says: one sentence, and what would go to the operator.
static std::string foreseen_text(const std::string& preview) {
    const std::string order = text_at(preview, "order");
    return printable(text_at(preview, "sentence")) +
           "\norder to the operator: " + (order.empty() ? "none" : printable(order)) + "\n";
}

// A preview's own line, before all else; not every answer has it.
static std::string would_change_text(const std::string& preview) {
    const std::string would = text_at(preview, "would_change");
    return would.empty() ? "" : would == "true" ? "would change: yes\n" : "would change: no\n";
}

int show_change(Invocation& invocation, const std::string& answer,
                std::string (*text)(const std::string&)) {
    if (!invocation.dry_run()) return show_object(invocation, answer, text);
    const bool of_chain = !text_at(answer, "before").empty();
    if (!of_chain) invocation.err() << "dry run: nothing is done\n";
    return show_object(invocation, answer, [of_chain, text](const std::string& preview) {
        return would_change_text(preview) +
               (of_chain ? foreseen_text(preview)
                         : text(without_members(preview, {"would_change", "sentence"})));
    });
}

int send_change(Invocation& invocation, std::string_view method, const std::string& target,
                const std::string& body, const HttpHeaders& more) {
    const std::string wait = invocation.dry_run() ? "" : invocation.value("--wait");
    const auto answer = invocation.call(
        method, wait.empty() ? target : with_query(target, "wait", wait), body, more);
    if (!answer) return invocation.exit_code;
    const int shown = show_change(invocation, answer->body, render_chain);
    if (wait.empty() || !truth_at(answer->body, "pending")) return shown;
    return invocation.refuse(
        exit_timed_out, "not settled after " + wait + "; the change goes on",
        "look again: msp " + std::string(invocation.command().noun) + " status");
}

Run change_of(std::string_view method, std::string_view path, std::vector<Member> body) {
    return [method, path, body = std::move(body)](Invocation& invocation) {
        const auto sent = body_of(invocation, method, body);
        if (!sent) return invocation.exit_code;
        return send_change(invocation, method, fill(invocation, path), *sent);
    };
}

int send_after_confirmation(Invocation& invocation, const HttpResponse& seen,
                            const std::string& question, const std::string& name,
                            const std::string& target, const std::string& body) {
    invocation.err() << render_chain(seen.body);
    if (!invocation.confirmed(question, name)) return invocation.exit_code;
    HttpHeaders match;
    if (const auto revision = seen.headers.find("ETag"))
        match.set("If-Match", std::string(*revision));
    return send_change(invocation, "PUT", target, body, match);
}

// -------------------------------------------------------------------------------------------- many

static std::string counts_text(const std::string& answer) {
    return text_at(answer, "changed") + " changed, " + text_at(answer, "unchanged") +
           " unchanged, " + text_at(answer, "refused") + " refused\n";
}

static std::string foreseen_counts_text(const std::string& answer) {
    return text_at(answer, "changed") + " would change, " + text_at(answer, "unchanged") +
           " unchanged, " + text_at(answer, "refused") + " refused\n";
}

Run items_of(std::string_view path, std::vector<Member> body) {
    return [path, body = std::move(body)](Invocation& invocation) {
        const auto sent = object_of(invocation, body);
        if (!sent) return invocation.exit_code;
        const auto answer = invocation.call("POST", fill(invocation, path), *sent);
        if (!answer) return invocation.exit_code;
        const std::string& counts = answer->body;
        show_change(invocation, counts, invocation.dry_run() ? foreseen_counts_text : counts_text);
        for (const std::string& item : items_at(counts, "items"))
            if (text_at(item, "result") == "refused")
                invocation.err() << printable("  " + text_at(item, "item") + ": " +
                                              text_at(item, "detail") + " (" +
                                              text_at(item, "code") + ")")
                                 << "\n";
        return int(count_at(counts, "refused") == 0 ? exit_done : exit_partly);
    };
}

Run delivery_of(std::string_view path) {
    return [path](Invocation& invocation) {
        const auto answer = invocation.call("POST", fill(invocation, path));
        if (!answer) return invocation.exit_code;
        show_change(invocation, answer->body, render_facts);
        const bool fine = invocation.dry_run() || truth_at(answer->body, "delivered");
        return int(fine ? exit_done : exit_failed);
    };
}

}  // namespace msp::cli
