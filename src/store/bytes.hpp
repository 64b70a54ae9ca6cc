// Writing and reading compact binary values: the alphabet of the codec.
//
// Numbers are little-endian base 128 (7 bits a byte, the low ones first); signed ones are folded so
// that small ones stay short; texts carry their length; digits go two to a byte.
// Law: a ByteReader never reads beyond its input. After the first thing that cannot be there it
// has failed for good: it gives zeros and empty texts from then on, and `good()` says so at the
// end. Values; one thread at a time. Views given out live as long as the input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace msp {

class ByteWriter {
public:
    void byte(unsigned value) { out_ += static_cast<char>(value); }
    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) byte(static_cast<unsigned>(value & 0x7f) | 0x80);
        byte(static_cast<unsigned>(value));
    }
    void signed_number(std::int64_t value) {
        number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
    }
    void text(std::string_view value) {
        number(value.size());
        out_ += value;
    }
    // Requires: decimal digits.
    void digits(std::string_view value) {
        number(value.size());
        for (std::size_t i = 0; i < value.size(); i += 2) {
            const auto low = static_cast<unsigned>(value[i] - '0');
            const auto high = i + 1 < value.size() ? static_cast<unsigned>(value[i + 1] - '0') : 0;
            byte(low | high << 4);
        }
    }
    void raw(std::string_view value) { out_ += value; }

    std::size_t size() const { return out_.size(); }
    const std::string& bytes() const { return out_; }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    unsigned byte() {
        if (rest_.empty()) return fail(), 0;
        const auto value = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint64_t piece = byte();
            if (shift == 63 && piece > 1) return fail(), 0;
            value |= (piece & 0x7f) << shift;
            if (piece < 0x80) return value;
        }
        return fail(), 0;
    }
    std::int64_t signed_number() {
        const std::uint64_t folded = number();
        return static_cast<std::int64_t>(folded >> 1 ^ (0 - (folded & 1)));
    }
    // How many things follow, each of at least `least` bytes: never more than there is room for.
    std::size_t count(std::size_t least = 1) {
        const std::uint64_t value = number();
        if (value > rest_.size() / least) return fail(), 0;
        return static_cast<std::size_t>(value);
    }
    std::string_view raw(std::size_t size) {
        if (size > rest_.size()) return fail(), std::string_view{};
        const std::string_view out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }
    std::string_view text() { return raw(count()); }
    std::string digits() {
        const std::uint64_t size = number();
        if (size > 2 * rest_.size()) return fail(), std::string{};
        std::string out;
        for (std::size_t i = 0; i < size; i += 2) {
            const unsigned pair = byte();
            if ((pair & 15) > 9 || pair >> 4 > 9) return fail(), std::string{};
            out += static_cast<char>('0' + (pair & 15));
            if (i + 1 < size) out += static_cast<char>('0' + (pair >> 4));
        }
        return out;
    }

    void fail() {
        good_ = false;
        rest_ = {};
    }
    bool good() const { return good_; }
    bool at_end() const { return good_ && rest_.empty(); }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
    bool good_ = true;
};

}  // namespace msp
