// Where what was decided becomes true: commands in, durable answers out.
//
// Law: `done` says success only after the decision is on disk; then it is in the history and in
// force after any crash. Commands that wait are decided together over one view and committed
// together; a decision may be made several times, so it must be pure. One idempotency key is
// applied at most once: the same key again is answered with the first answer (Answer::replayed),
// with another fingerprint it is refused (key_reused). Threads: call on the loop; `done` and
// listeners run on the loop, listeners first.
#pragma once

#include "domain/decision.hpp"
#include "domain/failure.hpp"
#include "domain/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace msp {

struct IdempotencyKey {
    PartyId party;
    std::string key;          // 1 to 128 visible ASCII characters
    std::string fingerprint;  // digest of the request; the same key with another is refused
};

// Urgent commands go first; bulk keeps a share of every batch.
enum class Urgency : unsigned char { urgent, bulk };

struct Command {
    Urgency urgency = Urgency::urgent;
    std::optional<IdempotencyKey> key;
    std::vector<Name> hints;  // what it will look at, as far as known: loaded in one go
    std::function<Decision(const View&)> decide;
};

// What one commit changed, for those who act on it.
struct Commit {
    std::vector<Chain> after;
    std::vector<Event> events;
    std::vector<Record> records;
};

class Store {
public:
    using Done = std::function<void(Result<Answer, Failure>)>;
    using Listener = std::function<void(const Commit&)>;

    virtual ~Store() = default;

    // Never blocks. Failure::overloaded at once when too many wait; full: disk full, nothing
    // changed; broken: latched, the process should stop and recover.
    virtual void submit(Command, Done) = 0;

    // Called after each commit, in the order they were added, before the answers of that commit.
    virtual void listen(Listener) = 0;

    // Fresh numbers for chains to be born, growing, never given twice by any node.
    virtual ChainId fresh_chain_id() = 0;
};

}  // namespace msp
