#include "access/json.hpp"

#include "world/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

namespace msp {

static JsonObject object(std::string_view body) {
    auto parsed = JsonObject::parse(body);
    CAPTURE(body);
    REQUIRE(parsed);
    return std::move(parsed).value();
}

// The errors as "pointer code", in order.
static std::vector<std::string> faults(const JsonObject& object) {
    std::vector<std::string> out;
    if (const auto problem = object.problem())
        for (const ProblemError& error : problem->errors)
            out.push_back(error.pointer + " " + error.code);
    return out;
}

using Faults = std::vector<std::string>;

TEST_CASE("each getter reads its type") {
    JsonObject body = object(
        R"({"t":"Zürich \u00fc","f":true,"n":-7,"d":0.5,"at":"2026-03-02T09:14:00+02:00",
            "a":["x","y"],"m":{"k":"v","a/b~":"w"},"nested":{"deep":{"t":"in"}},"z":null})");
    CHECK(body.text("/t") == "Zürich ü");
    CHECK(body.flag("/f") == true);
    CHECK(body.number("/n", -10, 10) == -7);
    CHECK(body.decimal("/d", 0, 1) == 0.5);
    CHECK(body.time("/at") == parse_rfc3339("2026-03-02T07:14:00Z"));
    CHECK(body.texts("/a", 2) == std::vector<std::string>{"x", "y"});
    CHECK(body.entries("/m", 2) == std::map<std::string, std::string>{{"k", "v"}, {"a/b~", "w"}});
    CHECK(body.text("/nested/deep/t") == "in");
    CHECK(body.has("/z"));
    CHECK(body.text("/z", Need::nullable) == std::nullopt);
    CHECK(faults(body) == Faults{});
}

TEST_CASE("what is missing is a fault only where it is needed") {
    JsonObject body = object(R"({"null":null})");
    CHECK_FALSE(body.text("/a"));
    CHECK_FALSE(body.flag("/b", Need::optional));
    CHECK_FALSE(body.number("/c", 0, 1, Need::nullable));
    CHECK_FALSE(body.text("/null", Need::optional));
    CHECK_FALSE(body.has("/a"));
    CHECK(faults(body) == Faults{"/a missing", "/null wrong-type"});
}

TEST_CASE("every wrong type is a fault of its member, and all are named at once") {
    const std::string_view values[] = {R"("text")", "true", "1", "1.5", "[]", "{}", "null"};
    for (const std::string_view value : values) {
        CAPTURE(value);
        JsonObject body = object(R"({"v":)" + std::string(value) + "}");
        const int fits = int(body.text("/v").has_value()) + int(body.flag("/v").has_value()) +
                         int(body.number("/v", 0, 9).has_value()) +
                         int(body.texts("/v", 9).has_value()) +
                         int(body.entries("/v", 9).has_value());
        const bool fits_none = value == "1.5" || value == "null";
        CHECK(fits == (fits_none ? 0 : 1));
        CHECK(faults(body).size() == (fits_none ? 5 : 4));
    }
}

TEST_CASE("a number is whole and within its bounds") {
    JsonObject body = object(
        R"({"a":11,"b":-1,"c":1.0,"d":9223372036854775808,"e":1e2,"f":99999999999999999999999})");
    for (const char* name : {"/a", "/b", "/c", "/d", "/e", "/f"})
        CHECK_FALSE(body.number(name, 0, 10));
    CHECK(faults(body).size() == 6);
    CHECK(object(R"({"n":9223372036854775807})")
              .number("/n", 0, std::numeric_limits<std::int64_t>::max()));
    CHECK_FALSE(object(R"({"d":2.5})").decimal("/d", 0, 2));
    CHECK(object(R"({"d":2})").decimal("/d", 0, 2) == 2.0);
}

TEST_CASE("texts are bounded and hold no control characters") {
    JsonObject body = object(R"({"a":"12345","b":"x\u0000y","c":"x\u001by","d":"l1\nl2\t"})");
    CHECK_FALSE(body.text("/a", Need::required, 4));
    CHECK_FALSE(body.text("/b"));
    CHECK_FALSE(body.text("/c"));
    CHECK(body.text("/d") == "l1\nl2\t");
    CHECK(faults(body) == Faults{"/a too-long", "/b control-character", "/c control-character"});
}

TEST_CASE("arrays and objects of texts are bounded, and each wrong element has its pointer") {
    JsonObject body = object(R"({"a":["x",1,"y",null],"b":["1","2","3"],"m":{"k":1,"a/b":2}})");
    CHECK_FALSE(body.texts("/a", 9));
    CHECK_FALSE(body.texts("/b", 2));
    CHECK_FALSE(body.entries("/m", 9));
    CHECK(faults(body) == Faults{"/a/1 wrong-type", "/a/3 wrong-type", "/b too-many",
                                 "/m/k wrong-type", "/m/a~1b wrong-type"});
}

TEST_CASE("members that nobody asked for are faults, at every depth") {
    JsonObject body = object(R"({"a":"x","b":1,"n":{"k":"v","extra":{"deep":1}},"~/":0})");
    (void)body.text("/a");
    (void)body.text("/n/k");
    CHECK(faults(body) ==
          Faults{"/b unknown-member", "/n/extra unknown-member", "/~0~1 unknown-member"});
}

TEST_CASE("what may be a key in the place of a member's name is not told back") {
    const std::string key = "msp_k3v9q0x2m7c1_" + std::string(43, 'x');
    JsonObject body = object("{\"" + key + "\":1,\"n\":{\"" + key + "\":2}}");
    (void)body.text("/n/k");
    CHECK(faults(body) == Faults{"/n/k missing", "/… unknown-member", "/n/… unknown-member"});
}

TEST_CASE("a member below something else than an object is missing, not a crash") {
    JsonObject body = object(R"({"n":"text","a":["x"]})");
    CHECK_FALSE(body.text("/n/k"));
    CHECK_FALSE(body.text("/a/0"));
    CHECK(faults(body) ==
          Faults{"/n/k missing", "/a/0 missing", "/n unknown-member", "/a unknown-member"});
}

TEST_CASE("an identifier is refused with its own code, and never shown in the sentence") {
    JsonObject body = object(R"({"imsi":"31015012345x789","to":"Acme!","device_id":"dp1-0001"})");
    CHECK_FALSE(body.identifier<Imsi>("/imsi"));
    CHECK_FALSE(body.identifier<PartyId>("/to"));
    CHECK(body.identifier<DeviceId>("/device_id")->text() == "dp1-0001");
    const auto problem = body.problem();
    REQUIRE(problem);
    REQUIRE(problem->errors.size() == 2);
    CHECK(problem->errors[0].pointer == "/imsi");
    for (const ProblemError& error : problem->errors) {
        CHECK(error.detail.find("31015") == std::string::npos);
        CHECK(error.detail.find("Acme") == std::string::npos);
    }
    CHECK(render(*problem).body.find("31015") == std::string::npos);
}

TEST_CASE("what is not exactly one object of RFC 8259 is refused") {
    const std::string deep(JsonObject::depth_most, '[');
    const std::string bodies[] = {
        "",
        " ",
        "null",
        "[]",
        "\"x\"",
        "1",
        "{",
        "{}{}",
        "{} x",
        R"({"a":1,})",
        R"({"a" 1})",
        R"({a:1})",
        R"({'a':1})",
        R"({"a":01})",
        R"({"a":+1})",
        R"({"a":NaN})",
        R"({"a":Infinity})",
        R"({"a":1e999})",
        R"({"a":"\x"})",
        R"({"a":"\ud800"})",
        "{\"a\":\"\x01\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":\"\xc0\x80\"}",
        "{\"\xed\xa0\x80\":1}",
        "\xef\xbb\xbf{}",
        "{}/* c */",
        R"({"a":1,"a":1})",
        R"({"a":1,"\u0061":2})",
        R"({"n":{"a":1,"b":2,"a":3}})",
        R"({"l":[{"a":1,"a":1}]})",
        R"({"a":)" + deep + std::string(JsonObject::depth_most, ']') + "}",
    };
    for (const std::string& body : bodies) {
        CAPTURE(body);
        const auto parsed = JsonObject::parse(body);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.reason().code == "malformed-json");
        CHECK(parsed.reason().status == 400);
        CHECK_FALSE(parsed.reason().hint.empty());
    }
}

TEST_CASE("the bounds themselves are allowed") {
    const std::size_t depth = JsonObject::depth_most - 1;
    CHECK(JsonObject::parse(R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}"));
    std::string members = "{";
    for (std::size_t i = 0; i < JsonObject::members_most; ++i)
        members += (i ? ",\"m" : "\"m") + std::to_string(i) + "\":0";
    CHECK(JsonObject::parse(members + "}"));
    CHECK_FALSE(JsonObject::parse(members + ",\"one more\":0}"));
    CHECK(JsonObject::parse(R"({"n":{"a":1},"m":{"a":1},"a":[{"a":1},{"a":1}]})"));
}

TEST_CASE("the number of errors in one answer is bounded") {
    std::string members = "{\"m\":0";
    for (int i = 0; i < 200; ++i) members += ",\"m" + std::to_string(i) + "\":0";
    CHECK(faults(object(members + "}")).size() == JsonObject::errors_most);
}

TEST_CASE("only JSON that says so is read") {
    HttpRequest request;
    request.body = "{}";
    CHECK(read_json(request).reason().status == 415);
    for (const char* type : {"application/json", "Application/JSON; charset=utf-8"}) {
        request.headers.set("Content-Type", type);
        CHECK(read_json(request));
    }
    for (const char* type :
         {"text/plain", "application/jsonx", "application/x-www-form-urlencoded"}) {
        request.headers.set("Content-Type", type);
        CHECK(read_json(request).reason().code == "unsupported-media-type");
    }
}

TEST_CASE("the writer sets commas, and optional members are null or left out") {
    std::string out = "data: ";
    JsonWriter json(out);
    const std::optional<std::string> none;
    json.open_object().member("a", 1).member("b", "x").member("c", none).member_if("d", none);
    json.name("e").open_array().value(true).value(false).null().open_object().close_object();
    json.close_array().name("f").open_array().close_array();
    json.member("g", std::uint64_t{18446744073709551615U}).member("h", -0.25);
    json.member("t", Time(Duration(1)))
        .member("p", PartyId::parse("m2m-sp").value())
        .name("r")
        .raw("{\"z\":1}");
    json.close_object();
    CHECK(out == R"(data: {"a":1,"b":"x","c":null,"e":[true,false,null,{}],"f":[],)"
                 R"("g":18446744073709551615,"h":-0.25,"t":"1970-01-01T00:00:00.001Z",)"
                 R"("p":"m2m-sp","r":{"z":1}})");
}

TEST_CASE("whatever is written as a text is read back, with U+FFFD for what is no UTF-8") {
    for (int c = 0; c < 256; ++c) {
        CAPTURE(c);
        std::string out;
        const std::string text{'a', static_cast<char>(c), 'b'};
        JsonWriter(out).open_object().member("t", text).close_object();
        const auto parsed = JsonObject::parse(out);
        REQUIRE(parsed);
        if (c >= 0x80)
            CHECK(out ==
                  "{\"t\":\"a\xEF\xBF\xBD"
                  "b\"}");
        if (c >= 0x20 && c < 0x7F) CHECK(object(out).text("/t") == text);
    }
    for (const std::string_view whole : {"ü", "€", "😀", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
        std::string out;
        JsonWriter(out).open_object().member("t", whole).close_object();
        CHECK(object(out).text("/t") == whole);
    }
}

TEST_CASE("every byte is written the same wherever it stands in a text") {
    for (std::size_t length = 1; length <= 20; ++length)
        for (std::size_t at = 0; at < length; ++at)
            for (int byte = 0; byte < 256; ++byte) {
                std::string alone;
                JsonWriter(alone).value(std::string(1, static_cast<char>(byte)));
                std::string text(length, 'x');
                text[at] = static_cast<char>(byte);
                std::string among;
                JsonWriter(among).value(text);
                const std::string there = alone.substr(1, alone.size() - 2);
                REQUIRE(among == '"' + std::string(at, 'x') + there +
                                     std::string(length - at - 1, 'x') + '"');
            }
}

TEST_CASE("random bytes never make the writer write what the reader refuses") {
    constexpr std::uint64_t seed = 20261123;
    CAPTURE(seed);
    SeededRandom random(seed);
    for (int round = 0; round < 20'000; ++round) {
        std::string text(random.below(12), '\0');
        for (char& c : text) {
            const auto kind = random.below(3);
            c = static_cast<char>(kind == 0 ? random.below(256) : 0x80 + random.below(128));
        }
        std::string out;
        JsonWriter(out).open_object().member(text, text).close_object();
        CAPTURE(out);
        REQUIRE(JsonObject::parse(out));
    }
}

TEST_CASE("random bodies are read or refused, never more") {
    constexpr std::uint64_t seed = 7;
    CAPTURE(seed);
    SeededRandom random(seed);
    const std::string_view pieces[] = {"{",     "}",     "[",           "]",  ",",  ":",
                                       "\"a\"", "\"b\"", "\"\\u00e9\"", "1",  "-",  "e5",
                                       "null",  "true",  " ",           "\"", "\\", "\xc3"};
    int read = 0;
    for (int round = 0; round < 50'000; ++round) {
        std::string body = random.below(2) ? "{" : "";
        for (auto left = random.below(10); left > 0; --left)
            body += pieces[random.below(std::size(pieces))];
        if (random.below(2)) body += "}";
        auto parsed = JsonObject::parse(body);
        if (!parsed) continue;
        ++read;
        JsonObject whole = std::move(parsed).value();
        (void)whole.text("/a");
        (void)whole.texts("/b", 3);
        (void)whole.problem();
    }
    CHECK(read > 100);
}

}  // namespace msp
