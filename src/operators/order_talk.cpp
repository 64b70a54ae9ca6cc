// The order loop's conversations: step, errand, answer, and on to the next.
#include "operators/order_loop.hpp"
#include "store/flow_command.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace msp {

namespace {

constexpr std::size_t reference_characters = 26;  // 134 bits: never drawn twice
constexpr Duration store_rest{1'000};             // after the store could not take a step
constexpr Duration store_retry{250};
constexpr unsigned outcome_tries = 7;

bool tells(const Outcome& outcome) {
    switch (outcome.kind) {
        case Outcome::Kind::done:
        case Outcome::Kind::refused:
        case Outcome::Kind::refused_suspended: return true;
        case Outcome::Kind::accepted:
        case Outcome::Kind::busy:
        case Outcome::Kind::unknown:
        case Outcome::Kind::not_sent: break;
    }
    return false;
}

std::string reading_words(const Result<Reading, Failure>& answer) {
    if (!answer) return outcome_words({Outcome::Kind::unknown, answer.reason().what, {}});
    std::string words(word(answer->state));
    if (answer->suspended) words += " suspended";
    if (answer->changing) words += " changing";
    return words;
}

}  // namespace

void OrderLoop::Talk::follow(const Exchange& exchange) {
    if (!errand) return;
    const bool ours = exchange.in_flight && exchange.in_flight->reference == errand->reference;
    if (errand->kind == Errand::Kind::read)
        awaited &=
            exchange.awaiting == Awaiting::read && exchange.read_number == errand->read_number;
    else
        awaited &= exchange.awaiting == Awaiting::order && ours;
    open &= ours && !exchange.in_flight->answered;
}

// Everything a step needs of the world. Asks for leave to talk, where the talk has its place.
TalkContext OrderLoop::context(Talk& talk) {
    if (talk.place && !talk.leave && may_talk(conversations_ - 1)) {
        talk.leave = true;
        rate_.begin();
    }
    talk.begun = loop().monotonic();
    const auto fresh = OrderReference::of(world_.random.token(reference_characters));
    return {
        .chain = talk.chain,
        .profile = settings_.profile,
        .moment = {.now = loop().now(), .started = world_.started, .chance = world_.random.unit()},
        .fresh = *fresh,
        .may_talk = talk.leave};
}

void OrderLoop::begin(const DueWork::Taken& due) {
    const auto talk = std::make_shared<Talk>();
    talk->chain = due.chain;
    talk->urgency = due.urgency;
    talk->place = true;
    ++conversations_;
    take(
        talk, [this](Talk& t) { return flow_command(TakeStep{context(t)}, t.urgency); }, 1);
}

void OrderLoop::look_at_test_end(ChainId chain) {
    ++looks_;
    Talk silent;
    silent.chain = chain;
    world_.store.submit(flow_command(TakeStep{context(silent)}),
                        [weak = weak_from_this(), chain](const Result<Answer, Failure>& answer) {
                            const auto self = weak.lock();
                            if (!self) return;
                            --self->looks_;
                            if (!answer) self->due_.note(chain, self->loop().now() + store_rest);
                            self->wake();
                        });
}

void OrderLoop::hear(HearAnswer heard, Store::Done done) {
    const auto talk = std::make_shared<Talk>();
    talk->chain = accepted_.find(heard.operator_reference);
    talk->place = may_talk(conversations_);
    if (talk->place) ++conversations_;
    heard.talk = context(*talk);
    world_.store.submit(flow_command(std::move(heard)),
                        [weak = weak_from_this(), talk,
                         done = std::move(done)](const Result<Answer, Failure>& answer) {
                            const auto self = weak.lock();
                            if (self && answer && !answer->chains.empty())
                                talk->chain = answer->chains.back().id;
                            if (self) answer ? self->taken(talk, answer) : self->end(talk);
                            done(answer);
                        });
}

// Has the command made and committed; what failed because the store was overloaded is tried again.
void OrderLoop::take(const TalkPointer& talk, MakeCommand make, unsigned tries) {
    Command command = make(*talk);
    world_.store.submit(std::move(command), [weak = weak_from_this(), talk, make = std::move(make),
                                             tries](const Result<Answer, Failure>& answer) {
        const auto self = weak.lock();
        if (!self) return;
        const bool overloaded = !answer && answer.reason().kind == Failure::Kind::overloaded;
        if (!overloaded || tries <= 1) return self->taken(talk, answer);
        self->let_go(*talk);
        self->loop().after(store_retry, [weak, talk, make, tries] {
            if (const auto still = weak.lock()) still->take(talk, make, tries - 1);
        });
    });
}

void OrderLoop::taken(const TalkPointer& talk, const Result<Answer, Failure>& answer) {
    if (!answer) {
        world_.log.warning("an operator's step was not committed",
                           {{"operator", settings_.id.text()}, {"why", answer.reason().what}});
        due_.note(talk->chain, loop().now() + store_rest);
        return end(talk);
    }
    if (answer->refusal) {
        due_.drop(talk->chain);
        return end(talk);
    }
    if (!answer->errands.empty()) return carry(talk, answer->errands.front());
    // What changed was noted from its commit; what did not change is still due when it was.
    const bool stays = !answer->chains.empty() && !due_.knows(talk->chain);
    if (!answer->changed && stays) {
        const Chain& chain = answer->chains.back();
        due_.note(chain, urgency_of(chain));
    }
    end(talk);
}

void OrderLoop::carry(const TalkPointer& talk, const Errand& errand) {
    if (loop().monotonic() - talk->begun > settings_.profile.pace.allowed_pause)
        return carry_too_late(talk, errand);
    talk->leave = false;
    rate_.spend(loop().monotonic());
    talk->errand = errand;
    talk->awaited = talk->open = true;
    talk->sent = loop().monotonic();
    talk->sent_at = loop().now();
    talks_[talk->chain] = talk;
    const auto outcome = [weak = weak_from_this(), talk](const Outcome& came) {
        if (const auto self = weak.lock()) self->answered(talk, came);
    };
    switch (errand.kind) {
        case Errand::Kind::order: return link_->carry_out(errand, outcome);
        case Errand::Kind::poll: return link_->poll(errand, outcome);
        case Errand::Kind::read: break;
    }
    link_->ask(errand, [weak = weak_from_this(), talk](const Result<Reading, Failure>& came) {
        if (const auto self = weak.lock()) self->read(talk, came);
    });
}

// This process stood still between commit and sending: nobody could tell how long the request
// would still be under way.
void OrderLoop::carry_too_late(const TalkPointer& talk, const Errand& errand) {
    let_go(*talk);
    talk->errand = errand;
    switch (errand.kind) {
        case Errand::Kind::order:
            return take_outcome(talk, {Outcome::Kind::not_sent, "paused", {}});
        case Errand::Kind::read: return take_reading(talk, std::nullopt);
        case Errand::Kind::poll: break;
    }
    end(talk);
}

void OrderLoop::answered(const TalkPointer& talk, const Outcome& outcome) {
    const bool failed =
        outcome.kind == Outcome::Kind::unknown || outcome.kind == Outcome::Kind::not_sent;
    note_exchange(*talk, word(outcome.kind), outcome_words(outcome));
    judge(failed, !failed && outcome.kind != Outcome::Kind::busy);
    if (outcome.kind == Outcome::Kind::busy && outcome.retry_after)
        rate_.hold_until(loop().monotonic() +
                         std::min(*outcome.retry_after, settings_.profile.pace.backoff_most));
    const bool polled = talk->errand->kind == Errand::Kind::poll;
    const bool news = !(polled && outcome.kind == Outcome::Kind::accepted);
    const bool heard = talk->awaited || (talk->open && tells(outcome));
    if (!news || !heard) return end(talk);
    take_outcome(talk, outcome);
}

void OrderLoop::read(const TalkPointer& talk, const Result<Reading, Failure>& answer) {
    const bool busy = !answer && answer.reason().kind == Failure::Kind::overloaded;
    note_exchange(*talk, answer ? "answered" : busy ? "busy" : "unknown", reading_words(answer));
    judge(!answer && !busy, bool(answer));
    if (!talk->awaited) return end(talk);
    take_reading(talk, answer ? std::optional(*answer) : std::nullopt);
}

void OrderLoop::take_outcome(const TalkPointer& talk, const Outcome& outcome) {
    take(
        talk,
        [this, outcome](Talk& t) {
            return flow_command(TakeOutcome{context(t), t.errand->reference, outcome}, t.urgency);
        },
        outcome_tries);
}

void OrderLoop::take_reading(const TalkPointer& talk, const std::optional<Reading>& reading) {
    take(
        talk,
        [this, reading](Talk& t) {
            return flow_command(TakeReading{context(t), t.errand->read_number, reading}, t.urgency);
        },
        outcome_tries);
}

void OrderLoop::judge(bool failed, bool answered) {
    const Monotonic now = loop().monotonic();
    const bool closed = breaker_.state(now) == Breaker::State::closed;
    if (failed) breaker_.failed(now);
    if (answered) breaker_.answered();
    const bool closes = breaker_.state(now) == Breaker::State::closed;
    if (closed == closes) return;
    if (!closes) metrics_.breaker_opened();
    world_.log.warning(closes ? "an operator answers again" : "an operator does not answer",
                       {{"operator", settings_.id.text()}});
}

void OrderLoop::note_exchange(const Talk& talk, std::string_view kind, std::string outcome) {
    const auto took = std::chrono::duration_cast<Duration>(loop().monotonic() - talk.sent);
    const std::string_view what = what_is_said(*talk.errand);
    metrics_.exchange(what, kind, took);
    figures_.note({talk.sent_at, talk.chain, what, std::move(outcome), took});
}

// Gives back what the talk holds of the rate.
void OrderLoop::let_go(Talk& talk) {
    if (std::exchange(talk.leave, false)) rate_.give_back();
}

void OrderLoop::end(const TalkPointer& talk) {
    let_go(*talk);
    if (std::exchange(talk->place, false)) --conversations_;
    const auto registered = talks_.find(talk->chain);
    if (registered != talks_.end() && registered->second == talk) talks_.erase(registered);
    wake();
}

}  // namespace msp
