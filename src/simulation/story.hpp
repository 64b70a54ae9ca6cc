// What happened, for two readers: a hash that is the same whenever the same happened, and, when a
// law broke and the seed is played again, the story in words.
//
// Words are made only when somebody listens: `tell` takes a function. Threads: one.
#pragma once

#include "domain/time.hpp"
#include "simulation/schedule.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace msp::simulation {

// A law that did not hold.
struct Finding {
    int law = 0;  // its number in docs/laws.md
    std::string how;
    Duration at{};
    std::vector<std::string> about{};  // words that tell which lines of the story belong to it
};

class Story {
public:
    explicit Story(const Schedule& schedule, bool told) : schedule_(schedule), told_(told) {}

    void mix(std::string_view what);
    void mix(std::uint64_t number);
    std::uint64_t hash() const { return hash_; }

    void tell(const std::function<std::string()>& line) {
        if (told_) lines_.push_back({schedule_.now(), line()});
    }
    // The first one counts; what follows from it is noise.
    void broken(int law, std::string how, std::vector<std::string> about = {});
    bool whole() const { return findings_.empty(); }
    const std::vector<Finding>& findings() const { return findings_; }

    // The lines that name one of these words, or nobody; the newest, so many of them.
    std::string about(const std::vector<std::string>& words, std::size_t lines_most) const;

private:
    struct Line {
        Duration at{};
        std::string words;
    };

    const Schedule& schedule_;
    const bool told_;
    std::uint64_t hash_ = 0xcbf29ce484222325;
    std::vector<Line> lines_;
    std::vector<Finding> findings_;
};

}  // namespace msp::simulation
