// A name in a request that nothing here has, as it is told back: not at all where it is longer than
// any of ours, for it may be a key in the wrong place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace msp {

inline std::string unknown_name(std::string_view name) {
    constexpr std::size_t longest = 32;
    return name.size() <= longest ? std::string(name) : "…";
}

}  // namespace msp
