// Single rows by their keys, for the engine and for archives. Within the transaction of its
// connection, whose errors it leaves there.
#pragma once

#include "store/engine.hpp"
#include "store/sqlite/connection.hpp"

#include <limits>

namespace msp {

// name.ended of a name that is live.
inline constexpr std::int64_t name_is_live = std::numeric_limits<std::int64_t>::max();

struct NameOwner {
    std::optional<ChainId> chain;  // live, or the newest that had the name
    bool live = false;
};

struct KeptRecord {
    std::optional<std::string> body;
    std::uint64_t version = 0;
};

class RowReader {
public:
    explicit RowReader(Connection&);

    NameOwner owner(const Name&);
    KeptRecord record(const Name&);
    // Nothing: there is none. A Failure: it cannot be understood.
    Result<std::optional<StoredChain>, Failure> chain(ChainId);

private:
    KeptRecord kept(Rows);

    Statement owner_, record_, answer_, chain_, chain_exists_;
};

}  // namespace msp
