#include "cli/list_view.hpp"

#include "cli/json_path.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace msp::cli {

namespace json = boost::json;

namespace {

template <class Each>
void for_each_field(std::string_view fields, Each each) {
    while (!fields.empty()) {
        const std::size_t end = std::min(fields.find(','), fields.size());
        each(fields.substr(0, end));
        fields.remove_prefix(std::min(end + 1, fields.size()));
    }
}

const Column* column_named(const std::vector<Column>& columns, std::string_view name) {
    const auto found = std::find_if(columns.begin(), columns.end(), [name](const Column& column) {
        return column.path == name || equal_without_case(column.title, name);
    });
    return found == columns.end() ? nullptr : &*found;
}

std::string_view path_of(const std::vector<Column>& columns, std::string_view name) {
    const Column* column = column_named(columns, name);
    return column ? column->path : name;
}

std::string_view without_sign(std::string_view by) {
    return by.starts_with('-') ? by.substr(1) : by;
}

bool before(const json::value* a, const json::value* b) {
    if (a && b && a->is_number() && b->is_number())
        return a->to_number<double>() < b->to_number<double>();
    return plain_text(a) < plain_text(b);
}

bool is_known(const json::array& items, const std::vector<Column>& columns, std::string_view name) {
    return column_named(columns, name) ||
           std::any_of(items.begin(), items.end(),
                       [name](const json::value& item) { return at_path(item, name); });
}

}  // namespace

std::vector<Column> chosen_columns(const std::vector<Column>& columns, std::string_view fields) {
    std::vector<Column> out;
    for_each_field(fields, [&](std::string_view name) {
        const Column* column = column_named(columns, name);
        out.push_back(column ? Column{column->title, column->path} : Column{name, name});
    });
    return out;
}

void sort_items(json::array& items, const std::vector<Column>& columns, std::string_view by) {
    const std::string_view path = path_of(columns, without_sign(by));
    const bool falling = by.starts_with('-');
    std::vector<json::value> sorted(items.begin(), items.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [path, falling](const json::value& a, const json::value& b) {
                         const json::value* left = at_path(a, path);
                         const json::value* right = at_path(b, path);
                         return falling ? before(right, left) : before(left, right);
                     });
    items = json::array(sorted.begin(), sorted.end());
}

std::optional<std::string> unknown_field(const json::array& items,
                                         const std::vector<Column>& columns,
                                         std::string_view fields, std::string_view by) {
    std::optional<std::string> out;
    const auto look = [&](std::string_view name) {
        if (!out && !is_known(items, columns, name)) out = std::string(name);
    };
    if (items.empty()) return out;
    for_each_field(fields, look);
    if (!by.empty()) look(without_sign(by));
    return out;
}

}  // namespace msp::cli
