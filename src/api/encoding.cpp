#include "api/encoding.hpp"

#include <cstddef>

namespace msp {

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t more = first < 0x80 ? 0 : first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
        if (first >= 0xF8 || (first >= 0x80 && first < 0xC2) || at + more >= text.size())
            return false;
        for (std::size_t i = 1; i <= more; ++i)
            if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return false;
        at += more + 1;
    }
    return true;
}

// Every byte sequence beyond ASCII is one of GB 18030: two bytes, or four with digits between.
bool is_gb18030(std::string_view text) {
    const auto within = [&](std::size_t at, unsigned least, unsigned most) {
        if (at >= text.size()) return false;
        const auto byte = static_cast<unsigned char>(text[at]);
        return least <= byte && byte <= most;
    };
    for (std::size_t at = 0; at < text.size();) {
        if (within(at, 0, 0x7F)) {
            ++at;
            continue;
        }
        if (!within(at, 0x81, 0xFE)) return false;
        const bool four =
            within(at + 1, '0', '9') && within(at + 2, 0x81, 0xFE) && within(at + 3, '0', '9');
        const bool two = within(at + 1, 0x40, 0xFE) && !within(at + 1, 0x7F, 0x7F);
        if (!four && !two) return false;
        at += four ? 4 : 2;
    }
    return true;
}

}  // namespace msp
