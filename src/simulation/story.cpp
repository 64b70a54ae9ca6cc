#include "simulation/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace msp::simulation {

// FNV-1a, over 64 bits.
static constexpr std::uint64_t prime = 0x100000001b3;

void Story::mix(std::string_view what) {
    for (const char one : what) hash_ = (hash_ ^ static_cast<unsigned char>(one)) * prime;
    mix(static_cast<std::uint64_t>(schedule_.now().count()));
}

void Story::mix(std::uint64_t number) {
    hash_ = (hash_ ^ (number & 0xffff'ffff)) * prime;
    hash_ = (hash_ ^ (number >> 32)) * prime;
}

void Story::broken(int law, std::string how, std::vector<std::string> about) {
    tell([&] { return "*** law " + std::to_string(law) + " is broken: " + how; });
    findings_.push_back({law, std::move(how), schedule_.now(), std::move(about)});
}

// A line that begins with `*` concerns everybody.
std::string Story::about(const std::vector<std::string>& words, std::size_t lines_most) const {
    std::vector<const Line*> chosen;
    for (auto line = lines_.rbegin(); line != lines_.rend() && chosen.size() < lines_most; ++line) {
        const bool named = words.empty() || line->words.starts_with('*') ||
                           std::any_of(words.begin(), words.end(), [&](const auto& word) {
                               return line->words.find(word) != std::string::npos;
                           });
        if (named) chosen.push_back(&*line);
    }
    std::string out;
    for (auto line = chosen.rbegin(); line != chosen.rend(); ++line)
        out += fmt::format("{:>10.3f} s  {}\n", static_cast<double>((*line)->at.count()) / 1'000,
                           (*line)->words);
    return out;
}

}  // namespace msp::simulation
