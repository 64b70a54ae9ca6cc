#include "domain/identity.hpp"

#include "domain/sample_test.hpp"

#include <doctest/doctest.h>

#include <compare>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

using namespace msp;
using enum CheckDigit;

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
    out << value;
};
template <class A, class B>
concept Comparable = requires(const A& a, const B& b) {
    a == b;
};

template <class Id>
constexpr bool is_sound =
    std::is_trivially_copyable_v<Id> && !std::is_default_constructible_v<Id> &&
    !std::is_constructible_v<Id, std::string_view> && !Streamable<Id>;
static_assert(is_sound<Iccid> && is_sound<Imsi> && is_sound<Msisdn> && is_sound<Mdn>);
static_assert(is_sound<Eid> && is_sound<Imei> && is_sound<DeviceId> && is_sound<EquipmentId>);
static_assert(is_sound<BatchId> && is_sound<PartyId> && is_sound<OperatorId>);
static_assert(Comparable<Iccid, Iccid> && !Comparable<Iccid, Imsi>);
static_assert(!Comparable<PartyId, OperatorId> && !Comparable<DeviceId, EquipmentId>);

namespace {

template <class Id>
std::string code(const Result<Id, IdentityError>& parsed) {
    return parsed ? "valid" : std::string(parsed.reason().code);
}

// Every text that differs from `valid` in one digit.
std::vector<std::string> one_digit_changed(const std::string& valid) {
    std::vector<std::string> changed;
    for (std::size_t at = 0; at < valid.size(); ++at) {
        for (const char digit : sample::digits) {
            if (digit == valid[at]) continue;
            changed.push_back(valid);
            changed.back()[at] = digit;
        }
    }
    return changed;
}

}  // namespace

TEST_CASE("an ICCID has 18 to 20 digits from 89 on, with a Luhn digit at its end") {
    for (const char* valid : {"8986030012345678909", "89860300123456789013", "8931440400123554659",
                              "8965880812100011146", "898603001234567895"}) {
        CAPTURE(valid);
        REQUIRE(Iccid::parse(valid, strict));
        CHECK(Iccid::parse(valid, strict)->text() == valid);
        CHECK(Iccid::parse(valid, strict)->check_digit_holds());
    }
    CHECK(code(Iccid::parse("89860300123456784", strict)) == "wrong-length");
    CHECK(code(Iccid::parse("898603001234567890133", strict)) == "wrong-length");
    for (const char* wrong :
         {"9886030012345678909", "8886030012345678909", "1986030012345678909"}) {
        CAPTURE(wrong);
        CHECK(code(Iccid::parse(wrong, warn)) == "wrong-prefix");
    }
}

TEST_CASE("an ICCID may come with spaces, hyphens and the pad of the card") {
    for (const char* written :
         {"8986030012345678909F", "8986030012345678909f", " 89860 30012 34567 8909 ",
          "8986-0300-1234-5678-909", "8986030012345678909F ", "898603001234567890-9 FF"}) {
        CAPTURE(written);
        REQUIRE(Iccid::parse(written, strict));
        CHECK(Iccid::parse(written, strict)->text() == "8986030012345678909");
    }
    CHECK(code(Iccid::parse("898603001234567F8909", strict)) == "not-digits");
    CHECK(code(Iccid::parse("8986030012345678909FFF", strict)) == "not-digits");
}

TEST_CASE("the policy decides whether a wrong check digit is an error or a remark") {
    for (const char* invented : {"8988211000000088991", "8986030012345678901F"}) {
        CAPTURE(invented);
        CHECK(code(Iccid::parse(invented, strict)) == "wrong-check-digit");
        REQUIRE(Iccid::parse(invented, warn));
        CHECK_FALSE(Iccid::parse(invented, warn)->check_digit_holds());
    }
    const auto refused = Iccid::parse("896588081210001114", strict);
    CHECK(refused.reason().code == "wrong-check-digit");
    CHECK(sample::mentions(refused.reason().hint, "left off, add 6"));
    CHECK(Iccid::parse("896588081210001114", warn));
}

TEST_CASE("a wrong check digit is named and the number offered with the right one") {
    const auto iccid = Iccid::parse("8986030012345678901", strict).reason();
    CHECK(iccid.sentence == "The check digit of the ICCID should be 9.");
    CHECK(iccid.suggestion == "8986030012345678909");
    const auto eid = Eid::parse("89001012012341234012345678901236", strict).reason();
    CHECK(eid.sentence == "The check digits of the EID should be 24.");
    CHECK(eid.suggestion == "89001012012341234012345678901224");
    const auto imei = Imei::parse("490154203237510", strict).reason();
    CHECK(imei.sentence == "The check digit of the IMEI should be 8.");
    CHECK(sample::mentions(imei.hint, "first 14 digits"));
}

TEST_CASE("digits that a spreadsheet rounded away are not covered up by a fitting check digit") {
    for (const char* rounded : {"8986030012345670000", "89860300123456700000"}) {
        CAPTURE(rounded);
        const auto error = Iccid::parse(rounded, strict).reason();
        CHECK(error.code == "wrong-check-digit");
        CHECK(sample::mentions(error.hint, "column to text"));
        CHECK(error.suggestion.empty());
    }
    const auto eid = Eid::parse("89001012012341200000000000000000", strict).reason();
    CHECK(sample::mentions(eid.hint, "column to text"));
    CHECK(eid.suggestion.empty());
}

TEST_CASE("Luhn catches every wrong digit and every transposition but that of 0 and 9") {
    for (const std::string valid : {"8986030012345678909", "89860300123456789013"}) {
        for (const auto& changed : one_digit_changed(valid)) {
            CAPTURE(changed);
            CHECK_FALSE(Iccid::parse(changed, strict));
        }
    }
    for (char left = '0'; left <= '9'; ++left) {
        for (char right = '0'; right <= '9'; ++right) {
            if (left == right) continue;
            const std::string body = std::string("8986030012345") + left + right + "789";
            const std::string swapped = std::string("8986030012345") + right + left + "789";
            CAPTURE(body);
            const bool nine_and_zero = std::set{left, right} == std::set{'0', '9'};
            CHECK((luhn_digit(body) == luhn_digit(swapped)) == nine_and_zero);
            CHECK(Iccid::parse(body + luhn_digit(body), strict));
            CHECK(bool(Iccid::parse(swapped + luhn_digit(body), strict)) == nine_and_zero);
        }
    }
}

TEST_CASE("an EID has 32 digits of which the last two make it 1 modulo 97") {
    for (const std::string valid :
         {"89001012012341234012345678901224", "89001567010203040506070809101152",
          "89044011112233441122334411223321", "89034011560010000000000000000121",
          "89049032123451234512345678901235"}) {
        CAPTURE(valid);
        REQUIRE(Eid::parse(valid, strict));
        CHECK(Eid::parse(valid, strict)->text() == valid);
        CHECK(eid_check_digits(valid.substr(0, 30)) == valid.substr(30));
        for (const auto& changed : one_digit_changed(valid)) {
            CAPTURE(changed);
            REQUIRE(code(Eid::parse(changed, strict)) == "wrong-check-digit");
            CHECK_FALSE(Eid::parse(changed, warn)->check_digit_holds());
        }
    }
    CHECK(Eid::parse("89049032 12345123 45123456 78901235", strict));
    CHECK(code(Eid::parse("8904903212345123451234567890123", warn)) == "wrong-length");
}

TEST_CASE("an IMSI has 6 to 15 digits and tells its network") {
    struct Network {
        const char* imsi;
        const char* mcc;
        const char* mnc;
        const char* masked;
    };
    for (const auto& network : std::vector<Network>{{"460030912121001", "460", "03", "46003…01"},
                                                    {"310150123456789", "310", "150", "310150…89"},
                                                    {"001010123456789", "001", "01", "00101…89"},
                                                    {"302720123456789", "302", "720", "302720…89"},
                                                    {"316010123456789", "316", "010", "316010…89"},
                                                    {"317010123456789", "317", "01", "31701…89"},
                                                    {"405025123456789", "405", "025", "405025…89"},
                                                    {"405024123456789", "405", "02", "40502…89"},
                                                    {"405854123456789", "405", "854", "405854…89"},
                                                    {"405510123456789", "405", "51", "40551…89"},
                                                    {"123456", "123", "45", "…"}}) {
        CAPTURE(network.imsi);
        const auto imsi = Imsi::parse(network.imsi);
        REQUIRE(imsi);
        CHECK(imsi->text() == network.imsi);
        CHECK(imsi->mcc() == network.mcc);
        CHECK(imsi->mnc() == network.mnc);
        CHECK(imsi->masked() == network.masked);
    }
    CHECK(code(Imsi::parse("46003")) == "wrong-length");
    CHECK(code(Imsi::parse("4600309121210012")) == "wrong-length");
    CHECK(
        sample::mentions(Imsi::parse("46003").reason().sentence, "is 5; it takes 6 to 15 digits"));
}

TEST_CASE("an MSISDN is an international number, written with +, 00 or neither") {
    for (const char* written : {"8613300000001", "+8613300000001", "008613300000001",
                                "+86 133-0000-0001", " +8613300000001 "}) {
        CAPTURE(written);
        REQUIRE(Msisdn::parse(written));
        CHECK(Msisdn::parse(written)->text() == "8613300000001");
    }
    CHECK(Msisdn::parse("861064912345678"));
    CHECK(code(Msisdn::parse("8610649123456789")) == "wrong-length");
    CHECK(code(Msisdn::parse("01330000001")) == "wrong-prefix");
    CHECK(code(Msisdn::parse("+008613300000001")) == "wrong-prefix");
    CHECK(code(Msisdn::parse("++8613300000001")) == "not-digits");
    CHECK(code(Msisdn::parse("+44 (0)20 7946 0958")) == "not-digits");
    CHECK(code(Msisdn::parse("+")) == "empty");
}

TEST_CASE("an MDN is a national number of North America or China") {
    CHECK(Mdn::parse("3124705797")->text() == "3124705797");
    CHECK(Mdn::parse("312-470-5797")->text() == "3124705797");
    CHECK(Mdn::parse("13300000001"));
    CHECK(Mdn::parse("1064912345678"));
    for (const char* wrong : {"1124705797", "3121705797", "12300000001", "23300000001",
                              "133000000012", "8613300000001"}) {
        CAPTURE(wrong);
        CHECK(code(Mdn::parse(wrong)) == "wrong-number-plan");
    }
    CHECK(code(Mdn::parse("312470579")) == "wrong-length");
    CHECK(Mdn::parse("+1 312 470 5797").reason().suggestion == "3124705797");
    CHECK(Mdn::parse("+8613300000001").reason().suggestion == "13300000001");
}

TEST_CASE("an IMEI is compared by its first 14 digits, whatever follows") {
    CHECK(Imei::parse("490154203237518", strict));
    CHECK(code(Imei::parse("490154203237519", strict)) == "wrong-check-digit");
    CHECK(Imei::parse("356938035643809", strict));
    CHECK(luhn_digit("26053179311383") == '7');
    CHECK(Imei::parse("260531793113837", strict)->text() == "260531793113837");
    CHECK(Imei::parse("3517560632493301", strict)->check_digit_holds());
    CHECK(Imei::parse("49-015420-323751-8", strict)->text() == "490154203237518");
    CHECK(code(Imei::parse("4901542032375", warn)) == "wrong-length");
    CHECK(code(Imei::parse("49015420323751801", warn)) == "wrong-length");

    const auto printed = *Imei::parse("490154203237518", strict);
    for (const char* same : {"49015420323751", "490154203237510", "4901542032375101"}) {
        CAPTURE(same);
        const auto reported = *Imei::parse(same, warn);
        CHECK(reported == printed);
        CHECK((reported <=> printed) == std::strong_ordering::equal);
        CHECK(std::hash<Imei>{}(reported) == std::hash<Imei>{}(printed));
    }
    CHECK(*Imei::parse("49015420323752", strict) != printed);
    for (const auto& changed : one_digit_changed("490154203237518")) {
        CAPTURE(changed);
        CHECK_FALSE(Imei::parse(changed, strict));
    }
}

TEST_CASE("names are taken as they are, or not at all") {
    const std::string longest(64, 'x');
    CHECK(DeviceId::parse("A.b_c:d-9")->text() == "A.b_c:d-9");
    CHECK(DeviceId::parse(longest));
    CHECK(code(DeviceId::parse(longest + 'x')) == "wrong-length");
    CHECK(*DeviceId::parse("ex-17") != *DeviceId::parse("EX-17"));
    CHECK(DeviceId::parse("-9"));
    CHECK(code(BatchId::parse("a:b")) == "unknown-character");
    CHECK(PartyId::parse(std::string(32, '0')));
    CHECK(code(PartyId::parse(std::string(33, '0'))) == "wrong-length");
    CHECK(code(PartyId::parse("-acme")) == "wrong-prefix");
    CHECK(PartyId::parse("-acme").reason().suggestion == "acme");
    CHECK(code(OperatorId::parse("Operator")) == "unknown-character");
    for (const char* wrong : {"m2m/1", "a+b", "#", "a b", "a\nb", "\xC3\xA9"}) {
        CAPTURE(wrong);
        CHECK(code(DeviceId::parse(wrong)) == "unknown-character");
        CHECK(code(EquipmentId::parse(wrong)) == "unknown-character");
    }
    CHECK(EquipmentId::parse(" EX-17\r\n").reason().suggestion == "EX-17");
    CHECK(EquipmentId::parse("EX\xE2\x80\x93"
                             "17")
              .reason()
              .suggestion == "EX-17");
    for (const char* dots : {".", ".."}) CHECK(code(EquipmentId::parse(dots)) == "reserved");
    CHECK(EquipmentId::parse("..."));
}
