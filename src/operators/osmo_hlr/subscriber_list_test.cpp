#include "operators/osmo_hlr/subscriber_list.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace msp;

namespace {

// OsmoHLR 1.5.0, byte by byte.
const std::string greeting =
    "Welcome to the OsmoHLR VTY interface\r\n\r\nCopyright (C) 2016, 2017 by Harald Welte, "
    "sysmocom "
    "s.f.m.c. GmbH\r\n\xff\xfb\x01\xff\xfb\x03\xff\xfe\"\xff\xfd\x1fOsmoHLR> ";
const std::string typed =
    "terminal length 0\r\nOsmoHLR> \r\nOsmoHLR> show subscribers all\r\n"
    "ID     MSISDN        IMSI              IMEI              NAM\r\n"
    "-----  ------------  ----------------  ----------------  -----\r\n";
const std::string rows =
    "1      none          262070000000001    -------------    CSPS  \r\n"
    "2      49170111      262070000000002    -------------          \r\n"
    "3      none          262070000000003    35824005111111      PS  \r\n"
    "4      none          26207000000004     -------------    CS    \r\n";
const std::string count = " Subscribers Shown: 4\r\n";
const std::string prompt = "OsmoHLR> \r\nOsmoHLR> ";
const std::string whole = greeting + typed + rows + count + prompt;

constexpr std::size_t longest = 64 * 1024;

std::optional<Result<SubscriberList, Failure>> read(std::string_view bytes,
                                                    std::size_t at_most = longest) {
    SubscriberListReader reader(at_most);
    reader.take(bytes);
    return reader.result();
}

bool is_malformed(std::string_view bytes) {
    const auto result = read(bytes);
    return result && !*result && result->reason().kind == Failure::Kind::malformed;
}

}  // namespace

TEST_CASE("the terminal's list is read as OsmoHLR prints it") {
    const auto list = read(whole);
    REQUIRE(list);
    CHECK(list->value() == SubscriberList{{"262070000000001", "CSPS"},
                                          {"262070000000002", ""},
                                          {"262070000000003", "PS"},
                                          {"26207000000004", "CS"}});
    const auto none = read(greeting + typed + "% No matching subscriber(s)\r\n" + prompt);
    REQUIRE(none);
    CHECK(none->value().empty());
}

TEST_CASE("a list that is cut anywhere is none yet, and one that is cut in pieces is the same") {
    const std::size_t end = whole.size() - prompt.size();
    for (std::size_t length = 0; length < end; ++length)
        REQUIRE_FALSE(read(std::string_view(whole).substr(0, length)));
    for (unsigned seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        std::mt19937 chance(seed);
        SubscriberListReader reader(longest);
        for (std::size_t at = 0; at < whole.size();) {
            const std::size_t size = 1 + chance() % 40;
            reader.take(std::string_view(whole).substr(at, size));
            at += size;
        }
        REQUIRE(reader.result());
        CHECK(reader.result()->value() == read(whole)->value());
    }
}

TEST_CASE("a list with a row missing, doubled or in other words is none") {
    CHECK(is_malformed(typed + rows + " Subscribers Shown: 3\r\n"));
    CHECK(is_malformed(typed + rows + " Subscribers Shown: 5\r\n"));
    CHECK(is_malformed(typed + rows + " Subscribers Shown: many\r\n"));
    CHECK(is_malformed(typed + rows + "% No matching subscriber(s)\r\n"));
    CHECK(is_malformed(typed + rows + prompt + "\r\n"));
    CHECK(is_malformed(typed + "x none 262070000000001 - CSPS\r\n"));
    CHECK(is_malformed(typed + "1 none 26207000000000x - CSPS\r\n"));
    CHECK(is_malformed(typed + "1 none 2620700000000011 - CSPS\r\n"));
    CHECK(is_malformed(typed + "1 none 262070000000001 - CSPS more\r\n"));
    CHECK(is_malformed(typed + std::string(600, 'x')));
    CHECK(is_malformed(greeting + "show subscribers all\r\n% Unknown command.\r\n" + prompt));
    const auto endless = read(whole, 100);
    REQUIRE(endless);
    CHECK(endless->reason().kind == Failure::Kind::unknown);
}

TEST_CASE("pages follow each other by IMSI, whatever the order of the print") {
    SubscriberList list = read(whole)->value();
    std::swap(list[0], list[3]);
    std::vector<std::string> seen;
    std::string after;
    for (int pages = 0; pages < 4; ++pages) {
        const ListPage page = page_of(list, after, 1);
        REQUIRE(page.entries.size() == 1);
        CHECK(page.next.has_value() == (pages < 3));
        after = page.next.value_or("");
        if (page.entries[0].imsi) seen.emplace_back(page.entries[0].imsi->text());
    }
    CHECK(seen.size() >= 3);
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(page_of(list, "", 10).entries.size() == 4);
    CHECK_FALSE(page_of(list, "", 10).next);
    CHECK(page_of(list, "9", 10).entries.empty());
    CHECK(page_of({}, "", 10).entries.empty());
}

TEST_CASE("what the list shows of a subscriber is what a read of it shows") {
    const auto shown = [](const char* access) {
        return page_of({{"262070000000001", access}}, "", 1).entries.at(0);
    };
    CHECK(shown("CSPS").reading.state == NetworkState::active);
    CHECK(shown("CSPS").reading.native.view() == "ps 1 cs 1");
    CHECK(shown("PS").reading.native.view() == "ps 1 cs 0");
    CHECK(shown("CS").reading.state == NetworkState::de_active);
    CHECK(shown("CS").reading.native.view() == "ps 0 cs 1");
    CHECK(shown("").reading.state == NetworkState::de_active);
    CHECK(shown("EPS").reading.state == NetworkState::unknown);
    CHECK(shown("PS").reference.empty());
    CHECK(shown("PS").imsi->text() == "262070000000001");
    CHECK_FALSE(shown("PS").reading.session);
}
