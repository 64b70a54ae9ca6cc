// How often something may go wrong before it has to wait: counting by name, in bounded memory.
//
// Law: a name is counted in windows, each of which begins with the first of its occurrences; once
// the window is full, the name waits until the window's end. At most `names_most` names are kept:
// beyond that, the window that began first is forgotten.
// Pure but for its state: time is an argument. One thread at a time.
#pragma once

#include "domain/time.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace msp {

struct AttemptLimit {
    std::size_t most = 10;
    Duration window{60'000};
    std::size_t names_most = 10'000;
};

class Tally {
public:
    explicit Tally(AttemptLimit limit) : limit_(limit) {}

    // How long the name has to wait; nothing: it need not.
    std::optional<Duration> wait(std::string_view name, Time now) const;
    // Answers how often it was counted in this window, this one included.
    std::size_t count(std::string_view name, Time now);

private:
    struct Window {
        Time since{};
        std::size_t counted = 0;
    };
    bool over(const Window& window, Time now) const { return now - window.since >= limit_.window; }
    void make_room(Time now);

    AttemptLimit limit_;
    std::map<std::string, Window, std::less<>> windows_;
    std::deque<std::pair<Time, std::string>> by_beginning_;
};

// Credentials that did not open anything, by what they claimed to be at the address they came from,
// and by the address. Who has to wait is not even looked at (429, Retry-After). The claim is not
// counted by itself, or anybody could lock a key out whose id he has seen; and an address may fail
// oftener than one claim, for a whole factory can stand behind one.
class Attempts {
public:
    static constexpr AttemptLimit per_claim{10};
    static constexpr AttemptLimit per_address{100};

    // `claim`: a key's id, a device ID, empty where nothing was claimed.
    // `peer`: "127.0.0.1:50112" or "[::1]:50112"; the port does not count.
    std::optional<Duration> wait(std::string_view claim, std::string_view peer, Time now) const;
    void failed(std::string_view claim, std::string_view peer, Time now);

private:
    Tally by_claim_{per_claim};
    Tally by_address_{per_address};
};

}  // namespace msp
