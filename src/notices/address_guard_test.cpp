#include "notices/address_guard.hpp"

#include "notices/hostile_urls_test.hpp"

#include <doctest/doctest.h>

using namespace msp;

TEST_CASE(
    "what is allowed explicitly may be connected to, in the clear too, and nothing beside it") {
    const AddressRules rules{.ports = {443, 8443},
                             .allowed = {*parse_allowed_target("127.0.0.1:9000"),
                                         *parse_allowed_target("10.1.0.0/16:443"),
                                         *parse_allowed_target("[fd00::/8]:443")}};
    const AddressGuard guard(rules);
    CHECK(guard.may_connect("127.0.0.1", 9000, false));
    CHECK(guard.may_connect("127.0.0.1", 9000, true));
    CHECK_FALSE(guard.may_connect("127.0.0.1", 9001, true));
    CHECK_FALSE(guard.may_connect("127.0.0.2", 9000, true));
    CHECK_FALSE(guard.may_connect("::ffff:127.0.0.1", 9000, true));
    CHECK(guard.may_connect("10.1.255.1", 443, true));
    CHECK_FALSE(guard.may_connect("10.2.0.1", 443, true));
    CHECK(guard.may_connect("fd12::1", 443, true));
    CHECK(guard.may_connect("8.8.8.8", 443, true));
    CHECK(guard.may_connect("8.8.8.8", 8443, true));
    CHECK_FALSE(guard.may_connect("8.8.8.8", 443, false));
    CHECK_FALSE(guard.may_connect("8.8.8.8", 80, true));
    for (const char* none : {"", "localhost", "fe80::1%2", "8.8.8.8 ", "08.8.8.8"})
        CHECK_FALSE(guard.may_connect(none, 443, true));

    CHECK(verdict("http://127.0.0.1:9000/in", rules) == "");
    CHECK(verdict("http://localhost:9000/in", rules) == "");  // judged when it is connected to
    CHECK(verdict("http://127.0.0.1:9001/in", rules) == address_not_public);
    CHECK(verdict("https://hooks.example.com:8443/", rules) == "");
    CHECK(verdict("http://hooks.example.com/", rules) == not_https);
    CHECK((*connect_guard(std::make_shared<const AddressGuard>(rules), false))("127.0.0.1", 9000));
    CHECK_FALSE(
        (*connect_guard(std::make_shared<const AddressGuard>(rules), false))("8.8.8.8", 443));
}

TEST_CASE("allowed targets are read strictly") {
    CHECK(parse_allowed_target("127.0.0.1:9000")->port == 9000);
    CHECK(parse_allowed_target("[::1]:9000")->network.begin.v6);
    for (const char* none : {"", "127.0.0.1", ":9000", "localhost:9000", "127.0.0.1:0",
                             "127.0.0.1:65536", "127.0.0.1:9000x", "::1:9000", "[127.0.0.1]:9000",
                             "127.0.0.1/33:9000", "[::1]", "[::1:9000"})
        CHECK_FALSE(parse_allowed_target(none));
}

TEST_CASE("the ends of each network that is not public are not, and what is beside them is") {
    struct Row {
        std::string_view before, first, last, after;
    };
    const Row rows[] = {
        {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
        {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
        {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
        {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
        {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
        {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
        {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
        {"223.255.255.255", "224.0.0.0", "255.255.255.255", "1.0.0.0"},
        {"2001:200::", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
        {"2001:ffff::", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
        {"2a00::", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
        {"3ffe:ffff::", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"},
        {"2600::", "4000::", "ffff::", "2606:4700::1111"},
        {"2000::", "::", "1fff:ffff::", "2003::"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.first);
        CHECK(is_public(*parse_ip_address(row.before)));
        CHECK_FALSE(is_public(*parse_ip_address(row.first)));
        CHECK_FALSE(is_public(*parse_ip_address(row.last)));
        CHECK(is_public(*parse_ip_address(row.after)));
    }
}
