#include "cli/request.hpp"

#include "world/files.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cctype>
#include <istream>
#include <iterator>

namespace msp::cli {

namespace json = boost::json;

std::string percent_encoded(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) || std::string_view("-._~").find(c) != std::string_view::npos)
            out += c;
        else
            out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

// A piece of a pattern with its {…} filled in; nothing where one of them is absent.
static std::optional<std::string> fill_piece(const Invocation& invocation, std::string_view piece) {
    std::string out;
    while (!piece.empty()) {
        const std::size_t open = piece.find('{');
        out += piece.substr(0, open);
        if (open == std::string_view::npos) break;
        const std::size_t close = piece.find('}', open);
        const std::string_view name = piece.substr(open + 1, close - open - 1);
        if (!invocation.has(name)) return std::nullopt;
        out += percent_encoded(invocation.value(name));
        piece.remove_prefix(close + 1);
    }
    return out;
}

std::string fill(const Invocation& invocation, std::string_view pattern) {
    const std::size_t query = std::min(pattern.find('?'), pattern.size());
    std::string out = fill_piece(invocation, pattern.substr(0, query)).value_or("");
    std::string_view rest = pattern.substr(std::min(query + 1, pattern.size()));
    char separator = '?';
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        if (const auto piece = fill_piece(invocation, rest.substr(0, end))) {
            out += separator + *piece;
            separator = '&';
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

std::string with_query(const std::string& target, std::string_view name, std::string_view value) {
    return target + (target.find('?') == std::string::npos ? '?' : '&') + std::string(name) + "=" +
           percent_encoded(value);
}

std::string preview_of(std::string_view method, const std::string& target, std::string_view verb) {
    const std::size_t query = std::min(target.find('?'), target.size());
    const std::size_t colon = std::min(target.find(':', target.rfind('/', query)), query);
    std::string out = target.substr(0, colon) + ":preview";
    if (method == "DELETE")
        out.append("-").append(verb);
    else if (colon < query)
        out.append("-").append(target, colon + 1, query - colon - 1);
    return out.append(target, query);
}

// ------------------------------------------------------------------------------------------- files

std::string without_last_line_end(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return text;
}

std::optional<std::string> content_of(Invocation& invocation, const std::string& file) {
    if (file == "-") return std::string(std::istreambuf_iterator<char>(invocation.around().in), {});
    auto content = read_file(file);
    if (content) return std::move(content).value();
    invocation.refuse(exit_usage, content.reason().what);
    return std::nullopt;
}

// -------------------------------------------------------------------------------------------- body

static json::value texts(const std::vector<std::string>& words) {
    json::array out;
    for (const std::string& word : words) out.emplace_back(word);
    return out;
}

static json::value entries(const std::vector<std::string>& words) {
    json::object out;
    for (const std::string& word : words) {
        const std::size_t equals = word.find('=');
        out[word.substr(0, equals)] = word.substr(equals + 1);
    }
    return out;
}

static std::optional<json::value> value_of(Invocation& invocation, const Member& member) {
    const std::string text = invocation.value(member.from);
    switch (member.kind) {
        case Kind::text: return json::value(text);
        case Kind::truth: return json::value(text == "true");
        case Kind::number: return json::value(invocation.number(member.from).value_or(0));
        case Kind::texts: return texts(invocation.values(member.from));
        case Kind::entries: return entries(invocation.values(member.from));
        case Kind::content: break;
    }
    auto content = content_of(invocation, text);
    if (!content) return std::nullopt;
    return json::value(without_last_line_end(*std::move(content)));
}

std::optional<std::string> object_of(Invocation& invocation, const std::vector<Member>& members) {
    json::object out;
    for (const Member& member : members) {
        if (member.from.starts_with('=')) {
            out[member.name] = member.from.substr(1);
            continue;
        }
        if (!invocation.has(member.from)) continue;
        auto value = value_of(invocation, member);
        if (!value) return std::nullopt;
        out[member.name] = *std::move(value);
    }
    return json::serialize(out);
}

}  // namespace msp::cli
