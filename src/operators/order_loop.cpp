#include "operators/order_loop.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace msp {

namespace {

constexpr unsigned looks_most = 64;

Duration rounded_up(Monotonic span) {
    return std::chrono::ceil<Duration>(std::max(span, Monotonic::zero()));
}

std::string_view word(Breaker::State state) {
    switch (state) {
        case Breaker::State::closed: return "closed";
        case Breaker::State::open: return "open";
        case Breaker::State::half_open: break;
    }
    return "half-open";
}

}  // namespace

OrderLoop::OrderLoop(const OperatorWorld& world, OperatorSettings settings,
                     std::shared_ptr<OperatorLink> link)
    : world_(world),
      settings_(std::move(settings)),
      link_(std::move(link)),
      metrics_(world_.metrics, settings_.id),
      rate_(settings_.limits.per_second, settings_.limits.burst),
      breaker_(settings_.breaker) {
    settings_.profile.can = link_->can();
}

OrderLoop::~OrderLoop() {
    if (timer_) loop().cancel(*timer_);
}

void OrderLoop::adjust(OperatorSettings settings, std::shared_ptr<OperatorLink> link) {
    settings_ = std::move(settings);
    link_ = std::move(link);
    settings_.profile.can = link_->can();
    rate_.adjust(settings_.limits.per_second, settings_.limits.burst);
    breaker_.adjust(settings_.breaker);
    wake();
}

void OrderLoop::note(const Chain& chain) {
    due_.note(chain, urgency_of(chain));
    accepted_.note(chain);
    const auto talk = talks_.find(chain.id);
    if (talk != talks_.end()) talk->second->follow(chain.exchange);
    wake();
}

void OrderLoop::note_due(ChainId chain, Time at) {
    due_.note(chain, at);
    wake();
}

bool OrderLoop::at_ease() const {
    return !settings_.paused && breaker_.state(loop().monotonic()) == Breaker::State::closed;
}

OperatorHealth OrderLoop::health() const {
    const Monotonic now = loop().monotonic();
    OperatorHealth out{.id = settings_.id, .breaker = word(breaker_.state(now)), .opens_in = {}};
    out.paused = settings_.paused;
    if (breaker_.state(now) == Breaker::State::open)
        out.opens_in = rounded_up(breaker_.open_until() - now);
    out.due = due_.size();
    if (const auto next = due_.next_talk(); next && *next <= loop().now())
        out.oldest = loop().now() - *next;
    out.conversations = conversations_;
    figures_.show(out);
    return out;
}

Urgency OrderLoop::urgency_of(const Chain& chain) const {
    return world_.urgency_of ? world_.urgency_of(chain) : Urgency::urgent;
}

// When one may talk beside that many others; nothing: something else has to happen first.
std::optional<Monotonic> OrderLoop::leave(unsigned others) const {
    const Monotonic now = loop().monotonic();
    const bool open = breaker_.state(now) == Breaker::State::open;
    const unsigned most =
        open ? 1 : std::min(settings_.limits.concurrency, breaker_.conversations(now));
    if (settings_.paused || others >= most || rate_.next() == Monotonic::max()) return std::nullopt;
    return open ? std::max(rate_.next(), breaker_.open_until()) : rate_.next();
}

bool OrderLoop::may_talk(unsigned others) const {
    const auto from = leave(others);
    return from && *from <= loop().monotonic();
}

// Once in a turn, however many things happened.
void OrderLoop::wake() {
    if (std::exchange(awake_, true)) return;
    loop().post([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->awake_ = false;
        self->pump();
    });
}

void OrderLoop::pump() {
    const Time now = loop().now();
    while (may_talk(conversations_)) {
        const auto due = due_.take_talk(now);
        if (!due) break;
        begin(*due);
    }
    while (looks_ < looks_most) {
        const auto chain = due_.take_test_end(now);
        if (!chain) break;
        look_at_test_end(*chain);
    }
    arm();
    const auto next = due_.next_talk();
    metrics_.due(due_.size(), next ? std::max(now - *next, Duration::zero()) : Duration::zero());
    metrics_.conversations(conversations_);
}

// The timer for what comes by itself; ends of conversations, commits and new settings wake.
void OrderLoop::arm() {
    const Time now = loop().now();
    std::optional<Duration> wait;
    if (const auto end = due_.next_test_end(); end && looks_ < looks_most) wait = *end - now;
    if (const auto due = due_.next_talk())
        if (const auto from = leave(conversations_)) {
            const Duration talk = std::max(*due - now, rounded_up(*from - loop().monotonic()));
            wait = wait ? std::min(*wait, talk) : talk;
        }
    if (timer_) loop().cancel(*std::exchange(timer_, std::nullopt));
    if (!wait) return;
    timer_ = loop().after(std::max(*wait, Duration::zero()), [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->timer_.reset();
        self->wake();
    });
}

}  // namespace msp
