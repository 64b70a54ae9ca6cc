#include "world/http_response.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace msp;

constexpr std::string_view date = "Mon, 23 Nov 2026 09:14:05 GMT";

static std::string spelt(const HttpResponse& response, HttpAnswerShape shape = {}) {
    std::string out;
    shape.date = date;
    append_response(out, response, shape);
    return out;
}

static HttpResponse with(int status, std::string body = "") {
    HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

TEST_CASE("dates are spelt as RFC 9110 has them") {
    CHECK(http_date(*parse_rfc3339("1994-11-06T08:49:37Z")) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http_date(*parse_rfc3339("2026-11-23T09:14:05.999Z")) == date);
    CHECK(http_date(*parse_rfc3339("2028-02-29T23:59:59Z")) == "Tue, 29 Feb 2028 23:59:59 GMT");
    CHECK(http_date(Time{}) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST_CASE("a response has a date, its headers, its length and its body") {
    HttpResponse response = with(201, "{}");
    response.headers.add("Location", "/v1/jobs/7");
    CHECK(spelt(response) ==
          "HTTP/1.1 201 Created\r\nDate: Mon, 23 Nov 2026 09:14:05 GMT\r\n"
          "Location: /v1/jobs/7\r\nContent-Length: 2\r\n\r\n{}");
    CHECK(spelt(with(200)).ends_with("\r\nContent-Length: 0\r\n\r\n"));
    CHECK(spelt(with(299)).starts_with("HTTP/1.1 299 \r\n"));
}

TEST_CASE("the answer to HEAD has the length of a body that it does not have") {
    CHECK(spelt(with(200, "abc"), {.head_only = true}).ends_with("Content-Length: 3\r\n\r\n"));
}

TEST_CASE("answers that have no body by their status have no length either") {
    CHECK(spelt(with(204, "lost")) ==
          "HTTP/1.1 204 No Content\r\nDate: Mon, 23 Nov 2026 09:14:05 GMT\r\n\r\n");
    CHECK(spelt(with(304, "lost")).find("Content-Length") == std::string::npos);
}

TEST_CASE("what a handler says about framing is left out") {
    HttpResponse response = with(200, "abc");
    response.headers.add("content-length", "99");
    response.headers.add("Transfer-Encoding", "chunked");
    response.headers.add("Connection", "keep-alive");
    response.headers.add("DATE", "yesterday");
    CHECK(spelt(response) == spelt(with(200, "abc")));
    CHECK(spelt(with(200), {.close = true}).find("\r\nConnection: close\r\n") != std::string::npos);
}

TEST_CASE("a header cannot smuggle in another") {
    HttpResponse response = with(200);
    response.headers.add("X\r\nA", std::string("b\r\nC: d\0e", 9));
    CHECK(spelt(response).find("\r\nX  A: b  C: d e\r\n") != std::string::npos);
}

TEST_CASE("streams are chunked, or end with the connection") {
    std::string out;
    append_stream_head(out, with(200), {.date = date}, HttpStreamEnd::last_chunk);
    append_chunk(out, "0123456789abcdef0");
    append_last_chunk(out);
    CHECK(out ==
          "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 09:14:05 GMT\r\nTransfer-Encoding: chunked\r\n"
          "\r\n11\r\n0123456789abcdef0\r\n0\r\n\r\n");
    out.clear();
    append_stream_head(out, with(200), {.close = true, .date = date},
                       HttpStreamEnd::closed_connection);
    CHECK(out ==
          "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 09:14:05 GMT\r\nConnection: close\r\n\r\n");
}

TEST_CASE("a fault is told as a problem, with its code and what to do") {
    const HttpFault fault{413, "body-too-large", "Send less."};
    const HttpResponse response = problem_response(fault);
    CHECK(response.status == 413);
    CHECK(response.headers.find("Content-Type") == "application/problem+json");
    CHECK(response.body == R"({"type":"about:blank","title":"Content Too Large","status":413,)"
                           R"("code":"body-too-large","hint":"Send less."})");
}
