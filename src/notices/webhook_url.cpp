#include "notices/webhook_url.hpp"

#include "world/http.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace msp {

namespace {

constexpr std::size_t url_most = 2'048;
constexpr std::size_t name_most = 253;  // RFC 1035 clause 2.3.4
constexpr std::size_t label_most = 63;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string in_small_letters(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

// Visible ASCII without what RFC 3986 leaves out of URLs altogether.
bool belongs_into_urls(char c) {
    return c > 0x20 && c < 0x7f &&
           std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

std::string_view last_label(std::string_view host) {
    const std::size_t dot = host.rfind('.');
    return dot == std::string_view::npos ? host : host.substr(dot + 1);
}

// Some parsers take a host for an IPv4 address when its last part is a number, decimal, octal or
// hex (WHATWG URL, "ends in a number"); no domain ends so.
bool ends_in_a_number(std::string_view host) {
    std::string_view last = last_label(host);
    const auto all = [](std::string_view digits, auto is) {
        return std::all_of(digits.begin(), digits.end(), is);
    };
    if (last.starts_with("0x")) return all(last.substr(2), is_hex);
    return !last.empty() && all(last, is_digit);
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > label_most) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    return std::all_of(label.begin(), label.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

bool is_name(std::string_view host) {
    if (host.size() > name_most) return false;
    for (;;) {
        const std::size_t dot = host.find('.');
        if (!is_label(host.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        host.remove_prefix(dot + 1);
    }
}

std::optional<UrlFault> take_bracketed(std::string_view inside, WebhookUrl& url) {
    url.address = parse_ip_address(inside);
    if (!url.address || !url.address->v6) return UrlFault::bad_host;
    url.host = text(*url.address);
    return std::nullopt;
}

std::optional<UrlFault> take_host(std::string_view host, WebhookUrl& url) {
    if (host.starts_with('[')) {
        if (!host.ends_with(']')) return UrlFault::bad_host;
        return take_bracketed(host.substr(1, host.size() - 2), url);
    }
    url.host = in_small_letters(host);
    if (!is_name(url.host)) return UrlFault::bad_host;
    if (!ends_in_a_number(url.host)) return std::nullopt;
    url.address = parse_ip_address(url.host);
    return url.address ? std::nullopt : std::optional(UrlFault::odd_address);
}

std::optional<UrlFault> take_port(std::string_view digits, WebhookUrl& url) {
    const bool plain = !digits.empty() && digits.size() <= 5 && digits.front() != '0' &&
                       std::all_of(digits.begin(), digits.end(), is_digit);
    if (!plain) return UrlFault::bad_port;
    unsigned port = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (port > 65'535) return UrlFault::bad_port;
    url.port = static_cast<std::uint16_t>(port);
    return std::nullopt;
}

std::optional<UrlFault> take_authority(std::string_view authority, WebhookUrl& url) {
    if (authority.find('@') != std::string_view::npos) return UrlFault::user_name;
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.rfind(':');
    const bool port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    const auto fault = take_host(authority.substr(0, port ? colon : authority.size()), url);
    if (fault || !port) return fault;
    return take_port(authority.substr(colon + 1), url);
}

std::optional<UrlFault> take_path(std::string_view path, WebhookUrl& url) {
    for (std::size_t at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1))
        if (at + 2 >= path.size() || !is_hex(path[at + 1]) || !is_hex(path[at + 2]))
            return UrlFault::bad_path;
    url.path = path.starts_with('/') ? "" : "/";
    url.path += path;
    return std::nullopt;
}

struct Scheme {
    std::string_view begin;
    bool secure;
    std::uint16_t port;
};
constexpr Scheme schemes[] = {{"https://", true, 443}, {"http://", false, 80}};

bool take_scheme(std::string_view& rest, WebhookUrl& url) {
    for (const Scheme& scheme : schemes) {
        if (!equal_without_case(rest.substr(0, scheme.begin.size()), scheme.begin)) continue;
        url.secure = scheme.secure;
        url.port = scheme.port;
        rest.remove_prefix(scheme.begin.size());
        return true;
    }
    return false;
}

}  // namespace

std::string_view sentence(UrlFault fault) {
    switch (fault) {
        case UrlFault::too_long: return "The URL is longer than 2,048 characters.";
        case UrlFault::bad_character: return "The URL holds a character that URLs do not have.";
        case UrlFault::bad_scheme: return "The URL does not begin with https://.";
        case UrlFault::user_name: return "The URL holds a user name or an @ before its path.";
        case UrlFault::fragment: return "The URL holds a fragment.";
        case UrlFault::bad_host:
            return "The host of the URL is not a host name in ASCII; write others in punycode.";
        case UrlFault::odd_address:
            return "The host of the URL is a number that is not an address of four parts.";
        case UrlFault::bad_port: return "The port of the URL is not a number from 1 to 65535.";
        case UrlFault::bad_path: return "The URL holds a % without two hexadecimal digits.";
    }
    std::abort();
}

Result<WebhookUrl, UrlFault> WebhookUrl::parse(std::string_view text) {
    if (text.size() > url_most) return UrlFault::too_long;
    if (!std::all_of(text.begin(), text.end(), belongs_into_urls)) return UrlFault::bad_character;
    WebhookUrl url;
    if (!take_scheme(text, url)) return UrlFault::bad_scheme;
    if (text.find('#') != std::string_view::npos) return UrlFault::fragment;
    const std::size_t end = std::min(text.find_first_of("/?"), text.size());
    if (const auto fault = take_authority(text.substr(0, end), url)) return *fault;
    if (const auto fault = take_path(text.substr(end), url)) return *fault;
    return url;
}

std::string WebhookUrl::text() const {
    const bool usual = port == (secure ? 443 : 80);
    const bool brackets = address && address->v6;
    return (secure ? "https://" : "http://") + (brackets ? "[" + host + "]" : host) +
           (usual ? "" : ":" + std::to_string(port)) + path;
}

}  // namespace msp
