// What a storage technology has to do, and nothing more. Blocking; used by the commit queue on its
// thread.
//
// Law: write() is all or nothing. It checks the version of every chain and record that was loaded,
// changed or not, and that names which begin are free: a mismatch is `stale`, nothing was written,
// decide again. After `unknown`, resolve() tells for certain whether that batch is in. After
// `broken`, nothing is promised but what was committed before. Every engine passes
// store/engine_contract.hpp.
#pragma once

#include "domain/decision.hpp"
#include "domain/failure.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace msp {

// Each writer owns a lane; it raises the lane's batch number in every transaction.
struct LaneBatch {
    std::uint64_t lane = 0;
    std::uint64_t batch = 0;
    friend bool operator==(const LaneBatch&, const LaneBatch&) = default;
};

struct StoredChain {
    Chain chain;
    std::uint64_t version = 0;
    std::uint64_t newest_entry = 0;  // position of its newest event in history
};

struct Found {
    Name name;
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
    std::uint64_t previous_entry = 0;
    Chain after;
    std::vector<Name> begin;  // names that become live
    std::vector<Name> end;    // names that cease to be
};

struct RecordChange {
    std::uint64_t expected = 0;
    Record record;
};

struct Changes {
    LaneBatch batch;
    Time at{};
    std::vector<ChainChange> chains;
    std::vector<RecordChange> records;
    std::vector<std::pair<ChainId, std::uint64_t>>
        looked_at;  // unchanged chains and their versions
    std::vector<std::pair<Name, std::uint64_t>> looked_at_records;
    std::vector<Event> events;
};

enum class Written { committed, stale, unknown, full, broken };
enum class Landed { in, not_in, broken };

struct Due {
    ChainId chain{};
    OperatorId at_operator;
    Time at{};
};

class Engine {
public:
    virtual ~Engine() = default;
    virtual Result<Loaded, Failure> load(std::span<const Name>) = 0;
    virtual Written write(const Changes&) = 0;
    virtual Landed resolve(const LaneBatch&) = 0;
    virtual std::vector<Due> due() = 0;  // all chains that wait for a time, at start
    virtual std::uint64_t last_batch(std::uint64_t lane) = 0;
};

}  // namespace msp
