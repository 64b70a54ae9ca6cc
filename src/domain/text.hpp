// A short text held in place: at most N characters, no allocation, trivially copyable.
//
// Law: two texts are equal, and ordered, by what they say. What is longer than N is refused, not
// cut. Made for what is copied often and is short by its nature, such as the identifiers within a
// chain. A value; no threads. A view() lives as long as the text it was taken from.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace msp {

template <std::size_t N>
class Text {
    static_assert(0 < N && N <= 255, "the length is kept in one byte");

public:
    constexpr Text() = default;

    // From a literal; one that does not fit does not compile.
    template <std::size_t Size>
    requires(Size <= N + 1) constexpr Text(const char (&literal)[Size])
        : Text(std::string_view(literal, Size - 1)) {
        assert(std::string_view(literal, Size).find('\0') == Size - 1);
    }

    static constexpr std::optional<Text> of(std::string_view content) {
        if (content.size() > N) return std::nullopt;
        return Text(content);
    }

    constexpr std::string_view view() const { return {characters_.data(), length_}; }
    constexpr bool empty() const { return length_ == 0; }

    friend constexpr bool operator==(const Text& left, const Text& right) {
        return left.view() == right.view();
    }
    friend constexpr std::strong_ordering operator<=>(const Text& left, const Text& right) {
        return left.view() <=> right.view();
    }

private:
    // Requires: it fits.
    constexpr explicit Text(std::string_view content)
        : length_(static_cast<std::uint8_t>(content.size())) {
        std::copy(content.begin(), content.end(), characters_.begin());
    }

    std::array<char, N> characters_{};
    std::uint8_t length_ = 0;
};

}  // namespace msp

template <std::size_t N>
struct std::hash<msp::Text<N>> {
    std::size_t operator()(const msp::Text<N>& text) const noexcept {
        return std::hash<std::string_view>{}(text.view());
    }
};
