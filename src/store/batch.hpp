// A batch: commands that are decided one after the other over one view and committed together.
//
//   wanted() ── load ──► learn() ──► decide() ──► changes() ── write ──► finish()
//      ▲                                 │ something was missing
//      └─────────────────────────────────┘
//
// Law: nothing of a batch depends on anything but its commands and what was learned; deciding again
// over the same is the same again. A decision sees what those before it in the batch decided.
// One idempotency key is decided at most once. A value; one thread at a time.
#pragma once

#include "store/codec.hpp"
#include "store/engine.hpp"
#include "store/waiting.hpp"

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace msp {

inline constexpr Duration answers_kept = std::chrono::hours(24);

// What came of a batch: what to tell the listeners, and each command's answer, in order.
struct Finished {
    std::optional<Commit> commit;  // absent where nothing was written
    std::vector<std::pair<Store::Done, Result<Answer, Failure>>> answers;
};

class Batch {
public:
    explicit Batch(std::vector<Pending> commands);

    // What to load: as far as known at first, and all that was missed whenever it was decided. It
    // is loaded as a whole each time, so that it is of one instant.
    const std::set<Name>& wanted() const { return wanted_; }
    void learn(Loaded);

    // False: something was missing; what is wanted has grown.
    bool decide();
    // Those that missed something at the last decide() are answered with this, for good.
    void give_up(const Failure&);

    bool writes() const;
    Changes changes(const LaneBatch&) const;

    std::size_t size() const { return entries_.size(); }
    Batch split();  // the second half goes

    Finished finish(bool written) &&;
    // None of it is in force. What was answered from a key that stood before stays answered.
    Finished fail(const Failure&) &&;

private:
    struct Entry {
        Pending pending;
        std::optional<Name> key;  // of its stored answer
        std::optional<Result<Answer, Failure>> outcome;
        bool given_up = false;
        bool from_before = false;  // the outcome does not depend on this batch
    };
    struct Member {
        StoredChain stored;          // version 0: born here
        std::optional<Chain> after;  // as decided so far
    };
    struct Kept {
        std::optional<std::string> body;
        std::uint64_t version = 0;
        bool changed = false;
    };

    void want(const std::vector<Name>& hints, const std::optional<Name>& key);
    void start_over();
    void learn_into_view(const Found&);
    bool answer_from_key(Entry&, const std::map<Name, const Entry*>& asked);
    void carry_out(Entry&, Decision);
    void follow(const Chain& after);
    void keep(const Record&);
    bool changed(const Member&) const;
    std::vector<Name> free_names() const;
    Time at() const;

    std::vector<Entry> entries_;
    std::set<Name> wanted_;
    Loaded loaded_;

    // What the decisions amount to.
    View view_;
    std::unordered_map<ChainId, Member> chains_;
    std::vector<ChainId> touched_;  // in the order in which decisions named them first
    std::map<Name, Kept> records_;
    std::vector<NameChange> names_;
    std::vector<Event> events_;
};

}  // namespace msp
