// What `msp serve` is told: built-in values < file < environment (MSP_…) < flags; each value
// remembers where it came from.
//
//   file          [listen] address = "127.0.0.1:8440"          msp.toml
//   environment   MSP_LISTEN_ADDRESS=127.0.0.1:8440
//   flag          --listen 127.0.0.1:8440
//
// One table (settings()) holds every setting: its key, flag, default, and what it is for; help,
// `msp config show --origin` and docs/config.md come from it. Pure but for the file, which the
// caller reads.
#pragma once

#include "domain/failure.hpp"
#include "domain/result.hpp"

#include <cassert>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

struct Setting {
    std::string_view key;       // "listen.address"
    std::string_view flag;      // "--listen"; empty: none
    std::string_view standard;  // as text
    std::string_view form;      // "HOST:PORT", "N", "true|false", "PATH", "DURATION"
    std::string_view about;
    bool secret = false;
};
std::span<const Setting> settings();

struct ConfigValue {
    std::string text;
    std::string origin;  // "built in", "msp.toml line 3", "MSP_LISTEN_ADDRESS", "--listen"
};

class Config {
public:
    const std::string& text(std::string_view key) const;
    std::uint64_t number(std::string_view key) const;  // in its form: checked when it was read
    bool truth(std::string_view key) const;
    std::chrono::milliseconds duration(std::string_view key) const;
    const std::map<std::string, ConfigValue, std::less<>>& all() const { return values_; }

private:
    friend class ConfigReader;
    std::map<std::string, ConfigValue, std::less<>> values_;
};

struct ConfigSources {
    std::optional<std::pair<std::string, std::string>> file;  // path and content
    std::map<std::string, std::string> environment;           // MSP_… only
    std::vector<std::pair<std::string, std::string>> flags;   // "--listen", value
};
// Refuses: unknown keys (with the nearest known one), values not in their form; names file and
// line, variable or flag.
Result<Config, Failure> read_config(const ConfigSources&);

// "HOST:PORT", "[::1]:8440"; port 0 is any free one.
struct HostPort {
    std::string host;
    std::uint16_t port = 0;
};
std::optional<HostPort> parse_host_port(std::string_view);

}  // namespace msp
