#include "access/attempts.hpp"

#include <algorithm>

namespace msp {

std::optional<Duration> Tally::wait(std::string_view name, Time now) const {
    const auto found = windows_.find(name);
    if (found == windows_.end()) return std::nullopt;
    const Window& window = found->second;
    if (over(window, now) || window.counted < limit_.most) return std::nullopt;
    return window.since + limit_.window - now;
}

std::size_t Tally::count(std::string_view name, Time now) {
    make_room(now);
    auto found = windows_.find(name);
    if (found == windows_.end()) {
        found = windows_.emplace(name, Window{now, 0}).first;
        by_beginning_.emplace_back(now, name);
    }
    return ++found->second.counted;
}

// All windows are equally long, so they end in the order in which they began.
void Tally::make_room(Time now) {
    while (!by_beginning_.empty()) {
        const auto first = windows_.find(by_beginning_.front().second);
        if (windows_.size() < limit_.names_most && !over(first->second, now)) return;
        windows_.erase(first);
        by_beginning_.pop_front();
    }
}

static std::string_view address_of(std::string_view peer) {
    return peer.substr(0, peer.rfind(':'));
}

static std::string claim_at(std::string_view claim, std::string_view peer) {
    return std::string(address_of(peer)).append(" ").append(claim.substr(0, 64));
}

std::optional<Duration> Attempts::wait(std::string_view claim, std::string_view peer,
                                       Time now) const {
    const auto one = by_claim_.wait(claim_at(claim, peer), now);
    const auto other = by_address_.wait(address_of(peer), now);
    return one && other ? std::max(*one, *other) : one ? one : other;
}

void Attempts::failed(std::string_view claim, std::string_view peer, Time now) {
    by_claim_.count(claim_at(claim, peer), now);
    by_address_.count(address_of(peer), now);
}

}  // namespace msp
