#include "store/history_check.hpp"

#include <cstdlib>

namespace msp {

using Kind = HistoryFault::Kind;

std::string_view word(Kind kind) {
    switch (kind) {
        case Kind::hash: return "hash";
        case Kind::order: return "order";
        case Kind::gap: return "gap";
        case Kind::seal: return "seal";
        case Kind::old_rows: return "old-rows";
        case Kind::truncated: return "truncated";
        case Kind::other: return "other";
    }
    std::abort();
}

std::string_view sentence(Kind kind) {
    switch (kind) {
        case Kind::hash: return "this row, or the seal before it, is not as it was written";
        case Kind::order: return "this row stands where another does, or in no lane";
        case Kind::gap: return "rows are missing in front of this one";
        case Kind::seal: return "the seal of this row is not one";
        case Kind::old_rows: return "one of the rows up to here, older than seals, was changed";
        case Kind::truncated: return "history ends here, but went on when the head was taken";
        case Kind::other: return "history up to here is not the one that the head was taken of";
    }
    std::abort();
}

static std::int64_t number(EntryId place) {
    return static_cast<std::int64_t>(place);
}

static std::map<std::uint64_t, LaneHead> by_lane(const std::vector<LaneHead>& heads) {
    std::map<std::uint64_t, LaneHead> out;
    for (const LaneHead& head : heads) out.emplace(head.lane, head);
    return out;
}

HistoryCheck::HistoryCheck(const std::vector<LaneHead>& unsealed,
                           const std::vector<LaneHead>& heads)
    : unsealed_(by_lane(unsealed)), heads_(by_lane(heads)) {}

void HistoryCheck::note(Kind kind, std::int64_t place) {
    faults_.push_back({kind, place});
}

HistoryCheck::Progress& HistoryCheck::progress(std::uint64_t lane) {
    const auto [at, fresh] = lanes_.try_emplace(lane);
    if (fresh) {
        at->second.reached = {lane, entry_id(lane, 1), first_tie};
        at->second.past_unsealed = !unsealed_.contains(lane);
    }
    return at->second;
}

static bool in_a_lane(const HistoryRow& row) {
    if (row.place < 0 || lane_of(EntryId{static_cast<std::uint64_t>(row.place)}) >= lanes_most)
        return false;
    const std::uint64_t position = position_of(EntryId{static_cast<std::uint64_t>(row.place)});
    return position > 0 && row.events > 0 &&
           static_cast<std::uint64_t>(row.events) <= positions_most - position;
}

void HistoryCheck::take(const HistoryRow& row, std::string_view seal) {
    ++rows_;
    if (!in_a_lane(row)) return note(Kind::order, row.place);
    const EntryId place{static_cast<std::uint64_t>(row.place)};
    Progress& lane = progress(lane_of(place));
    if (!lane.past_unsealed && place >= unsealed_.at(lane.reached.lane).next) leave_unsealed(lane);
    if (!in_order(lane, row)) return;
    const LaneHead before = lane.reached;
    if (lane.past_unsealed)
        take_sealed(lane, row, seal);
    else
        take_unsealed(lane, row, seal);
    lane.reached.next = plus(place, static_cast<std::uint64_t>(row.events));
    hold_against_head(before, lane.reached);
}

// A row that stands where another was before is told and passed over.
bool HistoryCheck::in_order(Progress& lane, const HistoryRow& row) {
    const std::int64_t expected = number(lane.reached.next);
    if (row.place < expected) {
        note(Kind::order, row.place);
        return false;
    }
    if (row.place > expected) {
        note(Kind::gap, row.place);
        lane.tie_known = false;
    }
    return true;
}

void HistoryCheck::take_unsealed(Progress& lane, const HistoryRow& row, std::string_view seal) {
    if (!seal.empty()) note(Kind::seal, row.place);
    lane.reached.tie = unsealed_tie(lane.reached.tie, row);
}

void HistoryCheck::take_sealed(Progress& lane, const HistoryRow& row, std::string_view bytes) {
    const auto seal = decode_seal(bytes);
    const bool comparable = seal && lane.tie_known;
    lane.tie_known = seal.has_value();
    if (!seal) return note(Kind::seal, row.place);
    if (comparable && sealed_tie(lane.reached.tie, row, seal->salt) != seal->tie)
        note(Kind::hash, row.place);
    lane.reached.tie = seal->tie;
}

void HistoryCheck::leave_unsealed(Progress& lane) {
    const LaneHead& noted = unsealed_.at(lane.reached.lane);
    if (lane.reached != noted) note(Kind::old_rows, number(noted.next) - 1);
    lane.reached.tie = noted.tie;
    lane.tie_known = true;
    lane.past_unsealed = true;
}

void HistoryCheck::hold_against_head(const LaneHead& before, const LaneHead& now) {
    const auto head = heads_.find(now.lane);
    if (head == heads_.end() || head->second.next <= before.next || head->second.next > now.next)
        return;
    if (head->second != now) note(Kind::other, number(head->second.next) - 1);
}

void HistoryCheck::end() {
    for (const auto& [lane, noted] : unsealed_)
        if (Progress& one = progress(lane); !one.past_unsealed) leave_unsealed(one);
    for (const auto& [lane, head] : heads_) {
        const EntryId reached = progress(lane).reached.next;
        if (reached < head.next) note(Kind::truncated, number(reached));
    }
}

std::vector<LaneHead> HistoryCheck::heads() const {
    std::vector<LaneHead> out;
    for (const auto& [lane, one] : lanes_) out.push_back(one.reached);
    return out;
}

}  // namespace msp
