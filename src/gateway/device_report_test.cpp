#include "gateway/device_report.hpp"

#include "world/random.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace msp {

static const std::string iccid_text = "8910000000000001019";
static const std::string imsi_text = "001010000001001";

static std::vector<std::string> faults(std::string_view body) {
    const auto parsed = parse_device_report(body);
    if (parsed) return {};
    std::vector<std::string> out{parsed.reason().code};
    for (const ProblemError& error : parsed.reason().errors)
        out.push_back(error.pointer + " " + error.code);
    return out;
}
using Faults = std::vector<std::string>;

TEST_CASE("a report about a card is taken with all that it may name") {
    const auto parsed = parse_device_report(
        R"({"device_id":"mk-1","iccid":"8910000000000001019","imsi":"001010000001001",
            "imei":"490154203237518","eid":"89049032123451234512345678901235"})");
    REQUIRE(parsed);
    const auto& report = std::get<CardReport>(*parsed);
    CHECK(report.device.text() == "mk-1");
    CHECK(report.iccid.text() == iccid_text);
    CHECK(report.imsi.text() == imsi_text);
    CHECK(report.imei->text() == "490154203237518");
    CHECK(report.eid->text() == "89049032123451234512345678901235");
    CHECK(device_of(*parsed).text() == "mk-1");

    const auto least = parse_device_report(R"({"device_id":"mk-1","iccid":"89100000000000010190F",
                                               "imsi":"001010000001001"})");
    REQUIRE(least);
    CHECK_FALSE(std::get<CardReport>(*least).imei);
}

TEST_CASE("a report about an equipment is taken") {
    const auto parsed = parse_device_report(R"({"device_id":"mk-1","equipment_id":"EX-200:7"})");
    REQUIRE(parsed);
    CHECK(std::get<EquipmentReport>(*parsed).equipment.text() == "EX-200:7");
    CHECK(device_of(*parsed).text() == "mk-1");
}

TEST_CASE("a check digit that does not hold is no reason to refuse a report") {
    CHECK(faults(R"({"device_id":"d","iccid":"8910000000000001012","imsi":"001010000001001",
                     "imei":"490154203237510","eid":"89049032123451234512345678901299"})") ==
          Faults{});
}

TEST_CASE("every member at fault is named by its pointer") {
    CHECK(faults(R"({"device_id":"a b","iccid":"89x","imsi":12,"imei":null,"eid":""})") ==
          Faults{"invalid", "/device_id unknown-character", "/iccid not-digits", "/imsi wrong-type",
                 "/imei wrong-type", "/eid empty"});
    CHECK(faults(R"({"iccid":"8910000000000001019"})") ==
          Faults{"invalid", "/device_id missing", "/imsi missing"});
    CHECK(faults(R"({"equipment_id":""})") ==
          Faults{"invalid", "/device_id missing", "/equipment_id empty"});
    CHECK(faults(R"({"device_id":"d","equipment_id":"e","msisdn":"49"})") ==
          Faults{"invalid", "/msisdn unknown-member"});
}

TEST_CASE("a report is about one thing") {
    CHECK(faults(R"({"device_id":"d"})") == Faults{"invalid", " no-report"});
    CHECK(faults("{}") == Faults{"invalid", " no-report"});
    for (const char* member : {"iccid", "imsi", "imei", "eid"})
        CHECK(faults(R"({"device_id":"d","equipment_id":"e",")" + std::string(member) +
                     R"(":"1"})") == Faults{"invalid", " two-reports"});
}

TEST_CASE("what is no JSON object is refused") {
    for (const char* body : {"", "[]", "null", "{", R"({"device_id":"d","device_id":"e"})"})
        CHECK(faults(body) == Faults{"malformed-json"});
    CHECK(faults(R"({"device_id":"d","equipment_id":)" + std::string(100'000, '[')) ==
          Faults{"malformed-json"});
}

TEST_CASE("no answer to a report says an identifier of it") {
    constexpr std::uint64_t seed = 99;
    CAPTURE(seed);
    SeededRandom random(seed);
    const std::string_view members[] = {"device_id", "iccid", "imsi",
                                        "imei",      "eid",   "equipment_id"};
    const std::string values[] = {iccid_text,       imsi_text,        "490154203237518", "8.91E+18",
                                  "'" + iccid_text, iccid_text + "!", imsi_text + "x"};
    int refused = 0;
    for (int round = 0; round < 5'000; ++round) {
        std::string body = "{";
        for (const std::string_view member : members)
            if (random.below(3) > 0)
                body += (body.size() > 1 ? ",\"" : "\"") + std::string(member) + "\":\"" +
                        values[random.below(std::size(values))] + "\"";
        const auto parsed = parse_device_report(body + "}");
        if (parsed) continue;
        ++refused;
        const std::string answer = render(parsed.reason()).body;
        CAPTURE(answer);
        for (const std::string_view secret : {"8910000000", "0010100000", "4901542032"})
            REQUIRE(answer.find(secret) == std::string::npos);
    }
    CHECK(refused > 1'000);
}

}  // namespace msp
