#include "api/cursor.hpp"

#include "world/crypto.hpp"

namespace msp {

static constexpr std::size_t check_bytes = 9;

static std::string check_of(std::string_view place, std::string_view query) {
    const std::string bound =
        std::to_string(place.size()) + ":" + std::string(place) + std::string(query);
    return std::string(bytes_of(sha256(bound)).substr(0, check_bytes));
}

std::string make_cursor(std::string_view place, std::string_view query) {
    return base64url(check_of(place, query) + std::string(place));
}

std::optional<std::string> read_cursor(std::string_view cursor, std::string_view query) {
    const auto bytes = from_base64url(cursor);
    if (!bytes || bytes->size() < check_bytes) return std::nullopt;
    const std::string place = bytes->substr(check_bytes);
    if (bytes->substr(0, check_bytes) != check_of(place, query)) return std::nullopt;
    return place;
}

}  // namespace msp
