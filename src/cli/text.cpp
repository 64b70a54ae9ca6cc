#include "cli/text.hpp"

#include <clocale>
#include <cwchar>

#include <algorithm>
#include <array>
#include <cstdio>

namespace msp::cli {

namespace {

// What the C library knows about Unicode, as long as this object lives and on this thread only.
class Utf8 {
public:
    Utf8() : before_(::uselocale(locale())) {}
    ~Utf8() { ::uselocale(before_); }
    Utf8(const Utf8&) = delete;
    Utf8& operator=(const Utf8&) = delete;

private:
    static locale_t locale() {
        static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return utf8;
    }
    locale_t before_;
};

struct Character {
    std::string_view bytes;
    wchar_t code = L'\uFFFD';
    bool valid = false;
};

// The character at the front; one byte that is none of UTF-8 stands for itself.
Character front(std::string_view text) {
    wchar_t code = 0;
    std::mbstate_t state{};
    const std::size_t length = std::mbrtowc(&code, text.data(), text.size(), &state);
    if (length == 0) return {text.substr(0, 1), 0, true};
    if (length > text.size()) return {text.substr(0, 1)};
    return {text.substr(0, length), code, true};
}

bool turns_direction(wchar_t code) {
    return code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool is_control(wchar_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

std::string escaped(wchar_t code) {
    std::array<char, 8> out{};
    std::snprintf(out.data(), out.size(), "\\u%04x", unsigned(code) & 0xFFFFU);
    return out.data();
}

template <class Keeps>
std::string shown(std::string_view text, Keeps keeps) {
    const Utf8 utf8;
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Character one = front(text);
        if (!one.valid)
            out += "\uFFFD";
        else if (!keeps(one.code) && (is_control(one.code) || turns_direction(one.code)))
            out += escaped(one.code);
        else
            out += one.bytes;
        text.remove_prefix(one.bytes.size());
    }
    return out;
}

std::size_t columns_of(wchar_t code) {
    return std::size_t(std::max(::wcwidth(code), 0));
}

}  // namespace

std::string printable(std::string_view text, Lines lines) {
    if (lines == Lines::shown) return shown(text, [](wchar_t) { return false; });
    std::string plain(text);  // a lone carriage return would write over its line
    for (std::size_t at = 0; (at = plain.find("\r\n", at)) != std::string::npos;)
        plain.erase(at, 1);
    return shown(plain, [](wchar_t code) { return code == L'\n' || code == L'\t'; });
}

std::string printable_json(std::string_view json) {
    // Blanks between values are no part of a text: within one they stand escaped.
    return printable(json, Lines::kept);
}

std::size_t shown_width(std::string_view text) {
    const Utf8 utf8;
    std::size_t out = 0;
    while (!text.empty()) {
        const Character one = front(text);
        out += columns_of(one.code);
        text.remove_prefix(one.bytes.size());
    }
    return out;
}

std::string cut(std::string text, std::size_t columns) {
    if (columns == 0 || shown_width(text) <= columns) return text;
    const Utf8 utf8;
    std::size_t at = 0;
    std::size_t seen = 0;
    while (at < text.size()) {
        const Character one = front(std::string_view(text).substr(at));
        if (seen + columns_of(one.code) + 1 > columns) break;
        seen += columns_of(one.code);
        at += one.bytes.size();
    }
    return text.substr(0, at) + "…";
}

}  // namespace msp::cli
