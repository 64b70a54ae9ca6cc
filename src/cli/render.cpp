#include "cli/render.hpp"

#include "cli/json_path.hpp"
#include "cli/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace msp::cli {

namespace json = boost::json;

namespace {

// As a cell shows it: one line that does nothing to the terminal.
std::string cell_of(const json::value& from, std::string_view path) {
    return printable(plain_text(from, path));
}

std::string padded(std::string text, std::size_t width) {
    const std::size_t seen = shown_width(text);
    if (seen < width) text.append(width - seen, ' ');
    return text;
}

using Rows = std::vector<std::vector<std::string>>;

// Cells in columns, two blanks apart; lines of at most so many columns, 0: as long as they are.
std::string aligned(const Rows& rows, unsigned width = 0) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], shown_width(row[i]));
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += i + 1 < row.size() ? padded(row[i], widths[i] + 2) : row[i];
        line.erase(line.find_last_not_of(' ') + 1);
        out += cut(std::move(line), width) + "\n";
    }
    return out;
}

std::string table_of(const json::array& items, const ListLook& look) {
    Rows rows;
    std::vector<Column> shown;
    for (const Column& column : look.columns)
        if (!column.wide || look.format == "wide") shown.push_back(column);
    if (look.headers) {
        rows.emplace_back();
        for (const Column& column : shown) rows.back().emplace_back(column.title);
    }
    for (const json::value& item : items) {
        rows.emplace_back();
        for (const Column& column : shown) rows.back().push_back(cell_of(item, column.path));
    }
    return aligned(rows, look.width);
}

// RFC 4180; text that a spreadsheet would take for a formula gets an apostrophe, identifiers never
// begin so.
std::string csv_cell(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos)
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
            out += (i ? "," : "") + csv_cell(plain_text(item, look.columns[i].path));
        out += "\n";
    }
    return out;
}

// Words that a reader of YAML 1.1 takes for a truth or for nothing.
constexpr std::array<std::string_view, 9> yaml_words{"y",   "n",    "yes",   "no",  "on",
                                                     "off", "true", "false", "null"};

// A key of YAML: quoted unless it is a plain word.
std::string yaml_key(std::string_view name) {
    const bool plain = !name.empty() && !std::isdigit(static_cast<unsigned char>(name.front())) &&
                       std::all_of(name.begin(), name.end(),
                                   [](unsigned char c) { return std::isalnum(c) || c == '_'; }) &&
                       std::find(yaml_words.begin(), yaml_words.end(), name) == yaml_words.end();
    return plain ? std::string(name) : json::serialize(json::string(name));
}

bool has_inside(const json::value& value) {
    return (value.is_object() && !value.get_object().empty()) ||
           (value.is_array() && !value.get_array().empty());
}

std::string yaml_of(const json::value& value, std::size_t depth) {
    const std::string indent(depth * 2, ' ');
    if (!has_inside(value)) return indent + json::serialize(value) + "\n";
    std::string out;
    if (value.is_array()) {
        for (const json::value& inner : value.get_array())
            out += yaml_of(inner, depth + 1).replace(depth * 2, 1, "-");
        return out;
    }
    for (const auto& [name, inner] : value.get_object())
        out += indent + yaml_key(name) + ":" +
               (has_inside(inner) ? "\n" + yaml_of(inner, depth + 1)
                                  : " " + json::serialize(inner) + "\n");
    return out;
}

json::array items_of(const json::value& list) {
    if (list.is_array()) return list.get_array();
    if (const json::value* items = at_path(list, "items"); items && items->is_array())
        return items->get_array();
    return {};
}

// ------------------------------------------------------------------------------------------- facts

bool holds_objects(const json::value& value) {
    return value.is_array() && !value.get_array().empty() && value.get_array()[0].is_object();
}

void facts_of(Rows& rows, const std::string& prefix, const json::value& value) {
    if (value.is_object()) {
        for (const auto& [name, inner] : value.get_object())
            facts_of(rows, (prefix.empty() ? "" : prefix + ".") + std::string(name), inner);
        return;
    }
    const std::string text =
        holds_objects(value) ? std::to_string(value.get_array().size()) + " (shown with -o json)"
                             : plain_text(&value);
    rows.push_back({prefix, text});
}

// ------------------------------------------------------------------------------------------- chain

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return char(std::toupper(c)); });
    return text;
}

class ChainText {
public:
    explicit ChainText(const json::value& chain) : chain_(chain) {}

    std::string whole() const {
        const std::string sentence = text("sentence");
        return headline() + sentence + (sentence.empty() ? "" : "\n") + aligned(layers()) +
               held_by();
    }

private:
    std::string text(std::string_view path) const { return cell_of(chain_, path); }

    std::string headline() const {
        std::string name = text("equipment.equipment_id");
        if (name.empty()) name = text("device.device_id");
        if (name.empty()) name = text("card.iccid");
        const std::string called = text("equipment.name");
        return name + (called.empty() ? "" : "  " + called) + "  " + upper(text("status")) + "\n";
    }

    Rows layers() const {
        Rows out;
        if (const auto id = text("equipment.equipment_id"); !id.empty())
            out.push_back({"  equipment", id, "wished " + text("equipment.wish"),
                           "is " + text("equipment.status")});
        if (const auto id = text("device.device_id"); !id.empty())
            out.push_back({"  device", id, "admission " + text("m2m_service.admission"),
                           "is " + text("m2m_service.status")});
        if (const json::value* card = at_path(chain_, "card"); card && card->is_object())
            out.push_back(card_row());
        if (const auto at = text("network.operator"); !at.empty())
            out.push_back({"  network", at, "wanted " + text("network.wanted"),
                           "is " + text("network.observed") + in_its_words() + remarks()});
        return out;
    }

    std::vector<std::string> card_row() const {
        const std::string iccid = text("card.iccid");
        const std::string until = text("m2m_service.until");
        std::vector<std::string> out{"  card",
                                     iccid.empty() ? "…" + text("card.iccid_last4") : iccid,
                                     "customer " + text("m2m_service.customer")};
        if (!until.empty()) out.push_back("until " + until);
        return out;
    }

    // The operator's own word, where it is another.
    std::string in_its_words() const {
        const std::string native = text("network.native");
        return native.empty() || native == text("network.observed") ? "" : " (" + native + ")";
    }

    std::string remarks() const {
        std::string out;
        if (text("pending") == "true") out += ", pending";
        if (text("network.drift") == "true") out += ", drift";
        if (suspended()) out += ", suspended by the operator";
        if (const auto why = text("network.parked.reason"); !why.empty()) out += ", parked: " + why;
        return out;
    }

    // What the operator shows of the subscription itself is told apart from its own suspension.
    bool suspended() const {
        const json::value* held = at_path(chain_, "held_by");
        if (!held || !held->is_array()) return false;
        const auto by_operator = [](const json::value& one) {
            return cell_of(one, "holder") == "operator";
        };
        return std::any_of(held->get_array().begin(), held->get_array().end(), by_operator);
    }

    std::string held_by() const {
        const json::value* held = at_path(chain_, "held_by");
        if (!held || !held->is_array() || held->get_array().empty()) return {};
        Rows rows;
        for (const json::value& one : held->get_array()) {
            const std::string words = cell_of(one, "text");
            const std::string party = cell_of(one, "party");
            rows.push_back({"  " + (party.empty() ? cell_of(one, "holder") : party),
                            cell_of(one, "layer"), cell_of(one, "code"),
                            "since " + cell_of(one, "since"),
                            cell_of(one, "says") + (words.empty() ? "" : " (" + words + ")"),
                            "lifted by " + cell_of(one, "lifted_by")});
        }
        return "held by\n" + aligned(rows);
    }

    const json::value& chain_;
};

}  // namespace

std::string render_list(const std::string& body, const ListLook& look) {
    const auto list = parsed(body);
    if (!list) return printable(body, Lines::kept) + "\n";
    const json::array items = items_of(*list);
    if (look.format == "json") return json::serialize(items) + "\n";
    if (look.format == "csv") return csv_of(items, look);
    if (look.format == "yaml") return yaml_of(items, 0);
    if (look.format == "table" || look.format == "wide") return table_of(items, look);
    std::string out;
    for (const json::value& item : items)
        out +=
            (look.format == "ndjson" ? json::serialize(item) : cell_of(item, look.id_path)) + "\n";
    return out;
}

std::string render_object(const std::string& body, const std::string& format,
                          std::string_view id_path) {
    const auto object = parsed(body);
    if (!object || format == "json" || format == "ndjson") return body + "\n";
    if (format == "yaml") return yaml_of(*object, 0);
    if (format == "id")
        if (const std::string id = cell_of(*object, id_path); !id_path.empty() && !id.empty())
            return id + "\n";
    Rows rows;
    facts_of(rows, "", *object);
    if (format == "id") return rows.empty() ? std::string() : rows.front().back() + "\n";
    std::string out;
    for (const auto& row : rows) out += csv_cell(row[0]) + "," + csv_cell(row[1]) + "\n";
    return out;
}

std::string render_facts(const std::string& body) {
    const auto object = parsed(body);
    if (!object) return printable(body, Lines::kept) + "\n";
    Rows rows;
    facts_of(rows, "", *object);
    for (auto& row : rows) row = {printable(row[0]), row[1].empty() ? "-" : printable(row[1])};
    return aligned(rows);
}

std::string render_chain(const std::string& body) {
    const auto chain = parsed(body);
    return chain ? ChainText(*chain).whole() : printable(body, Lines::kept) + "\n";
}

}  // namespace msp::cli
