// Whether history is as it was written: takes its rows in the order of their places and says what
// is wrong, and where.
//
// Law: a history that nobody touched has no fault. One whose rows were changed, taken out, put in
// or moved has at least one, unless all ties after that place were made anew; then, as when the
// newest rows were taken away, only a head from before tells, and with it there is one.
// After a fault the check goes on from the seal that stands there: one wrong row is told once.
// A value; one thread at a time.
#pragma once

#include "store/engine.hpp"
#include "store/seal.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace msp {

// Up to where a lane goes, and the tie of its newest row: it stands for all rows of the lane.
struct LaneHead {
    std::uint64_t lane = 0;
    EntryId next{};  // the place after the newest event
    Digest tie{};
    friend bool operator==(const LaneHead&, const LaneHead&) = default;
};

struct HistoryFault {
    enum class Kind {
        hash,       // the row is not the one that was sealed
        order,      // the row stands where another does, or in no lane
        gap,        // rows are missing in front of it
        seal,       // there is none, or none should be there, or it cannot be read
        old_rows,   // one of the rows from before seals, up to this place, is not as it was
        truncated,  // the lane ends here; the head goes on
        other,      // the head was taken of another history, or this one was made anew
    };
    Kind kind = Kind::hash;
    std::int64_t place = 0;
    friend bool operator==(const HistoryFault&, const HistoryFault&) = default;
};

// "the row is not as it was written", …
std::string_view sentence(HistoryFault::Kind);
std::string_view word(HistoryFault::Kind);

class HistoryCheck {
public:
    // Where the rows from before seals end, lane by lane; and the heads to hold history against.
    explicit HistoryCheck(const std::vector<LaneHead>& unsealed,
                          const std::vector<LaneHead>& heads = {});

    // Requires: in the order of their places.
    void take(const HistoryRow&, std::string_view seal);
    void end();

    std::uint64_t rows() const { return rows_; }
    const std::vector<HistoryFault>& faults() const { return faults_; }
    std::vector<LaneHead> heads() const;  // of the lanes that there are, after end()

private:
    struct Progress {
        LaneHead reached;
        bool tie_known = true;  // that of the row before
        bool past_unsealed = false;
    };

    Progress& progress(std::uint64_t lane);
    bool in_order(Progress&, const HistoryRow&);
    void take_unsealed(Progress&, const HistoryRow&, std::string_view seal);
    void take_sealed(Progress&, const HistoryRow&, std::string_view bytes);
    void leave_unsealed(Progress&);
    void hold_against_head(const LaneHead& before, const LaneHead& now);
    void note(HistoryFault::Kind, std::int64_t place);

    std::map<std::uint64_t, LaneHead> unsealed_, heads_;
    std::map<std::uint64_t, Progress> lanes_;
    std::vector<HistoryFault> faults_;
    std::uint64_t rows_ = 0;
};

}  // namespace msp
