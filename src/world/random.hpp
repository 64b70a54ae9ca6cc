// Chance: ids, jitter and secrets come from here and from nowhere else. Loop's thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace msp {

class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::byte> bytes) = 0;

    std::uint64_t next();                      // 64 uniform bits
    std::uint64_t below(std::uint64_t bound);  // uniform in [0, bound); bound > 0
    double unit();                             // uniform in [0, 1)
    std::string token(
        std::size_t characters);  // [a-z0-9], about 5.17 bits each: ids, not secrets of themselves
};

// The same seed gives the same chance, for ever: simulations and tests.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed);
    void fill(std::span<std::byte> bytes) override;

private:
    std::array<std::uint64_t, 4> state_;
};

// The operating system's (getrandom). Usable for keys and secrets: what was given out is wiped, so
// that memory never tells it again. One thread at a time.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::byte> bytes) override;

private:
    std::array<std::byte, 1024> drawn_{};  // ahead: a request needs a few bytes at several places
    std::size_t left_ = 0;                 // of them, at the end
};

}  // namespace msp
