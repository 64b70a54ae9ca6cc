#include "notices/backlog.hpp"

#include "notices/retry_schedule.hpp"

#include <algorithm>

namespace msp {

static constexpr Duration longest_pause = std::chrono::hours(24);

LaneId lane_of(const Notice& notice) {
    const auto chain = static_cast<std::uint64_t>(notice.chain);
    return {chain, chain == 0 ? notice.number : 0};
}

// What stuck lanes have behind their heads is found by reading the feed again from the first of
// them on.
Backlog::Backlog(std::uint64_t position, const std::vector<StuckLane>& rows,
                 const BacklogLimits& limits)
    : limits_(limits), stored_(position), read_after_(position), told_position_(position) {
    for (const StuckLane& row : rows) {
        Lane lane{.waiting = {},
                  .attempts = row.attempts,
                  .since = row.since,
                  .due = row.due,
                  .stuck = true};
        lane.waiting.push_back({row.head, nullptr});
        ++stuck_waiting_;
        due_.emplace(row.due, row.lane);
        lanes_.emplace(row.lane, std::move(lane));
        read_after_ = std::min(read_after_, row.head);
    }
}

// ----------------------------------------------------------------------------------------- reading

std::size_t Backlog::room() const {
    if (caught_up() && stuck_waiting_ >= limits_.waiting_most) return 0;
    return limits_.read_ahead - std::min(limits_.read_ahead, open_.size());
}

void Backlog::take(const FeedPage& page) {
    for (const Notice& notice : page.notices) take(notice);
    read_after_ = std::max(read_after_, page.next);
}

void Backlog::take(const Notice& notice) {
    const LaneId id = lane_of(notice);
    const auto found = lanes_.find(id);
    const bool stuck = found != lanes_.end() && found->second.stuck;
    if (!stuck && notice.number <= stored_) return;
    if (stuck && notice.number <= found->second.waiting.back().number) return;
    if (stuck) {
        found->second.waiting.push_back({notice.number, nullptr});
        ++stuck_waiting_;
        return;
    }
    if (found == lanes_.end()) ready_.push_back(id);
    lanes_[id].waiting.push_back({notice.number, std::make_shared<const Notice>(notice)});
    open_.insert(notice.number);
}

// ----------------------------------------------------------------------------------------- sending

// An endpoint that only fails is not asked more than one thing at a time.
std::size_t Backlog::allowed() const {
    return failed_in_a_row_ < limits_.concurrency ? limits_.concurrency : 1;
}

std::optional<Sending> Backlog::begin(Time now) {
    if (!caught_up() || now < paused_until_ || under_way_.size() >= allowed()) return std::nullopt;
    while (!due_.empty() && due_.begin()->first <= now) {
        ready_.push_back(due_.begin()->second);
        due_.erase(due_.begin());
    }
    if (ready_.empty()) return std::nullopt;
    const LaneId id = ready_.front();
    ready_.pop_front();
    under_way_.emplace(id, now);
    const Waiting& head = lanes_.at(id).waiting.front();
    return Sending{id, head.number, head.notice};
}

std::optional<Time> Backlog::next_due() const {
    if (!caught_up() || under_way_.size() >= allowed()) return std::nullopt;
    if (!ready_.empty()) return paused_until_;
    if (due_.empty()) return std::nullopt;
    return std::max(due_.begin()->first, paused_until_);
}

SettledAs Backlog::delivered(const LaneId& id) {
    failed_in_a_row_ = 0;
    under_way_.erase(id);
    advance(lanes_.find(id));
    return {DeliveryState::delivered, {}};
}

SettledAs Backlog::failed(const LaneId& id, Time now, double chance,
                          std::optional<Duration> retry_after) {
    ++failed_in_a_row_;
    under_way_.erase(id);
    const auto lane = lanes_.find(id);
    Lane& here = lane->second;
    if (here.attempts++ == 0) here.since = now;
    const Duration asked = std::min(retry_after.value_or(Duration(0)), longest_pause);
    paused_until_ = std::max(paused_until_, now + asked);
    if (here.attempts == retry_waits.size()) {
        advance(lane);
        return {DeliveryState::dead, {}};
    }
    stick(*lane);
    here.due = now + std::max(retry_wait(here.attempts, chance), asked);
    due_.emplace(here.due, id);
    return {DeliveryState::retrying, here.due};
}

void Backlog::delivered_by_hand(const LaneId& id, std::uint64_t number) {
    failed_in_a_row_ = 0;
    const auto lane = lanes_.find(id);
    if (lane == lanes_.end() || lane->second.waiting.front().number != number) return;
    if (due_.erase({lane->second.due, id}) > 0) advance(lane);
}

void Backlog::stick(Lanes::value_type& lane) {
    touched_.insert(lane.first);
    if (lane.second.stuck) return;
    lane.second.stuck = true;
    for (Waiting& each : lane.second.waiting) {
        open_.erase(each.number);
        each.notice.reset();
    }
    stuck_waiting_ += lane.second.waiting.size();
}

// Its head is done with: the next one's turn comes, after those that wait already.
void Backlog::advance(Lanes::iterator lane) {
    Lane& here = lane->second;
    if (here.stuck)
        --stuck_waiting_;
    else
        open_.erase(here.waiting.front().number);
    if (here.stuck) touched_.insert(lane->first);
    here.waiting.pop_front();
    here.attempts = 0;
    if (here.waiting.empty())
        lanes_.erase(lane);
    else
        ready_.push_back(lane->first);
}

// ----------------------------------------------------------------------------------------- keeping

std::uint64_t Backlog::position() const {
    return std::max(stored_, open_.empty() ? read_after_ : *open_.begin() - 1);
}

// A head that waits in `ready_` is due at once.
StuckLane Backlog::row(const Lanes::value_type& lane) const {
    const Lane& here = lane.second;
    return {.lane = lane.first,
            .head = here.waiting.front().number,
            .attempts = here.attempts,
            .since = here.attempts > 0 ? here.since : Time{},
            .due = here.attempts > 0 ? here.due : Time{}};
}

Progress Backlog::progress(Time now) {
    for (const auto& [id, begun] : under_way_)
        if (now - begun > limits_.hangs_after && !lanes_.at(id).stuck) stick(*lanes_.find(id));
    Progress out{.position = position(), .stuck = {}, .free = {}};
    for (const LaneId& id : touched_) {
        const auto lane = lanes_.find(id);
        if (lane != lanes_.end() && lane->second.stuck)
            out.stuck.push_back(row(*lane));
        else
            out.free.push_back(id);
    }
    touched_.clear();
    told_position_ = out.position;
    return out;
}

std::optional<Progress> Backlog::rewind(std::uint64_t from) const {
    if (from == 0 || from > position() + 1) return std::nullopt;
    Progress out{.position = from - 1, .stuck = {}, .free = {}};
    std::set<LaneId> all = touched_;
    for (const auto& [id, lane] : lanes_)
        if (lane.stuck) all.insert(id);
    for (const LaneId& id : all) {
        const auto lane = lanes_.find(id);
        const bool before = lane != lanes_.end() && lane->second.stuck &&
                            lane->second.waiting.front().number < from;
        if (before)
            out.stuck.push_back(row(*lane));
        else
            out.free.push_back(id);
    }
    return out;
}

}  // namespace msp
