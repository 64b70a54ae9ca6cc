// What one endpoint has still to be sent, and what is stored of that.
//
//      feed ─► take ─► lanes, one per chain ─► begin ─► settle ─┬─ delivered, or dead: the next
//                      │ 12, 17, 21                             └─ failed: waits, and is stuck
//
// A lane keeps the order of its chain: its head alone is under way. A lane is *stuck* when its head
// failed, or hangs; then it has a row of its own in the store, and the position passes it by. So a
// position and a few rows say all: what is numbered up to the position was delivered, but for what
// a stuck lane has from its head on.
//
// Law: first arrivals are in order per chain, whatever fails and whenever the process ends. Nothing
// is delivered again that the last stored progress has as delivered: that is, what was delivered
// since, and the few that overtook an attempt which had not failed yet.
// Pure bookkeeping: no clock, no I/O; one thread.
#pragma once

#include "notices/feed.hpp"

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace msp {

// A chain's notices; or the one notice of no known chain, which keeps no order with others.
struct LaneId {
    std::uint64_t chain = 0;
    std::uint64_t number = 0;  // only where there is no chain
    friend auto operator<=>(const LaneId&, const LaneId&) = default;
};
LaneId lane_of(const Notice&);

// The row of a stuck lane.
struct StuckLane {
    LaneId lane;
    std::uint64_t head = 0;  // number in the feed
    unsigned attempts = 0;   // that failed
    Time since{};            // of the first of them
    Time due{};              // of the next
    friend bool operator==(const StuckLane&, const StuckLane&) = default;
};

// One attempt to be made.
struct Sending {
    LaneId lane;
    std::uint64_t number = 0;
    std::shared_ptr<const Notice> notice;  // null: to be read from the feed again
};

enum class DeliveryState : unsigned char { delivered, retrying, dead };

struct SettledAs {
    DeliveryState state = DeliveryState::delivered;
    std::optional<Time> due;  // of the next attempt
};

// What moved since the last time.
struct Progress {
    std::uint64_t position = 0;
    std::vector<StuckLane> stuck;
    std::vector<LaneId> free;  // stuck no more
};

struct BacklogLimits {
    std::size_t concurrency = 8;
    std::size_t read_ahead = 256;        // notices in lanes that are not stuck
    std::size_t waiting_most = 200'000;  // numbers in stuck lanes: beyond, reading stops
    Duration hangs_after{1'000};         // an attempt under way for longer makes its lane stuck
};

class Backlog {
public:
    Backlog(std::uint64_t position, const std::vector<StuckLane>&, const BacklogLimits&);

    // The feed is to be read after this number, and so many notices can be taken.
    std::uint64_t read_after() const { return read_after_; }
    std::size_t room() const;
    void take(const FeedPage&);

    // Nothing: nobody is due, as many are under way as may be, or it is paused.
    std::optional<Sending> begin(Time now);
    std::optional<Time> next_due() const;  // absent: nothing waits for a time

    // What came of it. `retry_after`: the receiver wants nothing before that.
    SettledAs delivered(const LaneId&);
    SettledAs failed(const LaneId&, Time now, double chance, std::optional<Duration> retry_after);
    // It was delivered beside the lanes: a head that waits for it waits no more.
    void delivered_by_hand(const LaneId&, std::uint64_t number);

    bool moved() const { return !touched_.empty() || position() != told_position_; }
    Progress progress(Time now);

    // All from this number on is to be sent anew: what to store, and to begin from again. Nothing:
    // the number is beyond what was looked at.
    std::optional<Progress> rewind(std::uint64_t from) const;

private:
    struct Waiting {
        std::uint64_t number = 0;
        std::shared_ptr<const Notice> notice;
    };
    struct Lane {
        std::deque<Waiting> waiting;
        unsigned attempts = 0;
        Time since{};
        Time due{};
        bool stuck = false;
    };
    using Lanes = std::map<LaneId, Lane>;

    bool caught_up() const { return read_after_ >= stored_; }
    std::size_t allowed() const;
    std::uint64_t position() const;
    void take(const Notice&);
    void stick(Lanes::value_type&);
    void advance(Lanes::iterator);
    StuckLane row(const Lanes::value_type&) const;

    BacklogLimits limits_;
    std::uint64_t stored_;  // position at the beginning
    std::uint64_t read_after_ = 0;
    std::uint64_t told_position_ = 0;
    Lanes lanes_;
    std::set<std::uint64_t> open_;   // numbers in lanes that are not stuck
    std::size_t stuck_waiting_ = 0;  // numbers in lanes that are
    std::deque<LaneId> ready_;
    std::set<std::pair<Time, LaneId>> due_;
    std::map<LaneId, Time> under_way_;
    std::set<LaneId> touched_;  // whose rows are to be written or removed
    Time paused_until_{};
    std::size_t failed_in_a_row_ = 0;
};

}  // namespace msp
