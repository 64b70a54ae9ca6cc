#include "api/waiters.hpp"

#include "domain/status.hpp"

#include <utility>
#include <vector>

namespace msp {

Waiters::Waiters(Store& store, Loop& loop) : loop_(loop), self_(std::make_shared<Waiters*>(this)) {
    store.listen([self = self_](const Commit& commit) {
        if (*self) (*self)->hear(commit);
    });
}

Waiters::~Waiters() {
    forget();
}

void Waiters::forget() {
    *self_ = nullptr;
    for (const auto& [chain, waiter] : waiters_) loop_.cancel(waiter->timer);
    const auto dropped = std::exchange(waiters_, {});
}

void Waiters::wait(const Chain& chain, Duration most, Then then) {
    if (most <= Duration::zero() || settled(chain) || waiters_.size() >= waiting_most) {
        then(chain);
        return;
    }
    auto waiter = std::make_shared<Waiter>(Waiter{chain, {}, std::move(then)});
    waiter->timer = loop_.after(most, [this, waiter] { answer(waiter); });
    waiters_.emplace(chain.id, std::move(waiter));
}

// The waiter leaves before it is answered: what it does then may make another one wait.
void Waiters::answer(const std::shared_ptr<Waiter>& waiter) {
    const auto [begin, end] = waiters_.equal_range(waiter->chain.id);
    for (auto at = begin; at != end; ++at) {
        if (at->second != waiter) continue;
        waiters_.erase(at);
        loop_.cancel(waiter->timer);
        waiter->then(waiter->chain);
        return;
    }
}

void Waiters::hear(const Commit& commit) {
    if (waiters_.empty()) return;
    std::vector<std::shared_ptr<Waiter>> served;
    for (const Chain& chain : commit.after) {
        const auto [begin, end] = waiters_.equal_range(chain.id);
        for (auto at = begin; at != end; ++at) {
            at->second->chain = chain;
            if (settled(chain)) served.push_back(at->second);
        }
    }
    for (const auto& waiter : served) answer(waiter);
}

std::size_t Waiters::waiting() const {
    return waiters_.size();
}

}  // namespace msp
