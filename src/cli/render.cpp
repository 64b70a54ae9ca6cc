#include "cli/render.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace msp::cli {

namespace json = boost::json;

namespace {

const json::value* at_path(const json::value& from, std::string_view path) {
    const json::value* at = &from;
    while (!path.empty() && at) {
        const std::size_t dot = std::min(path.find('.'), path.size());
        at = at->is_object() ? at->get_object().if_contains(path.substr(0, dot)) : nullptr;
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return at;
}

std::string plain(const json::value* value) {
    if (!value || value->is_null()) return {};
    if (value->is_string()) return std::string(value->get_string());
    if (!value->is_array()) return json::serialize(*value);
    std::string out;
    for (const json::value& one : value->get_array()) {
        if (!out.empty()) out += ", ";
        out += plain(&one);
    }
    return out;
}

std::string text_at(const json::value& from, std::string_view path) {
    return plain(at_path(from, path));
}

// Characters, not bytes: UTF-8 continuation bytes take no room.
std::size_t shown_width(std::string_view text) {
    return std::size_t(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string cut(std::string text, std::size_t width) {
    if (width == 0 || shown_width(text) <= width) return text;
    std::size_t at = 0, seen = 0;
    while (at < text.size() && seen + 1 < width) {
        ++at;
        while (at < text.size() && (text[at] & 0xC0) == 0x80) ++at;
        ++seen;
    }
    return text.substr(0, at) + "…";
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                    unsigned width) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out += cells[i];
        if (i + 1 < cells.size()) out += std::string(widths[i] - shown_width(cells[i]) + 2, ' ');
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return cut(out, width) + "\n";
}

std::string table_of(const json::array& items, const ListLook& look) {
    std::vector<std::vector<std::string>> rows;
    std::vector<Column> shown;
    for (const Column& column : look.columns)
        if (!column.wide || look.format == "wide") shown.push_back(column);
    if (look.headers) {
        rows.emplace_back();
        for (const Column& column : shown) rows.back().emplace_back(column.title);
    }
    for (const json::value& item : items) {
        rows.emplace_back();
        for (const Column& column : shown) rows.back().push_back(text_at(item, column.path));
    }
    std::vector<std::size_t> widths(shown.size());
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], shown_width(row[i]));
    std::string out;
    for (const auto& row : rows) out += line_of(row, widths, look.width);
    return out;
}

// RFC 4180; text that a spreadsheet would take for a formula gets an apostrophe, identifiers never begin so.
std::string csv_cell(std::string text) {
    if (!text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos)
        text.insert(0, "'");
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string csv_of(const json::array& items, const ListLook& look) {
    std::string out;
    for (std::size_t i = 0; look.headers && i < look.columns.size(); ++i)
        out += (i ? "," : "") + std::string(look.columns[i].path);
    if (look.headers) out += "\n";
    for (const json::value& item : items) {
        for (std::size_t i = 0; i < look.columns.size(); ++i)
            out += (i ? "," : "") + csv_cell(text_at(item, look.columns[i].path));
        out += "\n";
    }
    return out;
}

std::string yaml_of(const json::value& value, std::size_t depth) {
    const std::string indent(depth * 2, ' ');
    std::string out;
    if (value.is_object()) {
        for (const auto& [name, inner] : value.get_object()) {
            const bool nested = (inner.is_object() && !inner.get_object().empty()) ||
                                (inner.is_array() && !inner.get_array().empty());
            out +=
                indent + std::string(name) + ":" +
                (nested ? "\n" + yaml_of(inner, depth + 1) : " " + json::serialize(inner) + "\n");
        }
    } else if (value.is_array()) {
        for (const json::value& inner : value.get_array()) {
            std::string block = yaml_of(inner, depth + 1);
            if (block.size() > depth * 2) block.replace(depth * 2, 1, "-");
            out += block;
        }
    } else {
        out += indent + json::serialize(value) + "\n";
    }
    return out;
}

json::array items_of(const json::value& parsed) {
    if (parsed.is_array()) return parsed.get_array();
    if (const json::value* items = at_path(parsed, "items"); items && items->is_array())
        return items->get_array();
    return {};
}

std::optional<json::value> parse(const std::string& body) {
    boost::system::error_code error;
    json::value out = json::parse(body, error);
    return error ? std::nullopt : std::optional(std::move(out));
}

void facts_of(std::vector<std::vector<std::string>>& rows, const std::string& prefix,
              const json::value& value) {
    if (!value.is_object()) {
        rows.push_back({prefix, plain(&value)});
        return;
    }
    for (const auto& [name, inner] : value.get_object())
        facts_of(rows, prefix.empty() ? std::string(name) : prefix + "." + std::string(name),
                 inner);
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return char(std::toupper(c)); });
    return text;
}

std::vector<std::string> layer_rows(const json::value& chain, std::string_view layer) {
    const auto text = [&chain](std::string_view path) { return text_at(chain, path); };
    if (layer == "equipment")
        return {"  equipment", text("equipment.equipment_id"), "wished " + text("equipment.wish"),
                "is " + text("equipment.status")};
    if (layer == "device")
        return {"  device", text("device.device_id"), "admission " + text("m2m_service.admission"),
                "is " + text("m2m_service.status")};
    if (layer == "card") {
        const std::string iccid = text("card.iccid");
        return {"  card", iccid.empty() ? "…" + text("card.iccid_last4") : iccid,
                "customer " + text("m2m_service.customer"),
                text("m2m_service.until").empty() ? "" : "until " + text("m2m_service.until")};
    }
    return {"  network", text("network.operator"), "wanted " + text("network.wanted"),
            "is " + text("network.observed") + (text("pending") == "true" ? ", pending" : "")};
}

std::string held_lines(const json::value& chain) {
    const json::value* held = at_path(chain, "held_by");
    if (!held || !held->is_array() || held->get_array().empty()) return {};
    std::vector<std::vector<std::string>> rows;
    for (const json::value& one : held->get_array()) {
        std::string why = text_at(one, "says");
        if (const std::string words = text_at(one, "text"); !words.empty())
            why += " (" + words + ")";
        rows.push_back({"  " + text_at(one, "party"), text_at(one, "code"),
                        "since " + text_at(one, "since").substr(0, 16), why,
                        "lifted by " + text_at(one, "lifted_by")});
    }
    std::vector<std::size_t> widths(5);
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], shown_width(row[i]));
    std::string out = "held by\n";
    for (const auto& row : rows) out += line_of(row, widths, 0);
    return out;
}

}  // namespace

std::string render_list(const std::string& body, const ListLook& look) {
    const auto parsed = parse(body);
    if (!parsed) return body + "\n";
    const json::array items = items_of(*parsed);
    if (look.format == "json")
        return json::serialize(parsed->is_array() ? *parsed : json::value(items)) + "\n";
    if (look.format == "csv") return csv_of(items, look);
    if (look.format == "yaml") return items.empty() ? "[]\n" : yaml_of(items, 0);
    if (look.format == "table" || look.format == "wide") return table_of(items, look);
    std::string out;
    for (const json::value& item : items)
        out +=
            (look.format == "ndjson" ? json::serialize(item) : text_at(item, look.id_path)) + "\n";
    return out;
}

std::string render_object(const std::string& body, const std::string& format) {
    const auto parsed = parse(body);
    if (!parsed || format == "json" || format == "ndjson") return body + "\n";
    if (format == "yaml") return yaml_of(*parsed, 0);
    std::vector<std::vector<std::string>> rows;
    facts_of(rows, "", *parsed);
    std::string out;
    for (const auto& row : rows) out += csv_cell(row[0]) + "," + csv_cell(row[1]) + "\n";
    return out;
}

std::string render_facts(const std::string& body) {
    const auto parsed = parse(body);
    if (!parsed) return body + "\n";
    std::vector<std::vector<std::string>> rows;
    facts_of(rows, "", *parsed);
    std::vector<std::size_t> widths(2);
    for (const auto& row : rows) widths[0] = std::max(widths[0], shown_width(row[0]));
    std::string out;
    for (const auto& row : rows) out += line_of(row, widths, 0);
    return out;
}

std::string render_chain(const std::string& body) {
    const auto chain = parse(body);
    if (!chain) return body + "\n";
    std::string name = text_at(*chain, "equipment.equipment_id");
    if (name.empty()) name = text_at(*chain, "device.device_id");
    if (name.empty()) name = text_at(*chain, "card.iccid");
    std::vector<std::vector<std::string>> rows;
    if (!text_at(*chain, "equipment.equipment_id").empty())
        rows.push_back(layer_rows(*chain, "equipment"));
    if (!text_at(*chain, "device.device_id").empty()) rows.push_back(layer_rows(*chain, "device"));
    rows.push_back(layer_rows(*chain, "card"));
    rows.push_back(layer_rows(*chain, "network"));
    std::vector<std::size_t> widths(4);
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], shown_width(row[i]));
    std::string out =
        name + "  " + upper(text_at(*chain, "status")) + "\n" + text_at(*chain, "sentence") + "\n";
    for (const auto& row : rows) out += line_of(row, widths, 0);
    return out + held_lines(*chain);
}

}  // namespace msp::cli
