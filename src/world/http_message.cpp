#include "world/http.hpp"

#include <algorithm>
#include <utility>

namespace msp {

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool equal_without_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

void HttpHeaders::add(std::string name, std::string value) {
    if (headers_.capacity() == 0) headers_.reserve(8);  // as many as most messages have
    headers_.push_back({std::move(name), std::move(value)});
}

void HttpHeaders::set(std::string name, std::string value) {
    std::erase_if(headers_,
                  [&](const HttpHeader& header) { return equal_without_case(header.name, name); });
    add(std::move(name), std::move(value));
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
    for (const HttpHeader& header : headers_)
        if (equal_without_case(header.name, name)) return header.value;
    return std::nullopt;
}

std::size_t HttpHeaders::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(
        headers_.begin(), headers_.end(),
        [&](const HttpHeader& header) { return equal_without_case(header.name, name); }));
}

}  // namespace msp
