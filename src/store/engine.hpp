// What a storage technology has to do, and nothing more. Blocking; used by the commit queue on its
// thread.
//
// Law: write() is all or nothing. It checks the version of every chain and record that was loaded,
// changed or not, that names found free still are, and that names which begin are free: a mismatch
// is `stale`, nothing was written, decide again. After `unknown`, resolve() tells for certain
// whether that batch is in. After `broken`, nothing is promised but what was committed before.
// Every engine passes store/engine_contract.hpp.
// Threads: one at a time. A Loaded is a value and stays true to the instant it was loaded.
#pragma once

#include "domain/decision.hpp"
#include "domain/failure.hpp"
#include "domain/result.hpp"

#include <cassert>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace msp {

inline constexpr std::uint64_t lanes_most = 1024;

// Each writer owns a lane; it raises the lane's batch number in every transaction.
struct LaneBatch {
    std::uint64_t lane = 0;
    std::uint64_t batch = 0;
    friend bool operator==(const LaneBatch&, const LaneBatch&) = default;

    // One number for the transaction, never that of another: the version of the records it wrote.
    std::uint64_t stamp() const { return batch * lanes_most + lane; }
};

// A place in history, in one number: the lane above, the position in it below. 0: none.
enum class EntryId : std::uint64_t {};

inline constexpr unsigned position_bits = 48;
inline constexpr std::uint64_t positions_most = (std::uint64_t{1} << position_bits) - 1;

constexpr EntryId entry_id(std::uint64_t lane, std::uint64_t position) {
    assert(lane < lanes_most && position <= positions_most);
    return EntryId{lane << position_bits | position};
}
constexpr std::uint64_t lane_of(EntryId id) {
    return static_cast<std::uint64_t>(id) >> position_bits;
}
constexpr std::uint64_t position_of(EntryId id) {
    return static_cast<std::uint64_t>(id) & positions_most;
}

constexpr EntryId plus(EntryId id, std::uint64_t entries) {
    return EntryId{static_cast<std::uint64_t>(id) + entries};
}

constexpr std::uint64_t distance(EntryId from, EntryId to) {
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

// Chains go from hand to hand unchanged: no one copies them.
struct StoredChain {
    std::shared_ptr<const Chain> chain;
    std::uint64_t version = 0;  // grows by one with each write
    EntryId newest_entry{};     // of its events in history
};

struct Found {
    std::optional<ChainId> chain;  // of a name that leads to a chain
    bool live = false;
    std::optional<std::string> record;  // of a record's name
    std::uint64_t version = 0;          // of the record; 0: absent
};

struct Loaded {
    std::vector<Found> names;         // one for each asked, in order
    std::vector<StoredChain> chains;  // each once
};

struct ChainChange {
    std::uint64_t expected = 0;  // version loaded; 0: born now
    EntryId previous_entry{};
    std::shared_ptr<const Chain> after;
};

// A name becomes live for a chain, or ceases to be.
struct NameChange {
    Name name;
    ChainId chain{};
    bool begins = true;
};

struct RecordChange {
    std::uint64_t expected = 0;  // version loaded; 0: absent
    Record record;
};

struct Changes {
    LaneBatch batch;  // greater than that of any write before, tried or done
    Time at{};
    Time forget_answers_before{};       // an engine may, a few with each write
    std::vector<ChainChange> chains;    // each once
    std::vector<NameChange> names;      // in the order in which they happen
    std::vector<RecordChange> records;  // each once; an answer among them carries `at` too
    std::vector<Event> events;          // a chain that one is about is among those that change
    // What was looked at and stays as it is.
    std::vector<std::pair<ChainId, std::uint64_t>> unchanged_chains;
    std::vector<std::pair<Name, std::uint64_t>> unchanged_records;
    std::vector<Name> free_names;
};

enum class Written { committed, stale, unknown, full, broken };
enum class Landed { in, not_in, broken };       // not in: and it never will be
enum class Tidied { done, under_way, broken };  // under way: ask again, or nobody sees how it ends

struct Due {
    ChainId chain{};
    OperatorId at_operator;
    Time at{};
    friend bool operator==(const Due&, const Due&) = default;
};

// What a writer has to know before it begins.
struct Standing {
    std::uint64_t last_batch = 0;  // of its lane
    ChainId largest_chain{};
    std::vector<Due> due;  // every chain that waits for a time, by chain
};

class Engine {
public:
    virtual ~Engine() = default;
    virtual Result<Standing, Failure> standing(std::uint64_t lane) = 0;
    virtual Result<Loaded, Failure> load(std::span<const Name>) = 0;
    virtual Written write(const Changes&) = 0;
    virtual Landed resolve(const LaneBatch&) = 0;
    // One sentence about the last thing that went wrong, a stale write aside; never an identifier.
    virtual std::string trouble() const = 0;
    // Between two batches: housekeeping that must not run beside one, and more of it while nothing
    // waits.
    virtual Tidied tidy(bool nothing_waits) = 0;
};

}  // namespace msp
