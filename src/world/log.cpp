#include "world/log.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <mutex>

namespace msp {

static std::string_view word(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warning: return "warning";
        case LogLevel::error: return "error";
    }
    std::abort();  // no such level: memory is corrupt
}

static bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

static void append_escaped(std::string& line, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            (line += '\\') += c;
        } else if (c == '\n') {
            line += "\\n";
        } else if (is_control(c)) {
            const auto byte = static_cast<unsigned char>(c);
            ((line += "\\x") += digits[byte >> 4]) += digits[byte & 15];
        } else {
            line += c;
        }
    }
}

static bool needs_quotes(std::string_view text) {
    if (text.empty()) return true;
    for (const char c : text)
        if (c == ' ' || c == '=' || c == '"' || c == '\\' || is_control(c)) return true;
    return false;
}

std::string log_line(Time at, LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields) {
    std::string line = rfc3339(at);
    (line += ' ') += word(level);
    line += ' ';
    append_escaped(line, event);
    for (const LogField& field : fields) {
        ((line += ' ') += field.name) += '=';
        const bool quoted = needs_quotes(field.value.text());
        if (quoted) line += '"';
        append_escaped(line, field.value.text());
        if (quoted) line += '"';
    }
    line += '\n';
    return line;
}

void Log::debug(std::string_view event, std::initializer_list<LogField> fields) {
    write(LogLevel::debug, event, fields);
}
void Log::info(std::string_view event, std::initializer_list<LogField> fields) {
    write(LogLevel::info, event, fields);
}
void Log::warning(std::string_view event, std::initializer_list<LogField> fields) {
    write(LogLevel::warning, event, fields);
}
void Log::error(std::string_view event, std::initializer_list<LogField> fields) {
    write(LogLevel::error, event, fields);
}

namespace {

class StderrLog final : public Log {
public:
    explicit StderrLog(LogLevel least) : least_(least) {}

    void write(LogLevel level, std::string_view event,
               std::initializer_list<LogField> fields) override {
        if (level < least_) return;
        const auto now = std::chrono::system_clock::now();
        const std::string line = log_line(std::chrono::floor<Duration>(now), level, event, fields);
        const std::lock_guard whole_lines(mutex_);
        write_out(line);
    }

private:
    // A log that cannot be written is nobody's to hear of: what is left of the line is dropped.
    static void write_out(std::string_view rest) {
        while (!rest.empty()) {
            const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return;
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    LogLevel least_;
    std::mutex mutex_;
};

}  // namespace

std::unique_ptr<Log> make_stderr_log(LogLevel least) {
    return std::make_unique<StderrLog>(least);
}

}  // namespace msp
