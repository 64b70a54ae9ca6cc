#include "world/http_framing.hpp"

#include "world/http_framing_cases.hpp"
#include "world/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace msp;

namespace {

// What a connection would make of bytes that come in these pieces and then end.
struct Reading {
    std::vector<int> statuses;
    std::vector<HttpRequest> requests;
};

template <class NextSize>
Reading read_all(const HttpLimits& limits, std::string_view bytes, NextSize next_size) {
    Reading reading;
    HttpRequestReader reader(limits);
    std::string waiting;
    while (true) {
        waiting.erase(0, reader.take(waiting));
        if (reader.fault() != nullptr)
            return reading.statuses.push_back(reader.fault()->status), reading;
        if (reader.complete()) {
            const bool kept = reader.keeps_alive();
            reading.statuses.push_back(200);
            reading.requests.push_back(reader.release());
            if (!kept) return reading;
            continue;
        }
        if (bytes.empty()) break;
        const std::size_t size = std::min(next_size(), bytes.size());
        waiting += bytes.substr(0, size);
        bytes.remove_prefix(size);
    }
    if (!reader.untouched()) reading.statuses.push_back(400);
    return reading;
}

bool operator==(const HttpRequest& a, const HttpRequest& b) {
    return a.method == b.method && a.target == b.target && a.headers == b.headers &&
           a.body == b.body;
}

}  // namespace

static HttpRequest only(const std::string& bytes) {
    const Reading reading = read_all(framing_limits(), bytes, [] { return std::string::npos; });
    REQUIRE(reading.statuses == std::vector<int>{200});
    return reading.requests.front();
}

TEST_CASE("each case of the table is read as it should be, however it is cut into pieces") {
    SeededRandom chance(5);
    const HttpLimits limits = framing_limits();
    CHECK(framing_cases().size() >= 150);
    for (const FramingCase& each : framing_cases()) {
        CAPTURE(each.name);
        const std::string bytes = each.bytes + std::string(next_request);
        CHECK(read_all(limits, bytes, [] { return std::string::npos; }).statuses == each.statuses);
        CHECK(read_all(limits, bytes, [] { return std::size_t{1}; }).statuses == each.statuses);
        for (int i = 0; i < 20; ++i) {
            const auto piece = [&] { return static_cast<std::size_t>(1 + chance.below(40)); };
            CHECK(read_all(limits, bytes, piece).statuses == each.statuses);
        }
    }
}

TEST_CASE("a request is handed on as it was sent, values without the blanks around them") {
    const HttpRequest request = only(
        "PUT /v1/x?y=%20 HTTP/1.1\r\nhOST: a:1\r\nX-Empty:\r\nX-Blank: \t b c\t \r\n"
        "Content-Length: 4\r\n\r\na\r\n\xff");
    CHECK(request.method == "PUT");
    CHECK(request.target == "/v1/x?y=%20");
    CHECK(request.headers.all() ==
          std::vector<HttpHeader>{
              {"hOST", "a:1"}, {"X-Empty", ""}, {"X-Blank", "b c"}, {"Content-Length", "4"}});
    CHECK(request.body == "a\r\n\xff");
}

TEST_CASE("chunks are put together, extensions and trailers let go") {
    const HttpRequest request = only(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;x=\"y\"\r\n01234\r\nA\r\n56789\r\nabc\r\n0\r\nX-Trailer: z\r\n\r\n");
    CHECK(request.body == "0123456789\r\nabc");
    CHECK(request.headers.count("X-Trailer") == 0);
}

TEST_CASE("a target in absolute form becomes the path and query that it names") {
    const auto target = [](const std::string& absolute) {
        return only("GET " + absolute + " HTTP/1.1\r\nHost: a:80\r\n\r\n").target;
    };
    CHECK(target("http://a:80/x/y?z") == "/x/y?z");
    CHECK(target("http://a:80") == "/");
    CHECK(target("http://A:80?z=/") == "/?z=/");
}

TEST_CASE("a fault says what to do about it") {
    const auto hint = [](const std::string& bytes) {
        const HttpLimits limits;
        HttpRequestReader reader(limits);
        reader.take(bytes);
        REQUIRE(reader.fault() != nullptr);
        return std::string(reader.fault()->hint);
    };
    const std::string head = "GET / HTTP/1.1\r\n";
    CHECK(hint(head + "Host: a\r\nX: y\r\n z\r\n") == "Put each header field on one line.");
    CHECK(hint(head + "Host : a\r\n") == "Put the colon right behind a header field's name.");
    CHECK(hint(head + "\r\n") == "Send exactly one Host field, with a host in it.");
    CHECK(hint("GET /\xff HTTP/1.1\r\n") ==
          "Name a path that begins with / and percent-encode it.");
    CHECK(hint("GET /\n") == "End every line with CR LF.");
}

TEST_CASE("what the connection needs to know is known when the head is complete") {
    const HttpLimits limits;
    HttpRequestReader reader(limits);
    CHECK(reader.untouched());
    std::string_view head =
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n";
    CHECK(reader.take(head.substr(0, 10)) == 0);
    CHECK_FALSE(reader.untouched());
    CHECK_FALSE(reader.head_complete());
    CHECK(reader.take(head) == head.size());
    CHECK(reader.head_complete());
    CHECK(reader.expects_continue());
    CHECK(reader.takes_chunks());
    CHECK_FALSE(reader.complete());
    CHECK(reader.take("abcd") == 3);
    CHECK(reader.complete());
    CHECK(reader.take("d") == 0);
    CHECK(reader.release().body == "abc");
    CHECK(reader.untouched());

    const std::string_view old = "GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n";
    CHECK(reader.take(old) == old.size());
    CHECK_FALSE(reader.expects_continue());
    CHECK_FALSE(reader.takes_chunks());
    CHECK_FALSE(reader.keeps_alive());
}

TEST_CASE("every byte is either allowed in its place or refused: all 256 in each of five places") {
    const auto accepted = [](const std::string& before, const std::string& after) {
        std::string set;
        for (int byte = 0; byte < 256; ++byte) {
            std::string bytes = before;
            (bytes += static_cast<char>(byte)) += after;
            const auto whole = [] { return std::string::npos; };
            if (read_all(framing_limits(), bytes, whole).statuses == std::vector<int>{200})
                set += static_cast<char>(byte);
        }
        return set;
    };
    std::string beyond_ascii;
    for (int byte = 128; byte < 256; ++byte) beyond_ascii += static_cast<char>(byte);
    const std::string digits = "0123456789";
    const std::string capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const std::string small = "abcdefghijklmnopqrstuvwxyz";
    const std::string rest = "\r\nHost: a\r\n\r\n";

    CHECK(accepted("GE", "T / HTTP/1.1" + rest) == "-" + capitals);
    CHECK(accepted("GET /", "x HTTP/1.1" + rest) ==
          "!$%&'()*+,-./" + digits + ":;=?@" + capitals + "[]_" + small + "~");
    CHECK(accepted("GET / HTTP/1.1\r\nHost: a\r\nX", "x: y\r\n\r\n") ==
          "!#$%&'*+-." + digits + ":" + capitals + "^_`" + small + "|~");
    CHECK(accepted("GET / HTTP/1.1\r\nHost: a\r\nX: y", "y\r\n\r\n") ==
          "\t !\"#$%&'()*+,-./" + digits + ":;<=>?@" + capitals + "[\\]^_`" + small + "{|}~" +
              beyond_ascii);
    CHECK(accepted("GET / HTTP/1.1\r\nHost: a", "b\r\n\r\n") ==
          "!$%&'()*+,-." + digits + ":;=" + capitals + "[]_" + small + "~");
}

// Splices, doubles, drops and changes bytes of good and bad requests.
static std::string mutated(Random& chance) {
    const auto& cases = framing_cases();
    std::string bytes = cases[chance.below(cases.size())].bytes;
    if (chance.below(3) == 0) bytes += cases[chance.below(cases.size())].bytes;
    for (std::uint64_t i = chance.below(4); i > 0 && !bytes.empty(); --i) {
        const std::size_t at = chance.below(bytes.size());
        constexpr std::string_view telling = "\r\n: \t;,0\xff/";
        switch (chance.below(4)) {
            case 0: bytes[at] = static_cast<char>(chance.below(256)); break;
            case 1: bytes[at] = telling[chance.below(telling.size())]; break;
            case 2: bytes.erase(at, 1 + chance.below(5)); break;
            case 3: bytes.insert(at, bytes.substr(at, 1 + chance.below(20))); break;
        }
    }
    return bytes;
}

TEST_CASE("whatever the bytes are, the pieces they come in make no difference, and limits hold") {
    constexpr std::uint64_t seed = 6;
    CAPTURE(seed);
    SeededRandom chance(seed);
    const HttpLimits limits = framing_limits();
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (int round = 0; round < 60'000; ++round) {
        const std::string bytes = mutated(chance);
        CAPTURE(bytes);
        const Reading whole = read_all(limits, bytes, [] { return std::string::npos; });
        const Reading pieces =
            read_all(limits, bytes, [&] { return static_cast<std::size_t>(1 + chance.below(30)); });
        REQUIRE(whole.statuses == pieces.statuses);
        REQUIRE(whole.requests.size() == pieces.requests.size());
        for (std::size_t i = 0; i < whole.requests.size(); ++i)
            REQUIRE(whole.requests[i] == pieces.requests[i]);
        for (const HttpRequest& request : whole.requests) {
            REQUIRE(request.body.size() <= limits.large_body_bytes);
            REQUIRE(request.headers.all().size() <= limits.header_count);
        }
        accepted += whole.requests.size();
        refused += !whole.statuses.empty() && whole.statuses.back() >= 400;
    }
    CHECK(accepted > 5'000);
    CHECK(refused > 5'000);
}
