#include "world/ip_address.hpp"

#include <doctest/doctest.h>

using namespace msp;

TEST_CASE("an address is read in its strict form only, and written canonically") {
    struct Row {
        std::string_view numeric;
        std::string_view canonical;  // empty: it is none
    };
    const Row rows[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"0.0.0.0", "0.0.0.0"},
        {"::1", "::1"},
        {"2001:DB8:0:0:0:0:0:7", "2001:db8::7"},
        {"::ffff:10.0.0.1", "::ffff:10.0.0.1"},
        {"", ""},
        {"localhost", ""},
        {"127.1", ""},
        {"0127.0.0.1", ""},
        {"0x7f.0.0.1", ""},
        {"2130706433", ""},
        {"1.2.3.256", ""},
        {"1.2.3.4.5", ""},
        {" 1.2.3.4", ""},
        {"1.2.3.4 ", ""},
        {"fe80::1%eth0", ""},
        {"[::1]", ""},
        {":::1", ""},
        {"12345::", ""},
        {std::string_view("1.2.3.4\0x", 9), ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.numeric);
        const auto address = parse_ip_address(row.numeric);
        REQUIRE(address.has_value() == !row.canonical.empty());
        if (address) CHECK(text(*address) == row.canonical);
    }
}

TEST_CASE("a network contains the addresses that begin as it does") {
    const auto contains = [](std::string_view cidr, std::string_view address) {
        return parse_ip_network(cidr)->contains(*parse_ip_address(address));
    };
    CHECK(contains("10.0.0.0/8", "10.255.255.255"));
    CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
    CHECK(contains("172.16.0.0/12", "172.31.0.1"));
    CHECK_FALSE(contains("172.16.0.0/12", "172.32.0.1"));
    CHECK(contains("192.0.2.7", "192.0.2.7"));
    CHECK_FALSE(contains("192.0.2.7", "192.0.2.6"));
    CHECK(contains("0.0.0.0/0", "203.0.113.1"));
    CHECK_FALSE(contains("0.0.0.0/0", "::1"));
    CHECK(contains("fe80::/10", "febf::1"));
    CHECK_FALSE(contains("fe80::/10", "fec0::1"));
    CHECK(contains("::1", "::1"));
    for (const std::string_view none :
         {"", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/8x", "10.0.0.0/-1", "10/8", "/8"}) {
        CAPTURE(none);
        CHECK_FALSE(parse_ip_network(none));
    }
}
