#include "operators/answer_document.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace msp {

namespace json = boost::json;

struct AnswerDocument::Content {
    json::object members;
};

namespace {

constexpr std::size_t words_most = 200;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Of bytes that belong together (UTF-8) all are kept or none.
std::string_view cut(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
    return text.substr(0, most);
}

}  // namespace

std::optional<AnswerDocument> AnswerDocument::parse(std::string_view bytes) {
    boost::system::error_code error;
    json::value parsed = json::parse(bytes, error);
    if (error || !parsed.is_object()) return std::nullopt;
    return AnswerDocument(std::make_shared<Content>(Content{std::move(parsed.get_object())}));
}

std::optional<std::string> AnswerDocument::text(std::string_view name) const {
    const json::value* member = content_->members.if_contains(name);
    if (!member || !member->is_string()) return std::nullopt;
    return std::string(member->get_string());
}

std::optional<bool> AnswerDocument::flag(std::string_view name) const {
    const json::value* member = content_->members.if_contains(name);
    return member && member->is_bool() ? std::optional(member->get_bool()) : std::nullopt;
}

std::optional<std::uint64_t> AnswerDocument::count(std::string_view name) const {
    const json::value* member = content_->members.if_contains(name);
    if (!member) return std::nullopt;
    boost::system::error_code error;
    const auto number = member->to_number<std::uint64_t>(error);
    return error ? std::nullopt : std::optional(number);
}

std::optional<std::vector<AnswerDocument>> AnswerDocument::items(std::string_view name) const {
    const json::value* member = content_->members.if_contains(name);
    if (!member || !member->is_array()) return std::nullopt;
    std::vector<AnswerDocument> out;
    for (const json::value& item : member->get_array()) {
        if (!item.is_object()) return std::nullopt;
        out.push_back(AnswerDocument(std::make_shared<Content>(Content{item.get_object()})));
    }
    return out;
}

std::optional<AnswerDocument> AnswerDocument::part(std::string_view name) const {
    const json::value* member = content_->members.if_contains(name);
    if (!member || !member->is_object()) return std::nullopt;
    return AnswerDocument(std::make_shared<Content>(Content{member->get_object()}));
}

std::string AnswerDocument::words(std::string_view name) const {
    return words_of(text(name).value_or(""), words_most);
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr std::string_view marks = "-._~";
    std::string out;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || is_digit(c) || marks.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', hex[byte >> 4], hex[byte & 15]};
    }
    return out;
}

std::string words_of(const std::string& said, std::size_t most) {
    std::string out;
    for (auto at = said.begin(); at != said.end();) {
        const auto end = std::find_if_not(at, said.end(), is_digit);
        if (end - at >= 6) out += "…";
        if (end - at < 6) out.append(at, end);
        at = end;
        if (at == said.end()) break;
        const auto byte = static_cast<unsigned char>(*at++);
        if (byte >= ' ' && byte != 0x7f) out += static_cast<char>(byte);
    }
    return std::string(cut(out, most));
}

}  // namespace msp
