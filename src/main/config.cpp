#include "main/config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace msp {

static constexpr Setting table[] = {
    {"data", "--data", "msp-data", "PATH",
     "folder of the database, the first staff key and the certificates; made if it is not there"},
    {"listen.address", "--listen", "127.0.0.1:8440", "HOST:PORT", "where the API listens"},
    {"listen.devices", "--listen-devices", "127.0.0.1:8443", "HOST:PORT",
     "where devices report, over TLS; \"off\" for no such listener"},
    {"tls.certificate", "", "", "PATH",
     "PEM chain for the device listener; empty: one is made under the data folder, with a CA of "
     "its own"},
    {"tls.key", "", "", "PATH", "PEM key that belongs to it"},
    {"tls.device-ca", "", "", "PATH", "PEM of the CAs whose device certificates are taken"},
    {"limits.body-bytes", "", "1048576", "N", "largest request body, but for card batches"},
    {"limits.batch-bytes", "", "67108864", "N", "largest card batch"},
    {"limits.connections", "", "20000", "N", "connections open at once"},
    {"limits.waiting-commands", "", "20000", "N",
     "commands that may wait for the disk; more are answered 503"},
    {"limits.party-calls-per-second", "", "2000", "N",
     "calls of one party, on the average; more are answered 429; 0: no limit. The M2M service "
     "provider's own are not counted"},
    {"limits.party-calls-burst", "", "4000", "N", "calls of one party at once"},
    {"webhooks.allow", "--webhook-allow", "", "HOST:PORT,…",
     "addresses that webhooks may reach besides public https ones, such as 127.0.0.1:9000"},
    {"webhooks.concurrency", "", "8", "N", "deliveries under way at once, per endpoint"},
    {"log.level", "--log", "info", "debug|info|warning|error", "least level that is logged"},
    {"drain.patience", "", "10s", "DURATION", "how long a stop waits for answers under way"},
};

std::span<const Setting> settings() {
    return table;
}

namespace {

const Setting* find_setting(std::string_view key) {
    for (const Setting& setting : table)
        if (setting.key == key) return &setting;
    return nullptr;
}

std::string variable_of(std::string_view key) {
    std::string out = "MSP_";
    for (const char c : key) out += c == '.' || c == '-' ? '_' : char(std::toupper(c));
    return out;
}

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

std::optional<std::chrono::milliseconds> duration_in(std::string_view text) {
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    const auto amount = number_in(text.substr(0, digits));
    const std::string_view unit = text.substr(digits);
    const std::int64_t ms = unit == "ms"  ? 1
                            : unit == "s" ? 1000
                            : unit == "m" ? 60'000
                            : unit == "h" ? 3'600'000
                                          : 0;
    if (!amount || ms == 0 || *amount > 1'000'000'000) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(*amount) * ms);
}

bool one_of(std::string_view choices, std::string_view text) {
    for (std::size_t at = 0; at <= choices.size();) {
        const std::size_t end = std::min(choices.find('|', at), choices.size());
        if (choices.substr(at, end - at) == text) return true;
        at = end + 1;
    }
    return false;
}

bool in_form(const Setting& setting, std::string_view text) {
    if (setting.form == "N") return number_in(text).has_value();
    if (setting.form == "DURATION") return duration_in(text).has_value();
    if (setting.form == "HOST:PORT") return text == "off" || parse_host_port(text).has_value();
    if (setting.form.find('|') != std::string_view::npos) return one_of(setting.form, text);
    return true;
}

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t corner = row[0]++;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t up = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] != b[j - 1])});
            corner = up;
        }
    }
    return row[b.size()];
}

std::string nearest(std::string_view key) {
    const Setting* best = std::min_element(std::begin(table), std::end(table),
                                           [&](const Setting& a, const Setting& b) {
                                               return distance(a.key, key) < distance(b.key, key);
                                           });
    return std::string(best->key);
}

Failure wrong(std::string what) {
    return {Failure::Kind::malformed, std::move(what)};
}

// The plain spelling of a TOML value, as it would be given on the command line.
std::optional<std::string> plain(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
    return std::nullopt;
}

}  // namespace

class ConfigReader {
public:
    ConfigReader() {
        for (const Setting& setting : table)
            config_.values_[std::string(setting.key)] = {std::string(setting.standard), "built in"};
    }

    std::optional<Failure> take(std::string_view key, std::string text, std::string origin) {
        const Setting* setting = find_setting(key);
        if (!setting)
            return wrong(origin + ": there is no setting \"" + std::string(key) +
                         "\"; did you mean \"" + nearest(key) + "\"?");
        if (!in_form(*setting, text))
            return wrong(origin + ": \"" + std::string(key) + "\" wants " +
                         std::string(setting->form) + ", not \"" + text + "\"");
        config_.values_[std::string(key)] = {std::move(text), std::move(origin)};
        return std::nullopt;
    }

    std::optional<Failure> take_table(const toml::table& values, const std::string& prefix,
                                      const std::string& path) {
        for (const auto& [name, node] : values) {
            const std::string key = prefix + std::string(name.str());
            if (const auto* inner = node.as_table()) {
                if (auto failure = take_table(*inner, key + ".", path)) return failure;
                continue;
            }
            std::string origin = path + " line " + std::to_string(node.source().begin.line);
            const auto text = plain(node);
            if (!text)
                return wrong(origin.append(": \"").append(key).append("\" wants a single value"));
            if (auto failure = take(key, *text, origin)) return failure;
        }
        return std::nullopt;
    }

    std::optional<Failure> take_file(const std::string& path, const std::string& content) {
        try {
            return take_table(toml::parse(content, path), "", path);
        } catch (const toml::parse_error& error) {
            return wrong(path + " line " + std::to_string(error.source().begin.line) + ": " +
                         std::string(error.description()));
        }
    }

    std::optional<Failure> take_environment(const std::map<std::string, std::string>& environment) {
        for (const auto& [name, text] : environment) {
            const std::string& variable = name;
            const auto setting = std::find_if(
                std::begin(table), std::end(table),
                [&variable](const Setting& s) { return variable_of(s.key) == variable; });
            if (setting == std::end(table))
                continue;  // other MSP_ variables are the command line's
            if (auto failure = take(setting->key, text, variable)) return failure;
        }
        return std::nullopt;
    }

    std::optional<Failure> take_flags(
        const std::vector<std::pair<std::string, std::string>>& flags) {
        for (const auto& [name, text] : flags) {
            const std::string& flag = name;
            const auto setting = std::find_if(std::begin(table), std::end(table),
                                              [&flag](const Setting& s) { return s.flag == flag; });
            if (setting == std::end(table)) return wrong("there is no flag " + flag);
            if (auto failure = take(setting->key, text, flag)) return failure;
        }
        return std::nullopt;
    }

    Config result() { return std::move(config_); }

private:
    Config config_;
};

Result<Config, Failure> read_config(const ConfigSources& sources) {
    ConfigReader reader;
    if (sources.file)
        if (auto failure = reader.take_file(sources.file->first, sources.file->second))
            return *failure;
    if (auto failure = reader.take_environment(sources.environment)) return *failure;
    if (auto failure = reader.take_flags(sources.flags)) return *failure;
    return reader.result();
}

const std::string& Config::text(std::string_view key) const {
    const auto found = values_.find(key);
    assert(found != values_.end());
    return found->second.text;
}

std::uint64_t Config::number(std::string_view key) const {
    return number_in(text(key)).value();
}
bool Config::truth(std::string_view key) const {
    return text(key) == "true";
}
std::chrono::milliseconds Config::duration(std::string_view key) const {
    return duration_in(text(key)).value();
}

std::optional<HostPort> parse_host_port(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.front() == '[') {
        if (host.back() != ']') return std::nullopt;
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return std::nullopt;
    }
    const auto port = number_in(text.substr(colon + 1));
    if (!port || *port > 65535) return std::nullopt;
    return HostPort{std::string(host), static_cast<std::uint16_t>(*port)};
}

}  // namespace msp
