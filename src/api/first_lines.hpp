// The line of a file on which each number was first seen: a million of them in 24 MiB.
//
// A value; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace msp {

class FirstLines {
public:
    explicit FirstLines(std::size_t numbers_expected);

    // The line that the number was seen on before; 0: it is new, and noted with this line.
    // Requires: 1 to 18 digits, and a line that is not 0.
    std::uint32_t note(std::string_view digits, std::uint32_t line);

private:
    std::size_t place_of(std::uint64_t key) const;
    void grow();

    std::vector<std::uint64_t> keys_;   // the size is a power of two
    std::vector<std::uint32_t> lines_;  // 0: the place is free
    std::size_t size_ = 0;
};

}  // namespace msp
