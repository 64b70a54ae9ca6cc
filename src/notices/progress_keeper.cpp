#include "notices/progress_keeper.hpp"

#include "store/flow_command.hpp"

#include <utility>

namespace msp {

static constexpr Duration pause_after_failed_save{1'000};

ProgressKeeper::ProgressKeeper(Loop& loop, Store& store, const EndpointId& id, const Pace& pace,
                               Delivery delivery)
    : loop_(loop),
      store_(store),
      id_(id),
      pace_(pace),
      delivery_(std::move(delivery)),
      self_(std::make_shared<ProgressKeeper*>(this)) {}

ProgressKeeper::~ProgressKeeper() {
    *self_ = nullptr;
    loop_.cancel(timer_);
    if (unsaved_.empty()) return;
    store_.submit(flow_command(command(delivery_.moved()), Urgency::bulk), [](const auto&) {});
}

void ProgressKeeper::begin(const StoredProgress& stored) {
    forget();
    figures_ = stored.progress;
    stands_ = stored.record;
}

void ProgressKeeper::forget() {
    unsaved_.clear();
    under_way_.reset();
    instead_.reset();
    finish_ = {};
    loop_.cancel(std::exchange(timer_, 0));
    *self_ = nullptr;  // whatever is answered from now on was asked before
    self_ = std::make_shared<ProgressKeeper*>(this);
}

void ProgressKeeper::attempted(LogLine line) {
    if (line.attempt.error.empty()) {
        ++figures_.delivered;
        figures_.last_delivered = line.attempt.at;
        figures_.failing_since.reset();
    } else {
        ++figures_.failed;
        if (!figures_.failing_since) figures_.failing_since = line.attempt.at;
        if (line.settled && line.settled->state == DeliveryState::dead) ++figures_.dead;
    }
    unsaved_.push_back(std::move(line));
    if (unsaved_.size() >= pace_.most)
        save();
    else
        schedule(pace_.after);
}

void ProgressKeeper::position_moved() {
    schedule(pace_.idle_after);
}

bool ProgressKeeper::behind() const {
    return instead_ || finish_ || unsaved_.size() >= 2 * pace_.most;
}

// The earlier of two wishes holds.
void ProgressKeeper::schedule(Duration delay) {
    const Time at = loop_.now() + delay;
    if (timer_ != 0 && timer_at_ <= at) return;
    loop_.cancel(timer_);
    timer_at_ = at;
    timer_ = loop_.after(delay, [this] {
        timer_ = 0;
        save();
    });
}

void ProgressKeeper::save() {
    if (under_way_) return;  // its answer looks again
    loop_.cancel(std::exchange(timer_, 0));
    if (instead_) {
        under_way_ = command(std::move(instead_->progress));
        finish_ = std::move(instead_->saved);
        instead_.reset();
    } else {
        under_way_ = command(delivery_.moved());
    }
    submit();
}

void ProgressKeeper::save_instead(Progress progress, std::function<void()> saved) {
    instead_ = Instead{std::move(progress), std::move(saved)};
    save();
}

KeepProgress ProgressKeeper::command(Progress progress) {
    figures_.position = progress.position;
    return {.id = id_,
            .over = std::exchange(stands_, encode(figures_)),
            .progress = figures_,
            .stuck = std::move(progress.stuck),
            .free = std::move(progress.free),
            .log = std::exchange(unsaved_, {})};
}

void ProgressKeeper::submit() {
    store_.submit(flow_command(*under_way_, Urgency::bulk),
                  [self = self_](const Result<Answer, Failure>& answer) {
                      if (*self) (*self)->answered(answer);
                  });
}

void ProgressKeeper::answered(const Result<Answer, Failure>& answer) {
    if (!answer) {
        if (answer.reason().kind == Failure::Kind::broken) return;
        loop_.after(pause_after_failed_save, [self = self_] {
            if (*self) (*self)->submit();
        });
        return;
    }
    under_way_.reset();
    if (answer->refusal) return delivery_.cut_short(answer->refusal->code);
    if (const auto finish = std::exchange(finish_, {})) return finish();
    if (instead_) return save();
    if (!unsaved_.empty()) schedule(pace_.after);
    delivery_.saved();
}

}  // namespace msp
