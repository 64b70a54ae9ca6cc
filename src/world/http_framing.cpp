#include "world/http_framing.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <utility>

namespace msp {

namespace fault {

constexpr std::string_view framing = "framing";

constexpr HttpFault bare_line_feed{400, framing, "End every line with CR LF."};
constexpr HttpFault request_line{400, framing, "Begin with: METHOD SP target SP HTTP/1.1."};
constexpr HttpFault method{400, framing, "Spell the method in capital letters."};
constexpr HttpFault target{400, framing, "Name a path that begins with / and percent-encode it."};
constexpr HttpFault version{505, "http-version", "Speak HTTP/1.1."};
constexpr HttpFault line_too_long{414, "target-too-long", "Shorten the path and the query."};
constexpr HttpFault folded{400, framing, "Put each header field on one line."};
constexpr HttpFault field_name{400, framing, "Put the colon right behind a header field's name."};
constexpr HttpFault field_value{400, framing, "Leave control characters out of header fields."};
constexpr HttpFault fields_too_large{431, "headers-too-large", "Send fewer or shorter headers."};
constexpr HttpFault host{400, framing, "Send exactly one Host field, with a host in it."};
constexpr HttpFault other_host{400, framing, "Name the same host in the target and in Host."};
constexpr HttpFault length{400, framing, "Send one Content-Length field with one number in it."};
constexpr HttpFault length_and_coding{400, framing,
                                      "Send either Content-Length or Transfer-Encoding, not both."};
constexpr HttpFault coding{400, framing, "Send one Transfer-Encoding field that ends in chunked."};
constexpr HttpFault unknown_coding{501, "transfer-coding", "Use no transfer coding but chunked."};
constexpr HttpFault expectation{417, "expectation", "Expect nothing but 100-continue."};
constexpr HttpFault body_too_large{413, "body-too-large", "Send it in smaller parts."};
constexpr HttpFault chunk{400, framing, "Send chunks as RFC 9112 clause 7.1 has them."};

}  // namespace fault

// ------------------------------------------------------------------------ which bytes may be where

enum Allowed : unsigned char {
    in_method = 1,
    in_token = 2,   // RFC 9110 clause 5.6.2
    in_target = 4,  // RFC 3986, and square brackets, which many a query holds
    in_host = 8,    // RFC 3986 clause 3.2.2, and the colon before the port
    in_value = 16   // RFC 9110 clause 5.5
};

static constexpr bool is_letter(int c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
static constexpr bool is_digit(int c) {
    return c >= '0' && c <= '9';
}

static constexpr unsigned char allowed_for(int c) {
    constexpr std::string_view beyond_token = "!#$%&'*+-.^_`|~";
    constexpr std::string_view not_in_target = "\"#<>\\^`{|}";
    constexpr std::string_view beyond_host = "-._~%!$&'()*+,;=:[]";
    const auto among = [c](std::string_view set) {
        return c < 128 && set.find(static_cast<char>(c)) != std::string_view::npos;
    };
    unsigned result = 0;
    if ((c >= 'A' && c <= 'Z') || c == '-') result |= in_method;
    if (is_letter(c) || is_digit(c) || among(beyond_token)) result |= in_token;
    if (c > ' ' && c < 0x7f && !among(not_in_target)) result |= in_target;
    if (is_letter(c) || is_digit(c) || among(beyond_host)) result |= in_host;
    if (c == '\t' || (c >= ' ' && c != 0x7f)) result |= in_value;
    return static_cast<unsigned char>(result);
}

static constexpr auto allowed = [] {
    std::array<unsigned char, 256> table{};
    for (int c = 0; c < 256; ++c) table[static_cast<std::size_t>(c)] = allowed_for(c);
    return table;
}();

static bool all(std::string_view text, Allowed where) {
    return std::all_of(text.begin(), text.end(), [where](char c) {
        return (allowed[static_cast<unsigned char>(c)] & where) != 0;
    });
}

static std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

// Cuts the first member off a comma-separated list.
static std::string_view next_member(std::string_view& list) {
    const std::size_t comma = list.find(',');
    const std::string_view member = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    return trimmed(member);
}

// --------------------------------------------------------------------------------- the byte stream

bool HttpRequestReader::untouched() const {
    return stage_ == Stage::request_line && scanned_ == 0;
}

bool HttpRequestReader::head_complete() const {
    return stage_ != Stage::request_line && stage_ != Stage::fields;
}

std::size_t HttpRequestReader::take(std::string_view bytes) {
    std::size_t taken = 0;
    while (fault_ == nullptr && stage_ != Stage::complete && taken < bytes.size()) {
        const std::size_t some = take_some(bytes.substr(taken));
        if (some == 0) break;
        taken += some;
    }
    return taken;
}

std::size_t HttpRequestReader::take_some(std::string_view bytes) {
    switch (stage_) {
        case Stage::request_line:
        case Stage::fields:
        case Stage::chunk_size:
        case Stage::trailers: return take_line(bytes);
        case Stage::sized_body:
        case Stage::chunk_data: return take_data(bytes);
        case Stage::chunk_end: return take_chunk_end(bytes);
        case Stage::complete: break;
    }
    return 0;
}

std::size_t HttpRequestReader::take_line(std::string_view bytes) {
    const std::size_t feed = bytes.find('\n', scanned_);
    if (feed == std::string_view::npos) {
        scanned_ = bytes.size();
        check_length(bytes.size());
        return 0;
    }
    scanned_ = 0;
    check_length(feed + 1);
    if (fault_ == nullptr && (feed == 0 || bytes[feed - 1] != '\r')) fail(fault::bare_line_feed);
    if (fault_ == nullptr) read_line(bytes.substr(0, feed - 1));
    return fault_ == nullptr ? feed + 1 : 0;
}

// Refuses a line that is too long, before its end has come too.
void HttpRequestReader::check_length(std::size_t line_bytes) {
    switch (stage_) {
        case Stage::request_line:
            if (line_bytes > limits_->request_line_bytes) fail(fault::line_too_long);
            return;
        case Stage::fields:
        case Stage::trailers:
            if (field_bytes_ + line_bytes > limits_->header_bytes) fail(fault::fields_too_large);
            return;
        case Stage::chunk_size:
            if (field_bytes_ + line_bytes > limits_->header_bytes) fail(fault::chunk);
            return;
        case Stage::sized_body:
        case Stage::chunk_data:
        case Stage::chunk_end:
        case Stage::complete: return;
    }
}

void HttpRequestReader::read_line(std::string_view line) {
    if (stage_ == Stage::request_line) return read_request_line(line);
    if (stage_ == Stage::chunk_size) return read_chunk_size(line);
    field_bytes_ += line.size() + 2;
    if (stage_ == Stage::trailers) return read_trailer(line);
    if (line.empty()) return end_head();
    read_field(line);
}

std::size_t HttpRequestReader::take_data(std::string_view bytes) {
    const std::size_t size = std::min<std::uint64_t>(remaining_, bytes.size());
    request_.body.append(bytes, 0, size);
    remaining_ -= size;
    if (remaining_ == 0) stage_ = chunked_ ? Stage::chunk_end : Stage::complete;
    return size;
}

std::size_t HttpRequestReader::take_chunk_end(std::string_view bytes) {
    constexpr std::string_view end = "\r\n";
    if (!end.starts_with(bytes.substr(0, end.size()))) fail(fault::chunk);
    if (fault_ != nullptr || bytes.size() < end.size()) return 0;
    stage_ = Stage::chunk_size;
    return end.size();
}

HttpRequest HttpRequestReader::release() {
    assert(complete());
    HttpRequest request = std::move(request_);
    *this = HttpRequestReader(*limits_);
    return request;
}

// ------------------------------------------------------------------------------------- the head

// One empty line before the request line is passed over (RFC 9112 clause 2.2).
void HttpRequestReader::read_request_line(std::string_view line) {
    if (line.empty() && !leading_line_) {
        leading_line_ = true;
        return;
    }
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return fail(fault::request_line);
    const std::string_view method = line.substr(0, first);
    if (method.empty() || !all(method, in_method)) return fail(fault::method);
    request_.method = method;
    read_version(line.substr(last + 1));
    if (fault_ == nullptr) read_target(line.substr(first + 1, last - first - 1));
    stage_ = Stage::fields;
}

void HttpRequestReader::read_version(std::string_view version) {
    const bool formed = version.size() == 8 && version.starts_with("HTTP/") &&
                        is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
    if (!formed) return fail(fault::request_line);
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return fail(fault::version);
    minor_version_ = version[7] - '0';
    keeps_alive_ = minor_version_ == 1;
}

// RFC 9112 clause 3.2. The authority form is CONNECT's, and this is no proxy.
void HttpRequestReader::read_target(std::string_view target) {
    if (!all(target, in_target)) return fail(fault::target);
    if (target.starts_with('/') || (target == "*" && request_.method == "OPTIONS"))
        request_.target = target;
    else
        read_absolute_target(target);
}

void HttpRequestReader::read_absolute_target(std::string_view target) {
    const std::size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) return fail(fault::target);
    const std::string_view name = target.substr(0, scheme);
    if (!equal_without_case(name, "http") && !equal_without_case(name, "https"))
        return fail(fault::target);
    target.remove_prefix(scheme + 3);
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    authority_ = target.substr(0, end);
    if (authority_.empty() || !all(authority_, in_host)) return fail(fault::target);
    target.remove_prefix(end);
    request_.target = target.starts_with('/') ? "" : "/";
    request_.target += target;
}

void HttpRequestReader::read_field(std::string_view line) {
    if (line.front() == ' ' || line.front() == '\t') return fail(fault::folded);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return fail(fault::field_name);
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!all(name, in_token)) return fail(fault::field_name);
    if (!all(value, in_value)) return fail(fault::field_value);
    if (++field_count_ > limits_->header_count) return fail(fault::fields_too_large);
    if (stage_ == Stage::trailers) return;
    note_field(name, value);
    request_.headers.add(std::string(name), std::string(value));
}

// The fields that say where the request ends and what becomes of the connection.
void HttpRequestReader::note_field(std::string_view name, std::string_view value) {
    if (equal_without_case(name, "Host")) {
        if (++hosts_ > 1 || value.empty() || !all(value, in_host)) fail(fault::host);
    } else if (equal_without_case(name, "Content-Length")) {
        note_length(value);
    } else if (equal_without_case(name, "Transfer-Encoding")) {
        note_coding(value);
    } else if (equal_without_case(name, "Connection")) {
        note_connection(value);
    } else if (equal_without_case(name, "Expect")) {
        if (!equal_without_case(value, "100-continue")) return fail(fault::expectation);
        expects_continue_ = minor_version_ == 1;
    }
}

// Eighteen digits fit into 64 bits; whatever is longer is no honest length.
void HttpRequestReader::note_length(std::string_view value) {
    const bool number = !value.empty() && value.size() <= 18 &&
                        std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c); });
    if (has_length_ || !number) return fail(fault::length);
    has_length_ = true;
    std::from_chars(value.data(), value.data() + value.size(), remaining_);
}

void HttpRequestReader::note_coding(std::string_view value) {
    if (chunked_ || minor_version_ == 0) return fail(fault::coding);
    chunked_ = true;
    if (equal_without_case(value, "chunked")) return;
    const std::size_t comma = value.rfind(',');
    const bool ends_chunked = comma != std::string_view::npos &&
                              equal_without_case(trimmed(value.substr(comma + 1)), "chunked");
    fail(ends_chunked ? fault::unknown_coding : fault::coding);
}

// "keep-alive" is not looked for: it would matter to HTTP/1.0 alone, which is never kept.
void HttpRequestReader::note_connection(std::string_view value) {
    while (!value.empty())
        if (equal_without_case(next_member(value), "close")) keeps_alive_ = false;
}

void HttpRequestReader::end_head() {
    check_host();
    if (has_length_ && chunked_) fail(fault::length_and_coding);
    if (fault_ == nullptr) begin_body();
}

// RFC 9112 clause 3.2: exactly one Host field, and the target's own host if that names one.
void HttpRequestReader::check_host() {
    if (hosts_ == 0 && minor_version_ == 1) return fail(fault::host);
    if (authority_.empty()) return;
    if (!equal_without_case(request_.headers.find("Host").value_or(authority_), authority_))
        fail(fault::other_host);
}

// -------------------------------------------------------------------------------------- the body

std::size_t HttpRequestReader::body_limit() const {
    const std::string& prefix = limits_->large_body_prefix;
    const bool large = !prefix.empty() && request_.target.starts_with(prefix);
    return large ? limits_->large_body_bytes : limits_->body_bytes;
}

void HttpRequestReader::begin_body() {
    if (chunked_) {
        stage_ = Stage::chunk_size;
        return;
    }
    if (remaining_ > body_limit()) return fail(fault::body_too_large);
    stage_ = remaining_ > 0 ? Stage::sized_body : Stage::complete;
}

// Sixteen digits fit into 64 bits. Extensions are passed over (RFC 9112 clause 7.1.1); blanks
// before them are not.
void HttpRequestReader::read_chunk_size(std::string_view line) {
    const std::size_t digits = std::min(line.find(';'), line.size());
    const std::string_view extension = line.substr(digits);
    field_bytes_ += extension.size();
    std::uint64_t size = 0;
    const char* const end = line.data() + digits;
    const char* const stop = std::from_chars(line.data(), end, size, 16).ptr;
    if (digits == 0 || digits > 16 || stop != end || !all(extension, in_value))
        return fail(fault::chunk);
    if (size > body_limit() - request_.body.size()) return fail(fault::body_too_large);
    remaining_ = size;
    stage_ = size > 0 ? Stage::chunk_data : Stage::trailers;
}

// Trailers are checked and let go: nothing here depends on one.
void HttpRequestReader::read_trailer(std::string_view line) {
    if (line.empty())
        stage_ = Stage::complete;
    else
        read_field(line);
}

}  // namespace msp
