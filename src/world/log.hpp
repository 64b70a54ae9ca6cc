// Structured log lines: one event, a few named values, no sentences to parse.
//
//   log.info("order sent", {{"operator", op.text()}, {"attempt", 3}});
//
// Law: no identifier of a subscriber, no key and no secret ever gets in. Handing in an Imsi,
// Msisdn, Iccid, Eid or Imei does not compile; log what the record is called inside the platform
// (the chain's number) instead.
//
// Threads: any. Lines are written whole.
#pragma once

#include "domain/time.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace msp {

class Iccid;
class Imsi;
class Msisdn;
class Mdn;
class Eid;
class Imei;

class LogValue {
public:
    LogValue(std::string_view text) : text_(text) {}
    LogValue(const char* text) : text_(text) {}
    LogValue(const std::string& text) : text_(text) {}
    LogValue(bool truth) : text_(truth ? "true" : "false") {}
    template <class Number, class = std::enable_if_t<std::is_arithmetic_v<Number>>>
    LogValue(Number number) : text_(std::to_string(number)) {}

    LogValue(const Iccid&) = delete;
    LogValue(const Imsi&) = delete;
    LogValue(const Msisdn&) = delete;
    LogValue(const Mdn&) = delete;
    LogValue(const Eid&) = delete;
    LogValue(const Imei&) = delete;

    const std::string& text() const { return text_; }

private:
    std::string text_;
};

struct LogField {
    std::string_view name;
    LogValue value;
};

enum class LogLevel { debug, info, warning, error };

class Log {
public:
    virtual ~Log() = default;
    virtual void write(LogLevel, std::string_view event, std::initializer_list<LogField>) = 0;

    void debug(std::string_view event, std::initializer_list<LogField> fields = {});
    void info(std::string_view event, std::initializer_list<LogField> fields = {});
    void warning(std::string_view event, std::initializer_list<LogField> fields = {});
    void error(std::string_view event, std::initializer_list<LogField> fields = {});
};

// `2026-11-23T09:14:05.120Z info order sent operator=op-east attempt=3` and a line feed: values
// quoted where needed, control characters escaped, so that whatever is in them it stays one line.
std::string log_line(Time, LogLevel, std::string_view event, std::initializer_list<LogField>);

// One such line a piece on stderr.
std::unique_ptr<Log> make_stderr_log(LogLevel least);

// Says nothing.
class QuietLog final : public Log {
public:
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

}  // namespace msp
