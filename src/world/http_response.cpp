#include "world/http_response.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <chrono>
#include <cstdint>

namespace msp {

std::string_view http_reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 422: return "Unprocessable Content";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        case 505: return "HTTP Version Not Supported";
        case 507: return "Insufficient Storage";
        default: return "";
    }
}

static void append_number(std::string& out, std::uint64_t number, int base = 10) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), end);
}

static void append_two_digits(std::string& out, unsigned number) {
    out += static_cast<char>('0' + number / 10);
    out += static_cast<char>('0' + number % 10);
}

std::string http_date(Time time) {
    constexpr std::string_view days = "SunMonTueWedThuFriSat";
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    std::string text(days.substr(std::chrono::weekday(day).c_encoding() * 3, 3));
    text += ", ";
    append_two_digits(text, static_cast<unsigned>(date.day()));
    (text += ' ') += months.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3);
    text += ' ';
    append_number(text, static_cast<std::uint64_t>(static_cast<int>(date.year())));
    text += ' ';
    append_two_digits(text, static_cast<unsigned>(clock.hours().count()));
    text += ':';
    append_two_digits(text, static_cast<unsigned>(clock.minutes().count()));
    text += ':';
    append_two_digits(text, static_cast<unsigned>(clock.seconds().count()));
    return text += " GMT";
}

static bool is_ours(std::string_view name) {
    return equal_without_case(name, "Content-Length") ||
           equal_without_case(name, "Transfer-Encoding") ||
           equal_without_case(name, "Connection") || equal_without_case(name, "Date");
}

// A line end inside a name or a value would let whoever chose it write headers of his own.
static void append_clean(std::string& out, std::string_view text) {
    const std::size_t start = out.size();
    out += text;
    for (std::size_t i = start; i < out.size(); ++i)
        if (out[i] == '\r' || out[i] == '\n' || out[i] == '\0') out[i] = ' ';
}

// All of the head but what frames the body and the empty line.
static void append_head(std::string& out, const HttpResponse& response,
                        const HttpAnswerShape& shape) {
    assert(response.status >= 200 && response.status <= 599);
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(response.status));
    (out += ' ') += http_reason(response.status);
    (out += "\r\nDate: ") += shape.date;
    out += "\r\n";
    for (const HttpHeader& header : response.headers.all()) {
        if (is_ours(header.name)) continue;
        append_clean(out, header.name);
        out += ": ";
        append_clean(out, header.value);
        out += "\r\n";
    }
    if (shape.close) out += "Connection: close\r\n";
}

// RFC 9110 clause 8.6: no length in a 204, and no body in a 304.
void append_response(std::string& out, const HttpResponse& response, const HttpAnswerShape& shape) {
    append_head(out, response, shape);
    const bool bodyless = response.status == 204 || response.status == 304;
    if (!bodyless) {
        out += "Content-Length: ";
        append_number(out, response.body.size());
        out += "\r\n";
    }
    out += "\r\n";
    if (!bodyless && !shape.head_only) out += response.body;
}

void append_stream_head(std::string& out, const HttpResponse& response,
                        const HttpAnswerShape& shape, HttpStreamEnd end) {
    append_head(out, response, shape);
    if (end == HttpStreamEnd::last_chunk) out += "Transfer-Encoding: chunked\r\n";
    out += "\r\n";
}

void append_chunk(std::string& out, std::string_view piece) {
    assert(!piece.empty());
    append_number(out, piece.size(), 16);
    ((out += "\r\n") += piece) += "\r\n";
}

void append_last_chunk(std::string& out) {
    out += "0\r\n\r\n";
}

HttpResponse problem_response(const HttpFault& fault) {
    HttpResponse response;
    response.status = fault.status;
    response.headers.add("Content-Type", "application/problem+json");
    response.body = R"({"type":"about:blank","title":")";
    (response.body += http_reason(fault.status)) += R"(","status":)";
    append_number(response.body, static_cast<std::uint64_t>(fault.status));
    (response.body += R"(,"code":")") += fault.code;
    (response.body += R"(","hint":")") += fault.hint;
    response.body += "\"}";
    return response;
}

}  // namespace msp
