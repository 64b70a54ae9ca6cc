#include "cast/operator_knobs.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <variant>

namespace msp {

namespace {

using Member = std::variant<bool OperatorKnobs::*, double OperatorKnobs::*,
                            Duration OperatorKnobs::*, OperatorKind OperatorKnobs::*>;

struct Knob {
    std::string_view name;
    Member member;
};

using K = OperatorKnobs;

constexpr std::array knobs{
    Knob{"kind", &K::kind},
    Knob{"ignores-repeated-reference", &K::ignores_repeated_reference},
    Knob{"cuts-sessions", &K::cuts_sessions},
    Knob{"life-ms", &K::life},
    Knob{"latency-median-ms", &K::latency_median},
    Knob{"latency-p99-ms", &K::latency_p99},
    Knob{"asynchronous", &K::asynchronous},
    Knob{"completion-median-ms", &K::completion_median},
    Knob{"completion-p99-ms", &K::completion_p99},
    Knob{"locked-for-ms", &K::locked_for},
    Knob{"fails", &K::fails},
    Knob{"lost-before", &K::lost_before},
    Knob{"lost-after", &K::lost_after},
    Knob{"duplicated", &K::duplicated},
    Knob{"error-before", &K::error_before},
    Knob{"error-after", &K::error_after},
    Knob{"too-many", &K::too_many},
    Knob{"unavailable", &K::unavailable},
    Knob{"hang", &K::hang},
    Knob{"hang-for-ms", &K::hang_for},
    Knob{"malformed", &K::malformed},
    Knob{"truncated", &K::truncated},
    Knob{"oversized", &K::oversized},
    Knob{"unknown-word", &K::unknown_word},
    Knob{"stale", &K::stale},
    Knob{"stale-by-ms", &K::stale_by},
    Knob{"rejected", &K::rejected},
    Knob{"per-second", &K::per_second},
    Knob{"calls-back", &K::calls_back},
    Knob{"callback-lost", &K::callback_lost},
    Knob{"callback-duplicated", &K::callback_duplicated},
    Knob{"callback-delay-most-ms", &K::callback_delay_most},
    Knob{"suspensions-per-hour", &K::suspensions_per_hour},
    Knob{"suspended-for-ms", &K::suspended_for},
    Knob{"lifts-after-ms", &K::lifts_after},
    Knob{"terminations-per-hour", &K::terminations_per_hour},
    Knob{"changes-per-hour", &K::changes_per_hour},
};

constexpr std::array kinds{
    std::pair<std::string_view, OperatorKind>{"fenced", OperatorKind::fenced},
    std::pair<std::string_view, OperatorKind>{"serial", OperatorKind::serial},
    std::pair<std::string_view, OperatorKind>{"combined", OperatorKind::combined},
    std::pair<std::string_view, OperatorKind>{"overwritten", OperatorKind::overwritten},
    std::pair<std::string_view, OperatorKind>{"overwritten-combined",
                                              OperatorKind::overwritten_combined},
};

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number out{};
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
    return out;
}

bool read(std::string_view text, bool& out) {
    const bool yes = text == "true" || text == "1";
    if (!yes && text != "false" && text != "0") return false;
    out = yes;
    return true;
}
bool read(std::string_view text, Duration& out) {
    const auto given = number<std::int64_t>(text);
    if (!given || *given < 0) return false;
    out = Duration(*given);
    return true;
}
bool read(std::string_view text, OperatorKind& out) {
    for (const auto& [word, kind] : kinds)
        if (word == text) {
            out = kind;
            return true;
        }
    return false;
}

// A share, unless the knob counts something by the hour or the second.
bool read_double(std::string_view name, std::string_view text, double& out) {
    const auto given = number<double>(text);
    const bool counts = name.ends_with("-per-hour") || name.ends_with("per-second");
    if (!given || !(*given >= 0) || (*given > 1 && !counts)) return false;
    out = *given;
    return true;
}

std::string show(bool value) {
    return value ? "true" : "false";
}
std::string show(Duration value) {
    return std::to_string(value.count());
}
std::string show(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}
std::string show(OperatorKind value) {
    for (const auto& [word, kind] : kinds)
        if (kind == value) return std::string(word);
    return {};
}

}  // namespace

std::optional<OperatorKnobs> operator_profile(std::string_view name) {
    OperatorKnobs out;
    if (name == "calm") return out;
    if (name != "hostile") return std::nullopt;
    out.latency_median = Duration(100);
    out.latency_p99 = Duration(3'000);
    out.asynchronous = 0.3;
    out.lost_before = out.lost_after = 0.03;
    out.duplicated = 0.05;
    out.error_before = out.error_after = 0.02;
    out.too_many = out.unavailable = 0.01;
    out.hang = 0.005;
    out.malformed = out.truncated = out.oversized = out.unknown_word = 0.005;
    out.callback_lost = 0.05;
    out.callback_duplicated = 0.1;
    out.callback_delay_most = Duration(20'000);
    out.suspensions_per_hour = 360;
    out.suspended_for = Duration(30'000);
    out.terminations_per_hour = 12;
    out.changes_per_hour = 60;
    return out;
}

Result<Done, Failure> set_knob(OperatorKnobs& all, std::string_view name, std::string_view value) {
    const auto refuse = [&name](std::string_view why) {
        return Failure{Failure::Kind::malformed, std::string(name) + ": " + std::string(why)};
    };
    for (const Knob& knob : knobs) {
        if (knob.name != name) continue;
        const bool taken = std::visit(
            [&]<class Value>(Value K::*member) {
                if constexpr (std::is_same_v<Value, double>)
                    return read_double(name, value, all.*member);
                else
                    return read(value, all.*member);
            },
            knob.member);
        if (!taken) return refuse("this value is not one that the knob takes");
        return Done{};
    }
    return refuse("there is no such knob");
}

std::vector<std::pair<std::string_view, std::string>> knob_values(const OperatorKnobs& all) {
    std::vector<std::pair<std::string_view, std::string>> out;
    out.reserve(knobs.size());
    for (const Knob& knob : knobs)
        out.emplace_back(knob.name,
                         std::visit([&](auto member) { return show(all.*member); }, knob.member));
    return out;
}

}  // namespace msp
