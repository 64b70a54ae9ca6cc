#include "domain/time.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace msp {

static constexpr Time first_written = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
static constexpr Time first_after =
    std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1);  // all that four digits can say

// Writes the lowest `width` digits and goes on behind them.
static char* put_digits(char* at, unsigned number, unsigned width) {
    for (unsigned i = width; i > 0; --i, number /= 10)
        at[i - 1] = static_cast<char>('0' + number % 10);
    return at + width;
}

static char* put(char* at, char c) {
    *at = c;
    return at + 1;
}

void append_rfc3339(std::string& out, Time time) {
    using namespace std::chrono;
    time = std::clamp(time, first_written, first_after - Duration(1));
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::array<char, 24> text;
    char* at = put_digits(text.data(), unsigned(int(date.year())), 4);
    at = put_digits(put(at, '-'), unsigned(date.month()), 2);
    at = put_digits(put(at, '-'), unsigned(date.day()), 2);
    at = put_digits(put(at, 'T'), unsigned(clock.hours().count()), 2);
    at = put_digits(put(at, ':'), unsigned(clock.minutes().count()), 2);
    at = put_digits(put(at, ':'), unsigned(clock.seconds().count()), 2);
    at = put_digits(put(at, '.'), unsigned(clock.subseconds().count()), 3);
    put(at, 'Z');
    out.append(text.data(), text.size());
}

std::string rfc3339(Time time) {
    std::string out;
    out.reserve(24);
    append_rfc3339(out, time);
    return out;
}

namespace {

// Takes pieces off the front of a text; once something did not fit, nothing fits any more.
class Cutter {
public:
    explicit Cutter(std::string_view text) : rest_(text) {}

    int number(std::size_t digits) {
        int out = 0;
        if (rest_.size() < digits) return fail();
        for (const char c : rest_.substr(0, digits)) {
            if (c < '0' || c > '9') return fail();
            out = out * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return out;
    }

    char any_of(std::string_view choices) {
        if (rest_.empty() || choices.find(rest_[0]) == std::string_view::npos) return char(fail());
        const char out = rest_[0];
        rest_.remove_prefix(1);
        return out;
    }

    bool skip(char c) {
        if (rest_.empty() || rest_[0] != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    // One to nine digits after the point, cut to three.
    int milliseconds() {
        int out = 0;
        std::size_t digits = 0;
        for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits)
            if (digits < 3) out = out * 10 + (rest_[digits] - '0');
        if (digits == 0 || digits > 9) return fail();
        for (std::size_t missing = digits; missing < 3; ++missing) out *= 10;
        rest_.remove_prefix(digits);
        return out;
    }

    bool fits() const { return !failed_; }
    bool at_end() const { return rest_.empty(); }

private:
    int fail() {
        failed_ = true;
        return 0;
    }

    std::string_view rest_;
    bool failed_ = false;
};

Duration offset(Cutter& cutter) {
    const char sign = cutter.any_of("Zz+-");
    if (sign == 'Z' || sign == 'z') return Duration(0);
    const int hours = cutter.number(2);
    cutter.any_of(":");
    const int minutes = cutter.number(2);
    if (hours > 23 || minutes > 59) cutter.any_of("");
    const Duration out = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    return sign == '-' ? -out : out;
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    Cutter cutter(text);
    const int y = cutter.number(4);
    cutter.any_of("-");
    const int m = cutter.number(2);
    cutter.any_of("-");
    const int d = cutter.number(2);
    cutter.any_of("Tt ");
    const int hour = cutter.number(2);
    cutter.any_of(":");
    const int minute = cutter.number(2);
    cutter.any_of(":");
    const int second = cutter.number(2);
    const int ms = cutter.skip('.') ? cutter.milliseconds() : 0;
    const Duration from_utc = offset(cutter);
    const year_month_day date{year(y), month(unsigned(m)), day(unsigned(d))};
    if (!cutter.fits() || !cutter.at_end() || !date.ok()) return std::nullopt;
    if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
    const Time out = sys_days(date) + hours(hour) + minutes(minute) + seconds(second) +
                     milliseconds(ms) - from_utc;
    if (out < Time() || out >= first_after) return std::nullopt;
    return out;
}

}  // namespace msp
