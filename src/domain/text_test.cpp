#include "domain/text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <type_traits>
#include <unordered_set>

using namespace msp;

static_assert(std::is_trivially_copyable_v<Text<64>>);
static_assert(sizeof(Text<31>) == 32);
static_assert(std::is_constructible_v<Text<3>, const char (&)[4]>);
static_assert(!std::is_constructible_v<Text<3>, const char (&)[5]>);
static_assert(!std::is_constructible_v<Text<3>, std::string_view>);
static_assert(Text<3>("abc").view() == "abc");
static_assert(Text<3>().empty() && !Text<3>("a").empty());

TEST_CASE("a text takes as much as it has room for, and refuses rather than cuts") {
    for (std::size_t length = 0; length <= 10; ++length) {
        const std::string content(length, 'x');
        const auto text = Text<8>::of(content);
        CAPTURE(length);
        REQUIRE(text.has_value() == (length <= 8));
        if (text) CHECK(text->view() == content);
    }
    CHECK(Text<255>::of(std::string(255, 'x'))->view().size() == 255);
    CHECK_FALSE(Text<255>::of(std::string(256, 'x')));
}

TEST_CASE("any byte may stand in a text, zero too") {
    const std::string content("a\0\xFF", 3);
    CHECK(Text<4>::of(content)->view() == content);
    CHECK(Text<4>::of(content) != Text<4>("a"));
}

TEST_CASE("texts are equal, ordered and hashed by what they say") {
    const std::string_view contents[] = {"", "a", "aa", "ab", "b", "\x80"};
    for (const auto left : contents) {
        for (const auto right : contents) {
            CAPTURE(left);
            CAPTURE(right);
            CHECK((*Text<2>::of(left) == *Text<2>::of(right)) == (left == right));
            CHECK((*Text<2>::of(left) < *Text<2>::of(right)) == (left < right));
        }
    }
    const std::unordered_set<Text<2>> set{"a", "b", "a"};
    CHECK(set.size() == 2);
    CHECK(set.contains("b"));
}
