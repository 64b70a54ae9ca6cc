#include "cli/show.hpp"

#include "cli/answer.hpp"
#include "cli/json_path.hpp"
#include "cli/list_view.hpp"
#include "cli/render.hpp"
#include "cli/text.hpp"

#include <boost/json.hpp>

#include <ostream>

namespace msp::cli {

namespace json = boost::json;

std::string terminal_text(const std::string& text, bool terminal) {
    return terminal ? printable(text, Lines::kept) : text;
}

std::string problem_text(const std::string& body) {
    const auto member = [&body](std::string_view path) { return text_at(body, path); };
    const std::string detail = member("detail");
    const std::string sentence = detail.empty() ? member("title") : detail;
    if (sentence.empty()) return {};
    std::string out = "msp: " + sentence;
    if (const std::string code = member("code"); !code.empty()) out += " (" + code + ")";
    out += "\n";
    for (const std::string& error : items_at(body, "errors"))
        if (!text_at(error, "pointer").empty())
            out += "  " + text_at(error, "pointer") + ": " + text_at(error, "detail") + "\n";
    if (const std::string hint = member("hint"); !hint.empty()) out += "  next: " + hint + "\n";
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
