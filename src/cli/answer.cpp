#include "cli/answer.hpp"

#include "cli/json_path.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace msp::cli {

namespace json = boost::json;

std::optional<json::value> parsed(std::string_view text) {
    boost::system::error_code error;
    json::value out = json::parse(text, error);
    return error ? std::nullopt : std::optional(std::move(out));
}

const json::value* at_path(const json::value& from, std::string_view path) {
    const json::value* at = &from;
    while (!path.empty() && at) {
        const std::size_t dot = std::min(path.find('.'), path.size());
        at = at->is_object() ? at->get_object().if_contains(path.substr(0, dot)) : nullptr;
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return at;
}

// 1000 and 0.05, where JSON has 1E3 and 5E-2.
static std::string decimal(double number) {
    std::array<char, 32> out{};
    const auto end = std::to_chars(out.data(), out.data() + out.size(), number).ptr;
    return {out.data(), end};
}

std::string plain_text(const json::value* value) {
    if (!value || value->is_null()) return {};
    if (value->is_string()) return std::string(value->get_string());
    if (value->is_double()) return decimal(value->get_double());
    if (!value->is_array()) return json::serialize(*value);
    std::string out;
    for (const json::value& one : value->get_array()) {
        if (!out.empty()) out += ", ";
        out += plain_text(&one);
    }
    return out;
}

std::string plain_text(const json::value& from, std::string_view path) {
    return plain_text(at_path(from, path));
}

std::string text_at(const std::string& body, std::string_view path) {
    const auto value = parsed(body);
    return value ? plain_text(*value, path) : std::string();
}

bool truth_at(const std::string& body, std::string_view path) {
    return text_at(body, path) == "true";
}

std::int64_t count_at(const std::string& body, std::string_view path) {
    const auto value = parsed(body);
    const json::value* found = value ? at_path(*value, path) : nullptr;
    return found && found->is_int64() ? found->get_int64() : 0;
}

std::vector<std::string> items_at(const std::string& body, std::string_view path) {
    std::vector<std::string> out;
    const auto value = parsed(body);
    const json::value* found = value ? at_path(*value, path) : nullptr;
    if (!found || !found->is_array()) return out;
    for (const json::value& item : found->get_array()) out.push_back(json::serialize(item));
    return out;
}

std::string without_members(const std::string& body,
                            std::initializer_list<std::string_view> names) {
    auto value = parsed(body);
    if (!value || !value->is_object()) return body;
    for (const std::string_view name : names) value->get_object().erase(name);
    return json::serialize(*value);
}

}  // namespace msp::cli
