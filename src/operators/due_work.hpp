// What is due at one operator: the end of a test is looked after at once, everything else waits for
// leave to talk, urgent before bulk.
//
// Law: while both classes have something due, every fourth that is taken is bulk, so neither waits
// for ever. A chain is here at most once. A value; no threads.
#pragma once

#include "operators/timeline.hpp"
#include "store/store.hpp"

namespace msp {

class DueWork {
public:
    struct Taken {
        ChainId chain{};
        Urgency urgency = Urgency::urgent;
    };

    // How the chain stands after a commit: nothing due means that it leaves.
    void note(const Chain&, Urgency);
    // A time of which it is not known what for: the end of a test is among what it may be.
    void note(ChainId, Time at);
    void drop(ChainId);
    bool knows(ChainId chain) const { return urgent_.holds(chain) || bulk_.holds(chain); }

    // The next to talk about, which leaves; a step takes the end of a test in too.
    std::optional<Taken> take_talk(Time now);
    // The next whose test ends; for talking it stays.
    std::optional<ChainId> take_test_end(Time now);

    std::optional<Time> next_talk() const;
    std::optional<Time> next_test_end() const { return test_ends_.earliest(); }
    std::size_t size() const { return urgent_.size() + bulk_.size(); }

private:
    Timeline urgent_;
    Timeline bulk_;
    Timeline test_ends_;
    unsigned since_bulk_ = 0;
};

}  // namespace msp
