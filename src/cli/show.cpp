#include "cli/show.hpp"

#include "cli/answer.hpp"
#include "cli/help.hpp"
#include "cli/json_path.hpp"
#include "cli/list_view.hpp"
#include "cli/render.hpp"
#include "cli/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <ostream>

namespace msp::cli {

namespace json = boost::json;

std::string terminal_text(const std::string& text, bool terminal) {
    return terminal ? printable(text, Lines::kept) : text;
}

// The flag of a command that a member of the body or a parameter of the query comes from.
static const Flag* flag_of(const Invocation& invocation, std::string name) {
    if (name.empty()) return nullptr;
    std::replace(name.begin(), name.end(), '_', '-');
    name = "--" + name.substr(1);
    for (const Flag& flag : invocation.command().flags)
        if (flag.name == name) return &flag;
    return nullptr;
}

static std::string shown_pointer(const Invocation& invocation, const std::string& pointer) {
    const Flag* flag = flag_of(invocation, pointer);
    return flag ? std::string(flag->name) : pointer;
}

// A hint that sends to the members at fault says nothing where they are shown already.
static std::string next_step(const std::string& body, const Invocation& invocation) {
    std::string hint = text_at(body, "hint");
    if (hint.find("`errors`") == std::string::npos) return hint;
    for (const std::string& error : items_at(body, "errors"))
        if (const Flag* flag = flag_of(invocation, text_at(error, "pointer")))
            return std::string(invocation.has(flag->name) ? "change " : "add ")
                .append(flag->name)
                .append(flag->form.empty() ? "" : " ")
                .append(flag->form);
    return "msp " + words_of(invocation.command()) + " --help";
}

std::string problem_text(const Invocation& invocation, const std::string& body) {
    const auto member = [&body](std::string_view path) { return text_at(body, path); };
    const std::string detail = member("detail");
    const std::string sentence = detail.empty() ? member("title") : detail;
    if (sentence.empty()) return {};
    std::string out = "msp: " + sentence;
    if (const std::string code = member("code"); !code.empty()) out += " (" + code + ")";
    out += "\n";
    for (const std::string& error : items_at(body, "errors"))
        if (!text_at(error, "pointer").empty())
            out += "  " + shown_pointer(invocation, text_at(error, "pointer")) + ": " +
                   text_at(error, "detail") + "\n";
    if (const std::string next = next_step(body, invocation); !next.empty())
        out += "  next: " + next + "\n";
    if (const std::string trace = member("trace_id"); !trace.empty())
        out += "  trace: " + trace + "\n";
    return out;
}

std::string problem_of(std::string_view code, const std::string& what, const std::string& next) {
    json::object out{{"type", "about:blank"}, {"code", code}, {"detail", what}};
    if (!next.empty()) out["hint"] = next;
    return json::serialize(out);
}

// --fields chooses columns, which only these formats have.
static bool has_columns(std::string_view format) {
    return format == "table" || format == "wide" || format == "csv";
}

int show_list(Invocation& invocation, const std::string& items, const std::vector<Column>& columns,
              std::string_view id_path) {
    const bool terminal = invocation.around().terminal_out;
    const std::string fields = invocation.value("--fields");
    const std::string by = invocation.value("--sort");
    if (!fields.empty() && !has_columns(invocation.format()))
        return invocation.refuse(exit_usage, "--fields chooses columns of table, wide and csv",
                                 "leave it out; jq picks members of JSON");
    json::array list;
    if (const auto read = parsed(items); read && read->is_array()) list = read->get_array();
    if (const auto unknown = unknown_field(list, columns, fields, by))
        return invocation.refuse(exit_usage, "there is no field " + *unknown,
                                 "fields are the columns, and what -o json shows, with dots");
    if (!by.empty()) sort_items(list, columns, by);
    const ListLook look{.format = invocation.format(),
                        .columns = fields.empty() ? columns : chosen_columns(columns, fields),
                        .id_path = id_path,
                        .headers = !invocation.has("--no-headers"),
                        .width = terminal ? invocation.around().width : 0};
    invocation.out() << terminal_text(render_list(json::serialize(list), look), terminal);
    return exit_done;
}

// Where the layer of a chain that a noun is about has its name.
static std::string_view id_path_of(std::string_view noun) {
    if (noun == "equipment") return "equipment.equipment_id";
    if (noun == "device") return "device.device_id";
    return noun == "card" ? "card.iccid" : "";
}

int show_object(Invocation& invocation, const std::string& object,
                const std::function<std::string(const std::string&)>& text) {
    const std::string format = invocation.format();
    const std::string shown =
        format == "table" || format == "wide"
            ? text(object)
            : render_object(object, format, id_path_of(invocation.command().noun));
    invocation.out() << terminal_text(shown, invocation.around().terminal_out);
    return exit_done;
}

}  // namespace msp::cli
