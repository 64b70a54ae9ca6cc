#include "domain/identity_rule.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace msp {

namespace {

constexpr std::string_view digits = "0123456789";

constexpr std::size_t longest_given = 256;  // a longer text is refused unread

constexpr std::size_t spreadsheet_digits = 15;  // of a number, a spreadsheet keeps so many
constexpr std::string_view keep_as_text =
    "Set the column to text before the numbers come in, and export again from the source: a "
    "spreadsheet keeps 15 digits of a number, and the others are lost.";

bool is_of(std::string_view alphabet, char character) {
    return alphabet.find(character) != std::string_view::npos;
}

bool consists_of(std::string_view alphabet, std::string_view text) {
    return text.find_first_not_of(alphabet) == std::string_view::npos;
}

bool made_of_digits(const IdentityRule& rule) {
    return rule.accepted == digits_as_written;
}

// What is wrong with a text. The suggestion is what was probably meant; offered() drops it if it is
// not valid either.

IdentityError empty(const IdentityRule& rule) {
    return {"empty", joined({"The ", rule.name, " is empty."}),
            joined({"It takes ", rule.shape, "."}), ""};
}

IdentityError wrong_length(const IdentityRule& rule, std::size_t length) {
    const bool too_few_digits = made_of_digits(rule) && length < rule.shortest;
    return {"wrong-length",
            joined({"The length of the ", rule.name, " is ", std::to_string(length), "; it takes ",
                    rule.shape, "."}),
            joined({"Compare it with the source: something is missing or too much.",
                    too_few_digits ? " A spreadsheet drops leading zeros of a number." : ""}),
            ""};
}

// "898…", '898…', and ="898…", which makes a spreadsheet keep the digits.
std::string_view without_quotes(std::string_view text) {
    if (text.starts_with("=\"") && text.ends_with('"')) text.remove_prefix(1);
    const bool quoted = text.size() >= 2 && text.front() == text.back() && is_of("\"'", text[0]);
    return quoted ? text.substr(1, text.size() - 2) : text;
}

// 8.986E+18, 8,98604E+18, 8986E18
bool is_exponential(std::string_view text) {
    const auto mark = text.find_first_of("eE");
    if (mark == 0 || mark == std::string_view::npos) return false;
    auto exponent = text.substr(mark + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    return !exponent.empty() && consists_of(digits, exponent) && is_of(digits, text[0]) &&
           consists_of("0123456789.,", text.substr(0, mark));
}

std::string_view without_fraction(std::string_view text) {
    const bool whole = text.ends_with(".0") || text.ends_with(",0");
    return whole ? text.substr(0, text.size() - 2) : text;
}

IdentityError spreadsheet_number(const IdentityRule& rule, std::string_view whole_part) {
    const bool complete = whole_part.size() <= spreadsheet_digits;
    return {"spreadsheet-number",
            joined({"A spreadsheet has turned the ", rule.name, " into a number."}),
            std::string(keep_as_text), complete ? std::string(whole_part) : ""};
}

void replace_all(std::string& text, std::string_view found, std::string_view replacement) {
    for (auto at = text.find(found); at != text.npos; at = text.find(found, at)) {
        text.replace(at, found.size(), replacement);
        at += replacement.size();
    }
}

// Full-width digits, as UTF-8 and as GB18030 write them, in half width.
std::string in_half_width(std::string_view text) {
    std::string narrow(text);
    for (char digit = '0'; digit <= '9'; ++digit) {
        const char utf8[] = {'\xEF', '\xBC', static_cast<char>(digit - '0' + 0x90)};
        const char gb18030[] = {'\xA3', static_cast<char>(digit - '0' + 0xB0)};
        replace_all(narrow, {utf8, sizeof utf8}, {&digit, 1});
        replace_all(narrow, {gb18030, sizeof gb18030}, {&digit, 1});
    }
    return narrow;
}

// Without what web pages and editors put in: byte order mark, zero width, direction; and with the
// common space and hyphen.
std::string without_layout(std::string_view text) {
    constexpr std::string_view unseen[] = {"\r",           "\n",           "\xEF\xBB\xBF",
                                           "\xE2\x80\x8B", "\xE2\x80\x8E", "\xE2\x80\xAA",
                                           "\xE2\x80\xAC", "\xE2\x80\xAD"};
    constexpr std::string_view spaces[] = {"\t", "\xC2\xA0", "\xE3\x80\x80"};
    constexpr std::string_view hyphens[] = {"\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x93"};
    std::string plain(text);
    for (const auto found : unseen) replace_all(plain, found, "");
    for (const auto found : spaces) replace_all(plain, found, " ");
    for (const auto found : hyphens) replace_all(plain, found, "-");
    return std::string(trimmed(plain));
}

// The first character, in quotation marks if it can be printed, else byte by byte.
std::string shown(std::string_view text) {
    const char first = text[0];
    if (' ' <= first && first <= '~') return {'\'', first, '\''};
    std::string escaped;
    std::size_t at = 0;
    do {
        const auto byte = static_cast<unsigned char>(text[at]);
        escaped += {'\\', 'x', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
        ++at;
    } while (at < std::min<std::size_t>(text.size(), 4) && (text[at] & 0xC0) == 0x80);
    return escaped;
}

// Requires: the first character of `rest` does not belong into the identifier.
IdentityError foreign_character(const IdentityRule& rule, std::string_view text,
                                std::string_view rest) {
    auto sentence = joined({"The ", rule.name, " holds the character ", shown(rest), "."});
    if (made_of_digits(rule) && ' ' < rest[0] && rest[0] <= '~') {
        return {
            "not-digits", std::move(sentence),
            "Only digits belong into it; spaces and hyphens are dropped. The letters O, I and l "
            "are easily taken for the digits 0 and 1.",
            ""};
    }
    return {"unknown-character", std::move(sentence), joined({"It takes ", rule.shape, "."}),
            without_layout(text)};
}

// Requires: there is a character that does not belong into the identifier, at `foreign`.
IdentityError diagnosis(const IdentityRule& rule, std::string_view given, std::size_t foreign) {
    const auto text = trimmed(given);
    const auto name = rule.name;
    if (const auto inner = without_quotes(text); inner != text) {
        return {"quoted", joined({"The ", name, " stands in quotation marks."}),
                "Give it without them.", std::string(inner)};
    }
    if (text.starts_with('\'')) {
        return {
            "leading-apostrophe",
            joined({"The ", name, " begins with an apostrophe, a spreadsheet's mark for text."}),
            "Give it without the apostrophe.", std::string(text.substr(1))};
    }
    if (is_exponential(text)) return spreadsheet_number(rule, "");
    const auto whole_part = without_fraction(text);
    if (whole_part != text && consists_of(digits, whole_part)) {
        return spreadsheet_number(rule, whole_part);
    }
    if (auto narrow = in_half_width(text); narrow != text) {
        return {"full-width-digits", joined({"The ", name, " has full-width digits."}),
                "Write its digits in half width, as the characters 0 to 9 of ASCII.",
                std::move(narrow)};
    }
    return foreign_character(rule, text, given.substr(foreign));
}

}  // namespace

Result<Text<64>, IdentityError> canonical(const IdentityRule& rule, std::string_view given) {
    if (given.size() > longest_given) return wrong_length(rule, given.size());
    if (trimmed(given).empty()) return empty(rule);
    const auto foreign = given.find_first_not_of(rule.accepted);
    if (foreign != std::string_view::npos) return diagnosis(rule, given, foreign);

    const std::string_view dropped = made_of_digits(rule) ? " -" : "";
    std::array<char, longest_given> kept{};
    const auto end = std::copy_if(given.begin(), given.end(), kept.begin(),
                                  [&](char character) { return !is_of(dropped, character); });
    const auto length = static_cast<std::size_t>(std::distance(kept.begin(), end));
    if (length == 0) return empty(rule);
    if (length < rule.shortest || rule.longest < length) return wrong_length(rule, length);
    return *Text<64>::of({kept.data(), length});
}

IdentityError wrong_check_digit(const IdentityRule& rule, std::string_view text,
                                const CheckDigits& check) {
    const bool one = check.right.size() == 1;
    IdentityError error{"wrong-check-digit",
                        joined({"The check digit", one ? "" : "s", " of the ", rule.name,
                                " should be ", check.right, "."}),
                        "", ""};
    const auto kept = std::min(text.size(), spreadsheet_digits);
    if (text.size() > kept + 1 && consists_of("0", text.substr(kept))) {
        // The digits before are no longer those of the card: a fitting check digit would hide it.
        error.hint = joined({"All digits after the fifteenth are 0. ", keep_as_text});
        return error;
    }
    error.hint =
        joined({"Compare all digits with the source: another one may be wrong. ", check.exception});
    error.suggestion = joined({text.substr(0, text.size() - check.right.size()), check.right});
    return error;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::string joined(std::initializer_list<std::string_view> parts) {
    std::string whole;
    for (const auto part : parts) whole += part;
    return whole;
}

}  // namespace msp
