// What happens next: one queue over everything that is to happen anywhere in the simulated world.
//
// Law: turns run by their time; those of one instant in an order that the seed draws. The same seed
// and the same calls give the same order, for ever. Time does not pass inside a turn.
// Threads: one.
#pragma once

#include "domain/time.hpp"
#include "world/random.hpp"

#include <cstdint>
#include <functional>
#include <map>

namespace msp::simulation {

class Schedule {
public:
    struct Place {
        Duration at{};
        std::uint64_t tie = 0;  // drawn: who goes first at one instant
        std::uint64_t number = 0;
        friend auto operator<=>(const Place&, const Place&) = default;
    };

    explicit Schedule(std::uint64_t seed) : ties_(seed) {}

    Duration now() const { return now_; }  // since the world began
    std::uint64_t steps() const { return steps_; }

    Place at(Duration when, std::function<void()> turn);
    Place after(Duration delay, std::function<void()> turn) {
        return at(now_ + delay, std::move(turn));
    }
    void cancel(const Place& place) { turns_.erase(place); }

    // Runs the next turn, should it come by then; else time is `until`, and nothing is left to do.
    bool step(Duration until);
    // Whatever was to happen will not; for the end of the world.
    void clear() { turns_.clear(); }

private:
    Duration now_{};
    SeededRandom ties_;
    std::uint64_t newest_ = 0;
    std::uint64_t steps_ = 0;
    std::map<Place, std::function<void()>> turns_;
};

}  // namespace msp::simulation
