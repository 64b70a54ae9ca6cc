#include "api/trace.hpp"

#include "world/crypto.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace msp {

static bool is_hex(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

static bool is_zero(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

// Later versions may say more behind what this one knows.
static std::optional<std::string> sent_trace_id(std::string_view field) {
    constexpr std::size_t known = 55;
    if (field.size() < known || (field.size() > known && field[known] != '-')) return std::nullopt;
    const std::string_view version = field.substr(0, 2);
    const std::string_view trace = field.substr(3, 32);
    const std::string_view span = field.substr(36, 16);
    const bool separated = field[2] == '-' && field[35] == '-' && field[52] == '-';
    const bool hexadecimal =
        is_hex(version) && is_hex(trace) && is_hex(span) && is_hex(field.substr(53, 2));
    if (!separated || !hexadecimal || version == "ff" || is_zero(trace) || is_zero(span))
        return std::nullopt;
    if (version == "00" && field.size() != known) return std::nullopt;
    return std::string(trace);
}

template <std::size_t bytes>
static std::string random_hex(Random& random) {
    std::array<std::byte, bytes> out{};
    random.fill(out);
    return hex({reinterpret_cast<const char*>(out.data()), out.size()});
}

std::string trace_id_of(const HttpRequest& request, Random& random) {
    if (const auto field = request.headers.find("traceparent"))
        if (auto sent = sent_trace_id(*field)) return *std::move(sent);
    std::string fresh = random_hex<16>(random);
    if (is_zero(fresh)) fresh.back() = '1';
    return fresh;
}

std::string traceparent(std::string_view trace_id, Random& random) {
    std::string span = random_hex<8>(random);
    if (is_zero(span)) span.back() = '1';
    return "00-" + std::string(trace_id) + "-" + span + "-00";
}

}  // namespace msp
