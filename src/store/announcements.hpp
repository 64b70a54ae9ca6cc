// What a store tells once a batch is finished: its listeners first, then whoever submitted. Loop's
// thread only.
#pragma once

#include "store/batch.hpp"

#include <utility>
#include <vector>

namespace msp {

class Announcements {
public:
    void listen(Store::Listener listener) { listeners_.push_back(std::move(listener)); }

    // A listener may add another; it hears of the next commit.
    void announce(Finished finished) {
        const std::size_t listening = listeners_.size();
        for (std::size_t i = 0; finished.commit && i < listening; ++i) {
            const Store::Listener listener = listeners_[i];
            listener(*finished.commit);
        }
        for (auto& [done, answer] : finished.answers) done(std::move(answer));
    }

private:
    std::vector<Store::Listener> listeners_;
};

}  // namespace msp
