#include "cli/text.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <utility>
#include <vector>

using namespace msp::cli;

namespace {

std::string utf8(unsigned code) {
    const auto tail = [code](unsigned shift) { return char(0x80U | ((code >> shift) & 0x3FU)); };
    if (code < 0x80) return {char(code)};
    if (code < 0x800) return {char(0xC0U | (code >> 6)), tail(0)};
    if (code < 0x10000) return {char(0xE0U | (code >> 12)), tail(6), tail(0)};
    return {char(0xF0U | (code >> 18)), tail(12), tail(6), tail(0)};
}

bool does_something(unsigned code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C || code == 0x200E ||
           code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

TEST_CASE("of all characters exactly those that do something to a terminal are written out") {
    std::size_t written_out = 0;
    for (unsigned code = 0; code <= 0x10FFFF; ++code) {
        if (code >= 0xD800 && code < 0xE000) continue;
        const std::string one = utf8(code);
        const std::string shown = printable(one);
        if ((shown != one) != does_something(code)) {
            CAPTURE(code);
            CHECK(shown == one);
        }
        written_out += shown != one ? 1 : 0;
    }
    CHECK(written_out == 32 + 33 + 1 + 2 + 7 + 4);
}

TEST_CASE("bytes that are no UTF-8 are shown as such, and the rest is kept") {
    CHECK(printable("a\xFFz") == "a\uFFFDz");
    CHECK(printable("\xE6\x8C") == "\uFFFD\uFFFD");
    CHECK(printable("\xC0\x80") == "\uFFFD\uFFFD");
    CHECK(printable("\xED\xA0\x80x").ends_with("x"));
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(random() % 12, '\0');
        for (char& c : bytes) c = char(random());
        const std::string shown = printable(bytes);
        CHECK(printable(shown) == shown);
        CHECK(shown.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("ends of lines and tabs stay where a text has lines, and no lone carriage return") {
    CHECK(printable("a\tb\r\nc\rd\n", Lines::kept) == "a\tb\nc\\u000dd\n");
    CHECK(printable("a\tb\n") == "a\\u0009b\\u000a");
    CHECK(printable_json("{\"a\":\"\\u001b\"}\n") == "{\"a\":\"\\u001b\"}\n");
    CHECK(printable_json("{\"a\":\"\u202e\"}") == "{\"a\":\"\\u202e\"}");
}

TEST_CASE("width is what a terminal takes") {
    CHECK(shown_width("") == 0);
    CHECK(shown_width("EX-1") == 4);
    CHECK(shown_width("挖掘机") == 6);
    CHECK(shown_width("e\u0301") == 1);
    CHECK(shown_width("…") == 1);
}

TEST_CASE("a cut text fits, says that it was cut, and is never cut within a character") {
    for (const std::string text : {"", "EX-4711", "挖掘机 X320", "e\u0301e\u0301e\u0301", "a挖"})
        for (std::size_t columns = 0; columns < 16; ++columns) {
            CAPTURE(text);
            CAPTURE(columns);
            const std::string shown = cut(text, columns);
            const bool whole = columns == 0 || shown_width(text) <= columns;
            CHECK((shown == text) == whole);
            if (!whole) CHECK(shown.ends_with("…"));
            if (columns > 0) CHECK(shown_width(shown) <= columns);
            CHECK(printable(shown) == shown);
        }
}
