// Who may be served now, and when those come back who may not.
//
// Law: a party makes at most so many calls a second, on the average, and a burst; the M2M SP's own
// are not counted. Of those who are turned away, at most `per_second` are told to come back in any
// second, one behind the other, unless the line is `most` long already: so however many they are,
// turning them away stays cheap.
// Threads: the loop's only. Time is an argument.
#pragma once

#include "domain/identity.hpp"
#include "domain/time.hpp"
#include "world/send_rate.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace msp {

class Appointments {
public:
    static constexpr Duration least{1'000};
    static constexpr Duration most{30'000};
    static constexpr unsigned per_second = 2'000;

    // How long whoever is turned away now has to wait, and is not heard (HttpResponse::unheard).
    Duration next(Monotonic now);

private:
    Monotonic last_{};  // that was given
};

class PartyPace {
public:
    // 0 a second: no bound. A burst is one call at the least.
    PartyPace(unsigned per_second, unsigned burst)
        : per_second_(per_second), burst_(std::max(burst, 1U)) {}

    // Counts a call; or says how long it takes until the party may make one.
    std::optional<Duration> call(const PartyId&, Monotonic now);

private:
    unsigned per_second_;
    unsigned burst_;
    std::map<PartyId, SendRate> parties_;  // that called: no more than there are
};

}  // namespace msp
