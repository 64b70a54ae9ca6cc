#include "api/turning_away.hpp"

#include "domain/party.hpp"

#include <algorithm>
#include <chrono>

namespace msp {

Duration Appointments::next(Monotonic now) {
    constexpr Monotonic between{1'000'000'000 / per_second};
    last_ = std::clamp(last_ + between, now + least, now + most);
    return std::chrono::ceil<Duration>(last_ - now);
}

std::optional<Duration> PartyPace::call(const PartyId& party, Monotonic now) {
    if (per_second_ == 0 || party == m2m_sp()) return std::nullopt;
    SendRate& rate = parties_.try_emplace(party, per_second_, burst_).first->second;
    if (!rate.may_begin(now)) return std::chrono::ceil<Duration>(rate.next() - now);
    rate.begin();
    rate.spend(now);
    return std::nullopt;
}

}  // namespace msp
