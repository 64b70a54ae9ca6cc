#include "access/json.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>

namespace msp {

// What a byte asks for when a text is written.
enum class Byte : unsigned char { plain, escaped, beyond_ascii };

static constexpr std::array<Byte, 256> bytes = [] {
    std::array<Byte, 256> out{};
    for (std::size_t c = 0; c < 256; ++c)
        out[c] = c < 0x20 || c == '"' || c == '\\' ? Byte::escaped
                 : c < 0x80                        ? Byte::plain
                                                   : Byte::beyond_ascii;
    return out;
}();

static unsigned char byte_at(std::string_view text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

static bool continues(unsigned char c) {
    return c >= 0x80 && c < 0xC0;
}

// The length of the well-formed sequence that begins here (Unicode, table 3-7), or 0.
static std::size_t sequence_length(std::string_view text, std::size_t at) {
    const unsigned char first = byte_at(text, at);
    const unsigned char second = byte_at(text, at + 1);
    if (!continues(second)) return 0;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (!continues(byte_at(text, at + 2))) return 0;
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool outside = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    if (overlong || outside) return 0;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    if (first >= 0xF0 && first <= 0xF4 && continues(byte_at(text, at + 3))) return 4;
    return 0;
}

static void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(c);
    out += "\\u00";
    out += digits[code >> 4];
    out += digits[code & 15];
}

// The length of the beginning that is written as it is. Eight bytes at once: in `odd`, the top bit
// of a byte is set if that byte, or one before it, asks for more.
static std::size_t plain_length(std::string_view text) {
    constexpr std::uint64_t each = 0x0101010101010101;
    constexpr std::uint64_t top = 0x80 * each;
    const auto zero_in = [](std::uint64_t word) { return (word - each) & ~word; };
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        const std::uint64_t odd = word | (word - 0x20 * each) | zero_in(word ^ ('"' * each)) |
                                  zero_in(word ^ ('\\' * each));
        if ((odd & top) != 0) break;
    }
    while (at < text.size() && bytes[byte_at(text, at)] == Byte::plain) ++at;
    return at;
}

// What follows the plain beginning of a text, which ends at `at`.
static void append_odd(std::string& out, std::string_view text, std::size_t at) {
    while (at < text.size()) {
        if (bytes[byte_at(text, at)] == Byte::escaped) {
            append_escaped(out, text[at++]);
        } else if (const std::size_t length = sequence_length(text, at)) {
            out.append(text, at, length);
            at += length;
        } else {
            out += "\xEF\xBF\xBD";
            ++at;
        }
        const std::size_t plain = plain_length(text.substr(at));
        out.append(text, at, plain);
        at += plain;
    }
}

static void append_quoted(std::string& out, std::string_view text) {
    const std::size_t plain = plain_length(text);
    out += '"';
    out.append(text, 0, plain);
    append_odd(out, text, plain);
    out += '"';
}

void JsonWriter::separate() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    out_ += bracket;
    fresh_ = true;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    out_ += bracket;
    fresh_ = false;
    return *this;
}

JsonWriter& JsonWriter::name(std::string_view member) {
    separate();
    append_quoted(out_, member);
    out_ += ':';
    fresh_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    append_quoted(out_, text);
    return *this;
}

JsonWriter& JsonWriter::value(Time time) {
    separate();
    append_rfc3339(out_ += '"', time);
    out_ += '"';
    return *this;
}

template <class Number>
static void append_number(std::string& out, Number number) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

JsonWriter& JsonWriter::value(double number) {
    assert(std::isfinite(number));
    separate();
    append_number(out_, number);
    return *this;
}

JsonWriter& JsonWriter::signed_number(std::int64_t number) {
    separate();
    append_number(out_, number);
    return *this;
}

JsonWriter& JsonWriter::unsigned_number(std::uint64_t number) {
    separate();
    append_number(out_, number);
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

}  // namespace msp
