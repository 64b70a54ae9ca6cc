#include "api/query_reader.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace msp {

static std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t out = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, out);
    if (text.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return out;
}

std::optional<std::string> QueryReader::text(std::string_view name) const {
    const auto given = query_.find(name);
    return given ? std::optional(std::string(*given)) : std::nullopt;
}

std::string QueryReader::required(std::string_view name) {
    auto given = text(name);
    if (!given) refuse(name, "missing", "The parameter is needed.");
    return std::move(given).value_or("");
}

std::optional<std::string> QueryReader::one_of(std::string_view name,
                                               std::initializer_list<std::string_view> words) {
    const auto given = query_.find(name);
    if (!given) return std::nullopt;
    if (std::find(words.begin(), words.end(), *given) != words.end()) return std::string(*given);
    std::string all;
    for (const std::string_view word : words) all.append(all.empty() ? "" : ", ").append(word);
    refuse(name, "unknown-word", "It takes one of: " + all + ".");
    return std::nullopt;
}

std::optional<bool> QueryReader::flag(std::string_view name) {
    const auto word = one_of(name, {"true", "false"});
    return word ? std::optional(*word == "true") : std::nullopt;
}

std::optional<std::uint64_t> QueryReader::number(std::string_view name, std::uint64_t least,
                                                 std::uint64_t most) {
    const auto given = query_.find(name);
    if (!given) return std::nullopt;
    const auto out = whole_number(*given);
    if (out && least <= *out && *out <= most) return out;
    refuse(name, "out-of-range",
           "It takes a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
               ".");
    return std::nullopt;
}

std::optional<Duration> QueryReader::duration(std::string_view name, Duration most) {
    const auto given = query_.find(name);
    if (!given) return std::nullopt;
    const bool fine = given->ends_with("ms");
    const std::size_t unit = fine ? 2 : given->ends_with('s') ? 1 : 0;
    const auto count = whole_number(given->substr(0, given->size() - unit));
    const auto most_ms = static_cast<std::uint64_t>(most.count());
    if (unit > 0 && count && *count <= most_ms && *count * (fine ? 1 : 1000) <= most_ms)
        return Duration(static_cast<Duration::rep>(*count * (fine ? 1 : 1000)));
    refuse(name, "out-of-range",
           "It takes a time such as 5s or 500ms, at most " + std::to_string(most.count() / 1000) +
               "s.");
    return std::nullopt;
}

void QueryReader::refuse(std::string_view name, std::string_view code, std::string_view detail) {
    errors_.push_back({"?" + std::string(name), std::string(code), std::string(detail)});
}

std::optional<Problem> QueryReader::problem() const {
    if (errors_.empty()) return std::nullopt;
    Problem out = bad_query({}, "invalid-query", "The query has parameters that cannot be taken.",
                            "See `errors` for each of them.");
    out.errors = errors_;
    return out;
}

}  // namespace msp
