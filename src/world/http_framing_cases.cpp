#include "world/http_framing_cases.hpp"

namespace msp {

HttpLimits framing_limits() {
    HttpLimits limits;
    limits.request_line_bytes = 200;
    limits.header_bytes = 400;
    limits.header_count = 10;
    limits.body_bytes = 100;
    limits.large_body_prefix = "/large";
    limits.large_body_bytes = 1'000;
    return limits;
}

static std::string get_with(const std::string& fields) {
    return "GET / HTTP/1.1\r\n" + fields + "\r\n";
}

static std::string target(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

static std::string line(const std::string& line) {
    return line + "\r\nHost: a\r\n\r\n";
}

static std::string post(const std::string& fields, const std::string& body) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

static std::string chunks(const std::string& body) {
    return post("Transfer-Encoding: chunked\r\n", body);
}

static std::string sized(const std::string& path, std::size_t size) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) +
           "\r\n\r\n" + std::string(size, 'b');
}

static std::string many_fields(int count) {
    std::string fields;
    for (int i = 0; i < count; ++i) fields += "X: y\r\n";
    return fields;
}

static const std::string nul(1, '\0');

static std::vector<FramingCase> good() {
    const std::vector<int> ok = {200, 200};
    const std::vector<int> ok_closed = {200};
    return {
        {"a plain request", get_with("Host: a\r\n"), ok},
        {"a query", target("/v1/cards?limit=5&cursor=%2F&x[]=1"), ok},
        {"a method nobody knows is the handler's affair", line("BREW /pot HTTP/1.1"), ok},
        {"HEAD", line("HEAD / HTTP/1.1"), ok},
        {"one empty line before the request", "\r\n" + get_with("Host: a\r\n"), ok},
        {"OPTIONS of the whole server", line("OPTIONS * HTTP/1.1"), ok},
        {"absolute form", target("http://a/path"), ok},
        {"absolute form without a path", target("HTTPS://a?x=1"), ok},
        {"absolute form, the host in other letters", target("http://A/"), ok},
        {"a body of a length", post("Content-Length: 3\r\n", "abc"), ok},
        {"a body of length zero", post("Content-Length: 0\r\n", ""), ok},
        {"a length with leading zeros", post("Content-Length: 003\r\n", "abc"), ok},
        {"a GET with a body", get_with("Host: a\r\nContent-Length: 3\r\n") + "abc", ok},
        {"a body that looks like a request",
         post("Content-Length: " + std::to_string(next_request.size()) + "\r\n",
              std::string(next_request)),
         ok},
        {"chunks", chunks("3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\n"), ok},
        {"a chunk size with leading zeros", chunks("0000000000000003\r\nabc\r\n0\r\n\r\n"), ok},
        {"a last chunk of many zeros", chunks("000\r\n\r\n"), ok},
        {"chunk extensions", chunks("3;a=b;c=\"d\"\r\nabc\r\n0;e\r\n\r\n"), ok},
        {"trailers", chunks("3\r\nabc\r\n0\r\nDigest: x\r\nHost: b\r\n\r\n"), ok},
        {"the coding in capitals", post("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n"), ok},
        {"field names in capitals", get_with("HOST: a\r\nCONTENT-LENGTH: 0\r\n"), ok},
        {"an empty value", get_with("Host: a\r\nX:\r\n"), ok},
        {"no blank after the colon", get_with("Host:a\r\n"), ok},
        {"blanks around a value", get_with("Host: \t a \t \r\n"), ok},
        {"a tab and letters beyond ASCII inside a value",
         get_with("Host: a\r\nX: a\tgr\xc3\xbc\xdf\r\n"), ok},
        {"a host with a port", get_with("Host: example.com:8080\r\n"), ok},
        {"an IPv6 host", get_with("Host: [::1]:8080\r\n"), ok},
        {"keep-alive said twice", get_with("Host: a\r\nConnection: keep-alive, Keep-Alive\r\n"),
         ok},
        {"as many fields as allowed", get_with("Host: a\r\n" + many_fields(9)), ok},
        {"a body as long as allowed", sized("/", 100), ok},
        {"a larger body where that is allowed", sized("/large/x", 1'000), ok},
        {"two requests at once", target("/1") + target("/2"), {200, 200, 200}},
        {"a close that is asked for", get_with("Host: a\r\nConnection: close\r\n"), ok_closed},
        {"a close among others", get_with("Host: a\r\nConnection: x\r\nConnection: y ,CLOSE\r\n"),
         ok_closed},
        {"HTTP/1.0", line("GET / HTTP/1.0"), ok_closed},
        {"HTTP/1.0 without a host", "GET / HTTP/1.0\r\n\r\n", ok_closed},
        {"HTTP/1.0 is not kept", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", ok_closed},
    };
}

static std::vector<FramingCase> bad_request_lines() {
    const std::vector<int> bad = {400};
    return {
        {"no version", line("GET /"), bad},
        {"a method and a version alone", line("GET HTTP/1.1"), bad},
        {"a lower-case method", line("get / HTTP/1.1"), bad},
        {"a method with a stop", line("GE.T / HTTP/1.1"), bad},
        {"no method", line(" / HTTP/1.1"), bad},
        {"no target", line("GET  HTTP/1.1"), bad},
        {"a blank before the method", line(" GET / HTTP/1.1"), bad},
        {"two blanks behind the method", line("GET  / HTTP/1.1"), bad},
        {"two blanks before the version", line("GET /  HTTP/1.1"), bad},
        {"a tab for a blank", line("GET\t/ HTTP/1.1"), bad},
        {"a blank behind the version", line("GET / HTTP/1.1 "), bad},
        {"a blank inside the target", line("GET /a b HTTP/1.1"), bad},
        {"two empty lines before the request", "\r\n\r\n" + get_with("Host: a\r\n"), bad},
        {"a version in small letters", line("GET / http/1.1"), bad},
        {"a version of two digits", line("GET / HTTP/1.10"), bad},
        {"a version cut short", line("GET / HTTP/1."), bad},
        {"a version with a comma", line("GET / HTTP/1,1"), bad},
        {"another protocol", line("GET / RTSP/1.1"), bad},
        {"HTTP/2.0", line("GET / HTTP/2.0"), {505}},
        {"HTTP/1.2", line("GET / HTTP/1.2"), {505}},
        {"HTTP/0.9", line("GET / HTTP/0.9"), {505}},
        {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505}},
        {"authority form", target("a:80"), bad},
        {"CONNECT", line("CONNECT a:80 HTTP/1.1"), bad},
        {"a star that is not OPTIONS'", target("*"), bad},
        {"a path without its slash", target("v1/cards"), bad},
        {"another scheme", target("ftp://a/"), bad},
        {"absolute form without a host", target("http:///path"), bad},
        {"absolute form with a user", target("http://u@a/"), bad},
        {"absolute form with a user, in HTTP/1.0", "GET http://u@a/ HTTP/1.0\r\n\r\n", bad},
        {"absolute form of another host", target("http://b/"), bad},
        {"a fragment", target("/a#b"), bad},
        {"a backslash", target("/a\\b"), bad},
        {"an angle bracket", target("/<script>"), bad},
        {"a letter beyond ASCII in the target", target("/gr\xc3\xbc\xdf"), bad},
        {"a NUL in the target", target("/a" + nul + "b"), bad},
        {"a control character in the target", target("/a\x01"), bad},
        {"a target too long", target("/" + std::string(200, 'a')), {414}},
        {"a first line without an end", std::string(250, 'A'), {414}},
    };
}

static std::vector<FramingCase> bad_fields() {
    const std::vector<int> bad = {400};
    return {
        {"no host", get_with(""), bad},
        {"no host, but another field", get_with("X: y\r\n"), bad},
        {"two hosts", get_with("Host: a\r\nHost: a\r\n"), bad},
        {"an empty host", get_with("Host:\r\n"), bad},
        {"a host of blanks", get_with("Host:   \r\n"), bad},
        {"two hosts in one", get_with("Host: a b\r\n"), bad},
        {"a host with a path", get_with("Host: a/b\r\n"), bad},
        {"a host with a user", get_with("Host: u@a\r\n"), bad},
        {"two hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", bad},
        {"a blank before the colon", get_with("Host : a\r\n"), bad},
        {"a tab before the colon", get_with("Host\t: a\r\n"), bad},
        {"a blank inside a name", get_with("Host: a\r\nX Y: z\r\n"), bad},
        {"no name", get_with("Host: a\r\n: z\r\n"), bad},
        {"no colon", get_with("Host: a\r\nX\r\n"), bad},
        {"a folded line", get_with("Host: a\r\nX: y\r\n z\r\n"), bad},
        {"a line folded with a tab", get_with("Host: a\r\nX: y\r\n\tz\r\n"), bad},
        {"a first field that is folded", get_with(" Host: a\r\n"), bad},
        {"a control character in a name", get_with("Host: a\r\nX\x01: y\r\n"), bad},
        {"a letter beyond ASCII in a name", get_with("Host: a\r\nX\xc3\xbc: y\r\n"), bad},
        {"a NUL in a value", get_with("Host: a\r\nX: y" + nul + "\r\n"), bad},
        {"a control character in a value", get_with("Host: a\r\nX: \x07\r\n"), bad},
        {"a DEL in a value", get_with("Host: a\r\nX: \x7f\r\n"), bad},
        {"a bare CR in a value", get_with("Host: a\r\nX: y\rz\r\n"), bad},
        {"two CRs at an end", get_with("Host: a\r\r\n"), bad},
        {"a bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", bad},
        {"a bare LF behind a field", get_with("Host: a\nX: y\r\n"), bad},
        {"a bare LF for the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", bad},
        {"bare LFs everywhere", "GET / HTTP/1.1\nHost: a\n\n", bad},
        {"a bare LF before the request", "\n" + get_with("Host: a\r\n"), bad},
        {"one field too many", get_with("Host: a\r\n" + many_fields(10)), {431}},
        {"fields too long", get_with("Host: a\r\nX: " + std::string(400, 'y') + "\r\n"), {431}},
        {"fields too long together",
         get_with("Host: a\r\nX: " + std::string(190, 'y') + "\r\nX: " + std::string(190, 'y') +
                  "\r\n"),
         {431}},
        {"a field without an end",
         "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(450, 'y'),
         {431}},
        {"an unknown expectation", get_with("Host: a\r\nExpect: miracles\r\n"), {417}},
    };
}

static std::vector<FramingCase> bad_lengths_and_codings() {
    const std::vector<int> bad = {400};
    const std::string length = "Content-Length: 3\r\n";
    const std::string coding = "Transfer-Encoding: chunked\r\n";
    return {
        {"both length and coding", post(length + coding, "0\r\n\r\n"), bad},
        {"both coding and length", post(coding + length, "0\r\n\r\n"), bad},
        {"two lengths", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), bad},
        {"the same length twice", post(length + length, "abc"), bad},
        {"two lengths in one", post("Content-Length: 3, 3\r\n", "abc"), bad},
        {"an empty length", post("Content-Length:\r\n", ""), bad},
        {"a length with a sign", post("Content-Length: +3\r\n", "abc"), bad},
        {"a negative length", post("Content-Length: -3\r\n", "abc"), bad},
        {"a hexadecimal length", post("Content-Length: 0x3\r\n", "abc"), bad},
        {"a length with a fraction", post("Content-Length: 3.0\r\n", "abc"), bad},
        {"a length of two words", post("Content-Length: 3 3\r\n", "abc"), bad},
        {"a length beyond 64 bits", post("Content-Length: 18446744073709551619\r\n", "abc"), bad},
        {"a length of nineteen digits", post("Content-Length: 0000000000000000003\r\n", "abc"),
         bad},
        {"a length folded away", post("Content-Length:\r\n 3\r\n", "abc"), bad},
        {"a length above the limit", sized("/", 101), {413}},
        {"a length far above the limit", post("Content-Length: 999999999999999999\r\n", ""), {413}},
        {"a length above the larger limit", sized("/large", 1'001), {413}},
        {"an unknown coding", post("Transfer-Encoding: gzip\r\n", ""), bad},
        {"no coding", post("Transfer-Encoding: identity\r\n", ""), bad},
        {"an empty coding", post("Transfer-Encoding:\r\n", ""), bad},
        {"a coding before chunked", post("Transfer-Encoding: gzip, chunked\r\n", ""), {501}},
        {"a coding behind chunked", post("Transfer-Encoding: chunked, gzip\r\n", ""), bad},
        {"a coding that begins like chunked", post("Transfer-Encoding: chunkedx\r\n", ""), bad},
        {"a coding that ends like chunked", post("Transfer-Encoding: xchunked\r\n", ""), bad},
        {"a quoted coding", post("Transfer-Encoding: \"chunked\"\r\n", ""), bad},
        {"a vertical tab before the coding",
         post("Transfer-Encoding: \x0b"
              "chunked\r\n",
              ""),
         bad},
        {"two codings", post(coding + coding, "0\r\n\r\n"), bad},
        {"a coding in HTTP/1.0",
         "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", bad},
    };
}

static std::vector<FramingCase> bad_chunks() {
    const std::vector<int> bad = {400};
    return {
        {"an empty chunk size", chunks("\r\nabc\r\n0\r\n\r\n"), bad},
        {"an empty last chunk size", chunks("\r\n\r\n"), bad},
        {"an extension without a chunk size", chunks(";x\r\n\r\n"), bad},
        {"a chunk size of seventeen digits", chunks("00000000000000003\r\nabc\r\n0\r\n\r\n"), bad},
        {"a chunk size of no digits", chunks("x\r\nabc\r\n0\r\n\r\n"), bad},
        {"a chunk size with a prefix", chunks("0x3\r\nabc\r\n0\r\n\r\n"), bad},
        {"a chunk size with a sign", chunks("+3\r\nabc\r\n0\r\n\r\n"), bad},
        {"a negative chunk size", chunks("-3\r\nabc\r\n0\r\n\r\n"), bad},
        {"a blank before a chunk size", chunks(" 3\r\nabc\r\n0\r\n\r\n"), bad},
        {"a blank behind a chunk size", chunks("3 \r\nabc\r\n0\r\n\r\n"), bad},
        {"a blank before an extension", chunks("3 ;x\r\nabc\r\n0\r\n\r\n"), bad},
        {"a chunk size beyond 64 bits", chunks("10000000000000003\r\nabc\r\n0\r\n\r\n"), bad},
        {"the largest chunk size", chunks("ffffffffffffffff\r\nabc\r\n0\r\n\r\n"), {413}},
        {"a chunk size with an underscore", chunks("1_0\r\nabc\r\n0\r\n\r\n"), bad},
        {"a chunk size ended by a bare LF", chunks("3\nabc\r\n0\r\n\r\n"), bad},
        {"an extension with a bare LF", chunks("3;\nabc\r\n0\r\n\r\n"), bad},
        {"an extension with a bare CR", chunks("3;a\rb\r\nabc\r\n0\r\n\r\n"), bad},
        {"an extension with a NUL", chunks("3;" + nul + "\r\nabc\r\n0\r\n\r\n"), bad},
        {"an extension too long", chunks("3;" + std::string(400, 'e') + "\r\nabc\r\n"), bad},
        {"extensions too long together",
         chunks("1;" + std::string(250, 'e') + "\r\na\r\n1;" + std::string(250, 'e') +
                "\r\nb\r\n0\r\n\r\n"),
         bad},
        {"a chunk longer than said", chunks("3\r\nabcd\r\n0\r\n\r\n"), bad},
        {"a chunk shorter than said", chunks("3\r\nab\r\n0\r\n\r\n"), bad},
        {"a chunk ended by two other bytes", chunks("3\r\nabcxx0\r\n\r\n"), bad},
        {"a chunk ended by LF CR", chunks("3\r\nabc\n\r0\r\n\r\n"), bad},
        {"a chunk ended by two CRs", chunks("3\r\nabc\r\r0\r\n\r\n"), bad},
        {"a chunk ended by a bare LF", chunks("3\r\nabc\n0\r\n\r\n"), bad},
        {"a chunk ended by a bare CR", chunks("3\r\nabc\r0\r\n\r\n"), bad},
        {"a last chunk without its empty line", chunks("0\r\n") + "GET / HTTP/1.1\r\n", bad},
        {"a trailer without a colon", chunks("0\r\nX\r\n\r\n"), bad},
        {"a folded trailer", chunks("0\r\nX: y\r\n z\r\n\r\n"), bad},
        {"a trailer ended by a bare LF", chunks("0\r\nX: y\n\r\n"), bad},
        {"trailers too long", chunks("0\r\nX: " + std::string(400, 'y') + "\r\n\r\n"), {431}},
        {"trailers too long together",
         chunks("0\r\nX: " + std::string(180, 'y') + "\r\nX: " + std::string(180, 'y') +
                "\r\n\r\n"),
         {431}},
        {"too many trailers", chunks("0\r\n" + many_fields(10) + "\r\n"), {431}},
        {"chunks above the limit",
         chunks("40\r\n" + std::string(64, 'c') + "\r\n40\r\n" + std::string(64, 'c') + "\r\n"),
         {413}},
    };
}

static std::vector<FramingCase> bad_ends() {
    const std::vector<int> bad = {400};
    return {
        {"a good request, then a bad one", target("/") + "GET / HTTP/1.1\r\n\r\n", {200, 400}},
        {"a body that ends early", post("Content-Length: 90\r\n", "abc"), bad},
        {"chunks that end early", chunks("60\r\nabc"), bad},
        {"a head that ends early", "GET / HTTP/1.1\r\nHost: a\r\nX: ", bad},
    };
}

const std::vector<FramingCase>& framing_cases() {
    static const std::vector<FramingCase> cases = [] {
        std::vector<FramingCase> all = good();
        for (const auto& some : {bad_request_lines(), bad_fields(), bad_lengths_and_codings(),
                                 bad_chunks(), bad_ends()})
            all.insert(all.end(), some.begin(), some.end());
        return all;
    }();
    return cases;
}

}  // namespace msp
