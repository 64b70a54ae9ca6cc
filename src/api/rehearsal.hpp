// What a preview submits its commands to instead of the store.
//
// Law: a command is decided by the code that would decide it, over what is kept, and refused alike;
// nothing is written, told or remembered, no idempotency key either. Later commands see the records
// that those before would have left, not the chains: the pieces of one call are about different
// ones.
// Threads: the loop's only; decisions are made on the reader's. Ended with a command under way, it
// is still answered.
#pragma once

#include "store/archive.hpp"
#include "store/store.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace msp {

class Rehearsal final : public Store {
public:
    explicit Rehearsal(Reader& reader) : reader_(reader) {}

    void submit(Command, Done) override;
    void listen(Listener) override {}  // nothing is ever committed
    // Such as no chain has.
    ChainId fresh_chain_id() override { return ChainId{next_chain_--}; }

    // Whether something would be another way than it is.
    bool would_change() const { return kept_->changed; }
    void note_change() { kept_->changed = true; }

    // How a record would be, or that it would be gone. Null: nothing is decided about it.
    const std::optional<std::string>* record(const Name&) const;

private:
    using Records = std::map<Name, std::optional<std::string>>;
    struct Kept {
        Records records;
        bool changed = false;
    };

    Reader& reader_;
    std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
    std::uint64_t next_chain_ = ~std::uint64_t{0};
};

}  // namespace msp
