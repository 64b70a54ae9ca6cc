#include "world/http.hpp"

#include <doctest/doctest.h>

using namespace msp;

TEST_CASE("headers are found without regard to case, the first of several") {
    HttpHeaders headers;
    headers.add("Accept", "text/csv");
    headers.add("ACCEPT", "application/json");
    CHECK(headers.find("accept") == "text/csv");
    CHECK(headers.count("aCCept") == 2);
    CHECK(headers.find("Accep") == std::nullopt);
    CHECK(headers.count("Host") == 0);
}

TEST_CASE("setting a header replaces all of that name") {
    HttpHeaders headers;
    headers.add("X", "1");
    headers.add("Y", "2");
    headers.add("x", "3");
    headers.set("X", "4");
    CHECK(headers.all() == std::vector<HttpHeader>{{"Y", "2"}, {"X", "4"}});
}

TEST_CASE("only letters of ASCII have two cases") {
    CHECK(equal_without_case("a-Z", "A-z"));
    CHECK_FALSE(equal_without_case("@", "`"));
    CHECK_FALSE(equal_without_case("[", "{"));
    CHECK_FALSE(equal_without_case("\xc3\xa4", "\xc3\x84"));
    CHECK_FALSE(equal_without_case("ab", "a"));
}
