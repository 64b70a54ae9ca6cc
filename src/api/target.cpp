#include "api/target.hpp"

#include <algorithm>

namespace msp {

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// Nothing: a broken escape or a control character.
static std::optional<std::string> decoded(std::string_view raw, bool plus_is_space) {
    std::string out;
    out.reserve(raw.size());
    for (std::size_t at = 0; at < raw.size(); ++at) {
        char c = raw[at];
        if (c == '%') {
            if (at + 2 >= raw.size()) return std::nullopt;
            const int high = hex_value(raw[at + 1]);
            const int low = hex_value(raw[at + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            at += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (is_control(c)) return std::nullopt;
        out += c;
    }
    return out;
}

std::optional<std::string> decoded_segment(std::string_view raw) {
    auto out = decoded(raw, false);
    if (out && out->find('/') != std::string::npos) return std::nullopt;
    return out;
}

std::string encoded_segment(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

Target split_target(std::string_view target) {
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos) return {target, {}};
    return {target.substr(0, mark), target.substr(mark + 1)};
}

Problem bad_query(std::string_view parameter, std::string code, std::string detail,
                  std::string hint) {
    Problem problem;
    problem.status = 400;
    problem.code = std::move(code);
    problem.detail = std::move(detail);
    problem.hint = std::move(hint);
    if (!parameter.empty())
        problem.errors.push_back({"?" + std::string(parameter), problem.code, problem.detail});
    return problem;
}

static Problem malformed_query(std::string detail) {
    return bad_query({}, "malformed-query", std::move(detail),
                     "Write the query as name=value, joined by &, percent-encoded once.");
}

Result<Query, Problem> Query::parse(std::string_view raw) {
    Query out;
    while (!raw.empty()) {
        const std::string_view part = raw.substr(0, raw.find('&'));
        raw.remove_prefix(std::min(raw.size(), part.size() + 1));
        if (part.empty()) continue;
        const std::size_t equals = std::min(part.find('='), part.size());
        auto name = decoded(part.substr(0, equals), true);
        auto value = decoded(part.substr(std::min(part.size(), equals + 1)), true);
        if (!name || !value) return malformed_query("The query has an escape that is none.");
        if (out.has(*name)) return malformed_query("A parameter of the query is given twice.");
        if (out.parameters_.size() == parameters_most)
            return malformed_query("The query has too many parameters.");
        out.parameters_.emplace_back(*std::move(name), *std::move(value));
    }
    return out;
}

std::optional<std::string_view> Query::find(std::string_view name) const {
    for (const auto& [given, value] : parameters_)
        if (given == name) return value;
    return std::nullopt;
}

}  // namespace msp
