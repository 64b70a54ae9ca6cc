// What became of each of many things that one call was about.
//
//   {"changed": 2, "unchanged": 0, "refused": 1,
//    "items": [{"item", "result": "changed|unchanged|refused", "code"?, "detail"?, "hint"?}]}
//
// Values and pure functions; any thread.
#pragma once

#include "domain/decision.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace msp {

class ItemAnswers {
public:
    static constexpr std::size_t shown_most = 1'000;

    // Of very many things, those that were refused are shown before the others.
    void add(std::span<const ItemAnswer>);
    std::string json() const;

private:
    std::uint64_t changed_ = 0;
    std::uint64_t unchanged_ = 0;
    std::uint64_t refused_ = 0;
    std::vector<ItemAnswer> shown_;
};

}  // namespace msp
