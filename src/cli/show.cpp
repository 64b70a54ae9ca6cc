#include "cli/show.hpp"

#include "cli/answer.hpp"
#include "cli/render.hpp"
#include "cli/text.hpp"

#include <ostream>

namespace msp::cli {

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

int show_list(Invocation& invocation, const std::string& items, const std::vector<Column>& columns,
              std::string_view id_path) {
    const bool terminal = invocation.around().terminal_out;
    const ListLook look{.format = invocation.format(),
                        .columns = columns,
                        .id_path = id_path,
                        .headers = !invocation.has("--no-headers"),
                        .width = terminal ? invocation.around().width : 0};
    invocation.out() << terminal_text(render_list(items, look), terminal);
    return exit_done;
}

int show_object(Invocation& invocation, const std::string& object,
                const std::function<std::string(const std::string&)>& text) {
    const std::string format = invocation.format();
    const std::string shown =
        format == "table" || format == "wide" ? text(object) : render_object(object, format);
    invocation.out() << terminal_text(shown, invocation.around().terminal_out);
    return exit_done;
}

}  // namespace msp::cli
