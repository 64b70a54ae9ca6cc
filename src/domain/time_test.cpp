#include "domain/time.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

using namespace msp;

TEST_CASE("a time is written with every digit, whatever its parts are") {
    const std::string_view texts[] = {"1970-01-01T00:00:00.000Z", "1999-12-31T23:59:59.999Z",
                                      "2000-02-29T08:07:06.005Z", "2026-11-23T09:14:05.120Z",
                                      "2038-01-19T03:14:07.070Z", "9999-12-31T23:59:59.999Z"};
    for (const std::string_view text : texts) CHECK(rfc3339(*parse_rfc3339(text)) == text);
}

TEST_CASE("what was written is read back as it was, each day over four hundred years") {
    constexpr std::int64_t odd_step = 86'399'001;  // a day less 999 ms: every part moves
    for (std::int64_t i = 0; i < 146'097; ++i) {
        const Time time{Duration(i * odd_step)};
        const std::string text = rfc3339(time);
        CAPTURE(text);
        REQUIRE(text.size() == 24);
        REQUIRE(parse_rfc3339(text) == time);
    }
}

TEST_CASE("a time is appended behind what stands there") {
    std::string out = "at ";
    append_rfc3339(out, *parse_rfc3339("2026-03-02T09:14:00+02:00"));
    CHECK(out == "at 2026-03-02T07:14:00.000Z");
}

TEST_CASE("what an offset moves out of the years that can be written is refused") {
    CHECK(parse_rfc3339("9999-12-31T23:59:59.999Z"));
    CHECK(parse_rfc3339("9999-12-31T23:59:59+00:01"));
    CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == Time());
    CHECK(parse_rfc3339("1969-12-31T23:59:59-23:00"));
    for (const std::string_view text :
         {"9999-12-31T23:59:59-23:00", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01",
          "1970-01-01T00:00:00+00:01", "1970-01-01T22:59:59+23:59"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rfc3339(text));
    }
}

TEST_CASE("every time can be written, and what lies outside the years as the nearest within") {
    CHECK(rfc3339(Time::max()) == "9999-12-31T23:59:59.999Z");
    CHECK(rfc3339(Time::min()) == "0000-01-01T00:00:00.000Z");
    CHECK(rfc3339(*parse_rfc3339("9999-12-31T23:59:59.999Z") + Duration(1)) ==
          "9999-12-31T23:59:59.999Z");
}

TEST_CASE("what is no time is refused") {
    for (const std::string_view text :
         {"", "2026", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z",
          "2026-01-01 00:00", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z",
          "x026-01-01T00:00:00Z", "2026-01-01T00:00:00Zz", "1969-12-31T23:59:59Z"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rfc3339(text));
    }
}
