#include "api/first_lines.hpp"

#include <bit>
#include <cassert>
#include <utility>

namespace msp {

FirstLines::FirstLines(std::size_t numbers_expected)
    : keys_(std::bit_ceil(numbers_expected * 2 + 16)), lines_(keys_.size()) {}

// A 1 before the digits keeps leading zeros apart.
static std::uint64_t key_of(std::string_view digits) {
    assert(!digits.empty() && digits.size() <= 18);
    std::uint64_t key = 1;
    for (const char digit : digits) key = key * 10 + static_cast<std::uint64_t>(digit - '0');
    return key;
}

// Where the key is, or where it belongs.
std::size_t FirstLines::place_of(std::uint64_t key) const {
    constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;
    std::size_t place = (key * golden_ratio >> 20) & (keys_.size() - 1);
    while (lines_[place] != 0 && keys_[place] != key) place = (place + 1) & (keys_.size() - 1);
    return place;
}

void FirstLines::grow() {
    std::vector<std::uint64_t> keys(keys_.size() * 2);
    std::vector<std::uint32_t> lines(keys.size());
    keys_.swap(keys);
    lines_.swap(lines);
    for (std::size_t old = 0; old < keys.size(); ++old) {
        if (lines[old] == 0) continue;
        const std::size_t place = place_of(keys[old]);
        keys_[place] = keys[old];
        lines_[place] = lines[old];
    }
}

std::uint32_t FirstLines::note(std::string_view digits, std::uint32_t line) {
    assert(line != 0);
    const std::uint64_t key = key_of(digits);
    std::size_t place = place_of(key);
    if (lines_[place] != 0) return lines_[place];
    if ((size_ + 1) * 2 > keys_.size()) {
        grow();
        place = place_of(key);
    }
    ++size_;
    keys_[place] = key;
    lines_[place] = line;
    return 0;
}

}  // namespace msp
