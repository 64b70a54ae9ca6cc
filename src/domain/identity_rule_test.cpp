#include "domain/identity_rule.hpp"

#include "domain/sample_test.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace msp;
using enum CheckDigit;

namespace {

// What became of a text: its canonical form, or why not.
struct Outcome {
    std::optional<std::string> text;
    IdentityError error;
};

template <class Id>
Outcome outcome(const Result<Id, IdentityError>& parsed) {
    if (!parsed) return {std::nullopt, parsed.reason()};
    return {std::string(parsed->text()), {}};
}

struct Kind {
    const char* name;
    std::function<Outcome(std::string_view)> parse;
    std::string_view alphabet;
    std::size_t shortest;
    std::size_t longest;
    std::string sample;
};

template <class Id>
Outcome parse_plainly(std::string_view text) {
    return outcome(Id::parse(text));
}
template <class Id, CheckDigit policy>
Outcome parse_by(std::string_view text) {
    return outcome(Id::parse(text, policy));
}

constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view batch =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
constexpr std::string_view name =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:";

const std::vector<Kind> id_kinds = {
    {"ICCID", parse_by<Iccid, strict>, sample::digits, 18, 20, "8986030012345678909"},
    {"ICCID, warn", parse_by<Iccid, warn>, sample::digits, 18, 20, "8988211000000088991"},
    {"IMSI", parse_plainly<Imsi>, sample::digits, 6, 15, "460030912121001"},
    {"MSISDN", parse_plainly<Msisdn>, sample::digits, 1, 15, "8613300000001"},
    {"MDN", parse_plainly<Mdn>, sample::digits, 10, 13, "3124705797"},
    {"EID", parse_by<Eid, strict>, sample::digits, 32, 32, "89001012012341234012345678901224"},
    {"EID, warn", parse_by<Eid, warn>, sample::digits, 32, 32, "89001012012341234012345678901236"},
    {"IMEI", parse_by<Imei, strict>, sample::digits, 14, 16, "490154203237518"},
    {"IMEI, warn", parse_by<Imei, warn>, sample::digits, 14, 16, "490154203237519"},
    {"device ID", parse_plainly<DeviceId>, name, 1, 64, "urn:dev:os:0023C7-000001"},
    {"equipment ID", parse_plainly<EquipmentId>, name, 1, 64, "EX-17.rev_2"},
    {"batch ID", parse_plainly<BatchId>, batch, 1, 64, "B-2026_014.csv"},
    {"party ID", parse_plainly<PartyId>, lower, 1, 32, "m2m-sp"},
    {"operator ID", parse_plainly<OperatorId>, lower, 1, 32, "operator-2"},
};

bool has_digits_in_a_row(std::string_view text, std::size_t count) {
    std::size_t row = 0;
    for (const char character : text) {
        row = sample::digits.find(character) == std::string_view::npos ? 0 : row + 1;
        if (row == count) return true;
    }
    return false;
}

const std::set<std::string_view> every_code = {
    "empty",        "wrong-length",       "not-digits",
    "quoted",       "unknown-character",  "full-width-digits",
    "reserved",     "leading-apostrophe", "spreadsheet-number",
    "wrong-prefix", "wrong-number-plan",  "wrong-check-digit"};

IdentityError refused(const Kind& kind, std::string_view given) {
    const auto found = kind.parse(given);
    CAPTURE(kind.name);
    CAPTURE(given);
    REQUIRE_FALSE(found.text);
    return found.error;
}

bool is_number(const Kind& kind) {
    return kind.alphabet == sample::digits;
}

// What holds of every text, whatever its kind: it is refused properly, or canonical for ever.
void check_laws(const Kind& kind, const std::string& given) {
    CAPTURE(kind.name);
    CAPTURE(given);
    const auto found = kind.parse(given);
    if (found.text) {
        REQUIRE(found.text->find_first_not_of(kind.alphabet) == std::string::npos);
        REQUIRE(kind.shortest <= found.text->size());
        REQUIRE(found.text->size() <= kind.longest);
        REQUIRE(kind.parse(*found.text).text == found.text);
        return;
    }
    const IdentityError& error = found.error;
    REQUIRE(every_code.contains(error.code));
    REQUIRE(sample::mentions(error.sentence, std::string_view(kind.name).substr(0, 3)));
    REQUIRE_FALSE(error.hint.empty());
    REQUIRE_FALSE(has_digits_in_a_row(error.sentence + error.hint, 4));
    if (given.size() >= 8) REQUIRE_FALSE(sample::mentions(error.sentence + error.hint, given));
    if (!error.suggestion.empty()) REQUIRE(kind.parse(error.suggestion).text == error.suggestion);
}

}  // namespace

TEST_CASE("every sample is valid, and canonical already") {
    for (const auto& kind : id_kinds) {
        CAPTURE(kind.name);
        CHECK(kind.parse(kind.sample).text == kind.sample);
    }
}

TEST_CASE("nothing, and nothing but what is dropped, is empty") {
    for (const auto& kind : id_kinds) {
        for (const char* given : {"", " ", "   "}) CHECK(refused(kind, given).code == "empty");
        if (is_number(kind)) CHECK(refused(kind, " - -").code == "empty");
    }
}

TEST_CASE("a wrong length is told as a number, and a very long text is refused unread") {
    for (const auto& kind : id_kinds) {
        const std::string one_more(kind.longest + 1, '8');
        const auto error = refused(kind, one_more);
        CHECK(error.code == "wrong-length");
        CHECK(sample::mentions(error.sentence, " is " + std::to_string(kind.longest + 1) + ";"));
        CHECK(refused(kind, std::string(257, '\'')).code == "wrong-length");
        CHECK(refused(kind, std::string(1'000'000, '8')).code == "wrong-length");
    }
    CHECK(sample::mentions(refused(id_kinds[2], "10101").hint, "leading zeros"));
}

TEST_CASE("a number that went through a spreadsheet is recognised, and how to keep it is told") {
    for (const auto& kind : id_kinds) {
        if (!is_number(kind)) continue;
        for (const char* given : {"8.986E+18", "8,98604E+18", "8.98604e18", "9E+18", " 4.6E+14 "}) {
            const auto error = refused(kind, given);
            CHECK(error.code == "spreadsheet-number");
            CHECK(sample::mentions(error.hint, "Set the column to text"));
            CHECK(error.suggestion.empty());
        }
        const bool survived = kind.sample.size() <= 15;
        for (const char* fraction : {".0", ",0"}) {
            const auto error = refused(kind, kind.sample + fraction);
            CHECK(error.code == "spreadsheet-number");
            CHECK(error.suggestion == (survived ? kind.sample : ""));
        }
    }
    for (const char* given : {"8.986E+18", "8,986E18"}) {
        CHECK(refused(id_kinds[9], given).code == "spreadsheet-number");
    }
    CHECK(id_kinds[9].parse("8.986E18").text == "8.986E18");
    for (const char* given : {"E18", ".5E18", "4.6E", "4.6E+14x", "46003O912121001.0"}) {
        CHECK(refused(id_kinds[2], given).code == "not-digits");
    }
    CHECK(refused(id_kinds[2], "460030912121001E").code == "not-digits");
}

TEST_CASE(
    "quotation marks and apostrophes of a spreadsheet are named, and gone in the suggestion") {
    for (const auto& kind : id_kinds) {
        const auto& sample = kind.sample;
        for (const auto& given : {'"' + sample + '"', "'" + sample + "'", "=\"" + sample + '"',
                                  "  \"" + sample + "\" "}) {
            const auto error = refused(kind, given);
            CHECK(error.code == "quoted");
            CHECK(error.suggestion == sample);
        }
        const auto error = refused(kind, "'" + sample);
        CHECK(error.code == "leading-apostrophe");
        CHECK(error.suggestion == sample);
        for (const auto& given : {std::string("\""), "=\"" + sample, '"' + sample}) {
            CHECK(refused(kind, given).code != "quoted");
        }
        CHECK(refused(kind, "\"\"").suggestion.empty());
    }
}

TEST_CASE("full-width digits are named and offered in half width, in Unicode and in GB18030") {
    for (const auto& kind : id_kinds) {
        if (!is_number(kind)) continue;
        std::string utf8;
        std::string gb18030;
        for (const char digit : kind.sample) {
            utf8 += {'\xEF', '\xBC', static_cast<char>(0x90 + (digit - '0'))};
            gb18030 += {'\xA3', static_cast<char>(0xB0 + (digit - '0'))};
        }
        for (const auto& given : {utf8, gb18030, kind.sample.substr(0, 5) + utf8.substr(15)}) {
            const auto error = refused(kind, given);
            CHECK(error.code == "full-width-digits");
            CHECK(error.suggestion == kind.sample);
        }
    }
}

TEST_CASE(
    "a character that does not belong is shown: as it is if it can be printed, else in bytes") {
    const auto& imsi = id_kinds[2];
    CHECK(refused(imsi, "46003O912121001").code == "not-digits");
    CHECK(refused(imsi, "46003O912121001").sentence == "The IMSI holds the character 'O'.");
    CHECK(refused(imsi, "46003O912121001").suggestion.empty());
    const std::map<std::string, std::string> shown = {
        {"\xC2\xA0", "\\xC2\\xA0"},
        {"\xEF\xBB\xBF", "\\xEF\\xBB\\xBF"},
        {"\xE2\x80\x8B", "\\xE2\\x80\\x8B"},
        {"\n", "\\x0A"},
        {"\x7F", "\\x7F"},
        {std::string(1, '\0'), "\\x00"},
        {"\xFF", "\\xFF"},
        {"\xFF\x80\x80\x80\x80", "\\xFF\\x80\\x80\\x80"},
        {"\xF0\x9F\x98\x80", "\\xF0\\x9F\\x98\\x80"}};
    for (const auto& [character, escaped] : shown) {
        const auto error = refused(imsi, "46003" + character + "0912121001");
        CHECK(error.code == "unknown-character");
        CHECK(error.sentence == "The IMSI holds the character " + escaped + ".");
    }
}

TEST_CASE("what an editor slipped in is gone in the suggestion, and nothing else is") {
    for (const auto& kind : id_kinds) {
        for (const char* mark : {"\r", "\n", "\t", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF",
                                 "\xE2\x80\x8B", "\xE2\x80\x8E", "\xE2\x80\xAD"}) {
            CHECK(refused(kind, mark + kind.sample).suggestion == kind.sample);
            CHECK(refused(kind, kind.sample + mark).suggestion == kind.sample);
        }
        CHECK(refused(kind, kind.sample + "\xFF").suggestion.empty());
        CHECK(refused(kind, kind.sample + "\xC3\xA9").suggestion.empty());
    }
}

TEST_CASE("strict takes exactly what warn takes with a check digit that holds") {
    std::mt19937_64 random(20'260'101);
    for (int round = 0; round < 20'000; ++round) {
        std::string given = "89";
        const auto length = 14 + random() % 20;
        while (given.size() < length) given += sample::digits[random() % 10];
        CAPTURE(given);
        const auto iccid = Iccid::parse(given, warn);
        const auto eid = Eid::parse(given, warn);
        const auto imei = Imei::parse(given, warn);
        REQUIRE(bool(Iccid::parse(given, strict)) == (iccid && iccid->check_digit_holds()));
        REQUIRE(bool(Eid::parse(given, strict)) == (eid && eid->check_digit_holds()));
        REQUIRE(bool(Imei::parse(given, strict)) == (imei && imei->check_digit_holds()));
    }
}

TEST_CASE("no bytes whatever crash a parser, leak into its words or make an invalid identifier") {
    constexpr std::uint64_t seed = 4'711;
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const std::vector<std::string> fragments = {
        "8", "9", "0",  "F",  "'",    "\"",       "=\"",  "+",        "00",           "-",
        " ", ".", ".0", ",0", "E+18", "\xEF\xBC", "\xA3", "\xA3\xB5", "\xEF\xBC\x95", "89"};
    for (int round = 0; round < 100'000; ++round) {
        const auto& kind = id_kinds[random() % id_kinds.size()];
        std::string given = random() % 2 ? kind.sample : "";
        for (auto changes = random() % 40; changes > 0; --changes) {
            const auto at = random() % (given.size() + 1);
            switch (random() % 4) {
                case 0: given.insert(at, fragments[random() % fragments.size()]); break;
                case 1: given.insert(at, 1, static_cast<char>(random())); break;
                case 2: given.erase(at, 1 + random() % 3); break;
                case 3: given.insert(at, 1, kind.alphabet[random() % kind.alphabet.size()]); break;
            }
        }
        check_laws(kind, given);
    }
}

TEST_CASE("every byte in every place of every kind is either valid or refused by name") {
    for (const auto& kind : id_kinds) {
        for (std::size_t at = 0; at < kind.sample.size(); ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                auto given = kind.sample;
                given[at] = static_cast<char>(byte);
                check_laws(kind, given);
            }
        }
    }
}

TEST_CASE("a masked number shows its beginning and its end, and hides six digits at least") {
    CHECK(masked("8986030012345678909", 6) == "898603…09");
    for (std::size_t length = 0; length <= 40; ++length) {
        const std::string number(length, '8');
        for (std::size_t shown = 0; shown <= 10; ++shown) {
            const auto screen = masked(number, shown);
            const auto seen = screen.size() - std::string_view("…").size();
            CAPTURE(length);
            CAPTURE(shown);
            REQUIRE((seen == 0 || seen + 6 <= length));
            if (length >= shown + 8) REQUIRE(seen == shown + 2);
        }
    }
    CHECK(Mdn::parse("3124705797")->masked() == "31…97");
    CHECK(Iccid::parse("8986030012345678909", strict)->masked() == "898603…09");
    CHECK(Msisdn::parse("1")->masked() == "…");
}
