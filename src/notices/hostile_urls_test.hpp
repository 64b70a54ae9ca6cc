// Hostile URLs, and what is said of any URL.
#pragma once

#include "notices/address_guard.hpp"
#include "world/files.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

// Why a URL is refused: by the parser, or by the guard before anything is connected to.
inline std::string verdict(std::string_view text, const AddressRules& rules = {}) {
    const auto url = WebhookUrl::parse(text);
    if (!url) return std::string(sentence(url.reason()));
    return AddressGuard(rules).objection(*url).value_or("");
}

inline const std::string address_not_public = "The address of the URL is not a public one.";
inline const std::string name_not_public = "The host of the URL is not a public name.";
inline const std::string not_https = "The URL does not begin with https://.";
inline const std::string odd_port = "The port of the URL is not one that webhooks are sent to.";

inline std::string of(UrlFault fault) {
    return std::string(sentence(fault));
}

struct HostileUrl {
    std::string kind;
    std::string url;
};

// \xHH stands for one byte.
inline std::string unescaped(std::string_view line) {
    std::string out;
    for (; !line.empty(); line.remove_prefix(1)) {
        unsigned byte = 0;
        if (line.starts_with("\\x")) {
            std::from_chars(line.data() + 2, line.data() + 4, byte, 16);
            out += static_cast<char>(byte);
            line.remove_prefix(3);
        } else {
            out += line.front();
        }
    }
    return out;
}

// What stands in hostile_urls.txt.
inline std::vector<HostileUrl> hostile_urls() {
    const auto file = read_file("src/notices/hostile_urls.txt");
    std::string_view rest = file ? std::string_view(*file) : std::string_view();
    std::vector<HostileUrl> out;
    std::string kind;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.empty() || line.starts_with('#')) continue;
        if (line.starts_with('['))
            kind = line.substr(1, line.size() - 2);
        else
            out.push_back({kind, unescaped(line)});
    }
    return out;
}

}  // namespace msp
