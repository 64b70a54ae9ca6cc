#include "store/commit_queue.hpp"

#include <cassert>
#include <utility>

namespace msp {

// A decision looks at a few things that lead to each other; what leads on and on is turned away.
static constexpr unsigned loads_most = 16;
static constexpr unsigned stale_before_halving = 2;
static constexpr unsigned stale_most = 10;  // of a single command

CommitQueue::CommitQueue(Engine& engine, Waiting& waiting, const LaneBatch& last)
    : engine_(engine), waiting_(waiting), batch_(last) {}

CommitQueue::Stepped CommitQueue::step() {
    switch (state_) {
        case State::take: return take();
        case State::load: state_ = load(); break;
        case State::decide: state_ = decide(); break;
        case State::write: state_ = write(); break;
        case State::resolve: state_ = resolve(); break;
        case State::answer: break;
    }
    if (state_ != State::answer) return Stepped::working;
    state_ = State::take;
    now_.reset();
    return Stepped::finished;
}

Tidied CommitQueue::rest() {
    assert(state_ == State::take && halves_.empty());
    return tidy(true);
}

// What breaks here breaks everything, though nobody asked for it.
Tidied CommitQueue::tidy(bool nothing_waits) {
    if (broken_) return Tidied::broken;
    const Tidied tidied = engine_.tidy(nothing_waits);
    if (tidied == Tidied::broken) broken_ = trouble(Failure::Kind::broken);
    return tidied;
}

Finished CommitQueue::finished() {
    assert(finished_);
    Finished out = std::move(*finished_);
    finished_.reset();
    return out;
}

CommitQueue::Stepped CommitQueue::take() {
    if (!halves_.empty()) {
        now_ = std::move(halves_.front());
        halves_.pop_front();
    } else {
        std::vector<Pending> taken = waiting_.take();
        if (taken.empty()) return Stepped::idle;
        tidy(false);
        now_.emplace(std::move(taken));
    }
    loads_ = 0;
    stale_ = 0;
    state_ = State::load;
    return Stepped::working;
}

CommitQueue::State CommitQueue::load() {
    if (broken_) return fail(*broken_);
    ++loads_;
    if (!now_->wanted().empty()) {
        auto loaded = engine_.load(now_->wanted());
        if (!loaded) return not_loaded(loaded.reason());
        now_->learn(std::move(loaded).value());
    }
    return State::decide;
}

// One thing that is damaged is not everybody's trouble.
CommitQueue::State CommitQueue::not_loaded(const Failure& failure) {
    if (failure.kind != Failure::Kind::malformed || now_->size() == 1) return fail(failure);
    halves_.push_front(now_->split());
    loads_ = 0;
    return State::load;
}

CommitQueue::State CommitQueue::decide() {
    if (!now_->decide()) {
        if (loads_ >= loads_most)
            now_->give_up({Failure::Kind::overloaded, "a decision looks at more and more"});
        return State::load;
    }
    if (now_->writes()) return State::write;
    finished_ = std::move(*now_).finish(false);
    return State::answer;
}

CommitQueue::State CommitQueue::write() {
    ++batch_.batch;
    switch (engine_.write(now_->changes(batch_))) {
        case Written::committed: finished_ = std::move(*now_).finish(true); return State::answer;
        case Written::stale: return decide_again();
        case Written::unknown: return State::resolve;
        case Written::full: return fail(trouble(Failure::Kind::full));
        case Written::broken: return fail(trouble(Failure::Kind::broken));
    }
    std::abort();
}

CommitQueue::State CommitQueue::resolve() {
    switch (engine_.resolve(batch_)) {
        case Landed::in: finished_ = std::move(*now_).finish(true); return State::answer;
        case Landed::not_in: return decide_again();
        case Landed::broken: return fail(trouble(Failure::Kind::broken));
    }
    std::abort();
}

CommitQueue::State CommitQueue::decide_again() {
    ++stale_;
    loads_ = 0;
    if (now_->size() == 1 && stale_ >= stale_most)
        return fail({Failure::Kind::overloaded, "others changed the same things again and again"});
    if (now_->size() > 1 && stale_ >= stale_before_halving) {
        halves_.push_front(now_->split());
        stale_ = 0;
    }
    return State::load;
}

CommitQueue::State CommitQueue::fail(const Failure& failure) {
    if (failure.kind == Failure::Kind::broken) broken_ = failure;
    finished_ = std::move(*now_).fail(failure);
    return State::answer;
}

Failure CommitQueue::trouble(Failure::Kind kind) const {
    return {kind, engine_.trouble()};
}

}  // namespace msp
