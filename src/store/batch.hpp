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
#include <memory>
#include <optional>
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
    // is loaded as a whole each time, so that it is of one instant. In order, each once.
    const std::vector<Name>& wanted() const { return wanted_; }
    void learn(Loaded);  // for wanted(), in its order

    // False: something was missing; what is wanted has grown.
    bool decide();
    // Those that missed something at the last decide() are answered with this, for good.
    void give_up(const Failure&);

    // What the decisions amount to, for the last time before it is finished or learned anew.
    bool writes() const;
    const Changes& changes(const LaneBatch&);

    std::size_t size() const { return entries_.size(); }
    Batch split();  // the second half goes

    Finished finish(bool written) &&;
    // None of it is in force. What was answered from a key that stood before stays answered.
    Finished fail(const Failure&) &&;

private:
    using SharedChain = std::shared_ptr<const Chain>;
    struct Entry {
        Pending pending;
        std::optional<Name> key;  // of its stored answer
        std::optional<Result<Answer, Failure>> outcome;
        bool given_up = false;
        bool from_before = false;  // the outcome does not depend on this batch
    };
    struct Member {
        StoredChain stored;  // version 0: born here
        SharedChain after;   // as decided so far; null: nobody named it
    };
    struct Kept {
        std::optional<std::string> body;
        std::uint64_t version = 0;
        bool changed = false;
    };

    void want(const Pending&, const std::optional<Name>& key);
    void order_wanted();
    void start_over();
    void learn_into_view(const Name&, const Found&);
    bool answer_from_key(Entry&, const std::map<Name, const Entry*>& asked);
    void carry_out(Entry&, Decision);
    void follow(SharedChain after);
    void keep(Record);
    bool changed(const Member&) const;
    std::vector<Name> free_names() const;
    Time at() const;

    std::vector<Entry> entries_;
    std::vector<Name> wanted_;
    Loaded loaded_;

    // What the decisions amount to.
    View view_;
    std::unordered_map<ChainId, Member> chains_;
    std::vector<ChainId> touched_;  // in the order in which decisions named them first
    std::map<Name, Kept> records_;
    Changes changes_;  // names and events as they come; the rest by changes()
};

}  // namespace msp
