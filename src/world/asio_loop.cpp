#include "world/asio_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace msp {

namespace asio = boost::asio;

static Monotonic ticks() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

// All timers wait in one ordered map behind one alarm of Asio's: those due at the same instant run
// in the order in which they were set, and a million of them cost one descriptor.
struct AsioLoop::State {
    using Due = std::pair<Monotonic, TimerId>;

    // Turns never run own things that cancel timers when they go: the timers are declared first, to
    // be destroyed after the turns.
    std::map<Due, std::function<void()>> waiting;
    std::unordered_map<TimerId, Monotonic> due_of;
    TimerId last_timer = 0;
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> running{context.get_executor()};
    asio::steady_timer alarm{context};
    std::optional<Monotonic> alarm_at;
    std::optional<asio::signal_set> signals;
    std::function<void(int)> signalled;
    Monotonic started = ticks();
    Time started_at = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());

    void arm();
    void run_due();
    void wait_for_signal();
};

// Ensures: the alarm rings no later than the first waiting timer is due. Ringing early is harmless.
void AsioLoop::State::arm() {
    if (waiting.empty()) return;
    const Monotonic first = waiting.begin()->first.first;
    if (alarm_at && *alarm_at <= first) return;
    alarm_at = first;
    alarm.expires_at(std::chrono::steady_clock::time_point(first));
    alarm.async_wait([this](boost::system::error_code aborted) {
        if (!aborted) run_due();
    });
}

void AsioLoop::State::run_due() {
    alarm_at.reset();
    const Monotonic now = ticks();
    while (!waiting.empty() && waiting.begin()->first.first <= now) {
        auto first = waiting.extract(waiting.begin());
        due_of.erase(first.key().second);
        first.mapped()();
    }
    arm();
}

void AsioLoop::State::wait_for_signal() {
    signals->async_wait([this](boost::system::error_code aborted, int signal) {
        if (aborted) return;
        signalled(signal);
        wait_for_signal();
    });
}

AsioLoop::AsioLoop() : state_(std::make_unique<State>()) {}

// The same holds among the timers.
AsioLoop::~AsioLoop() {
    const auto abandoned = std::exchange(state_->waiting, {});
    state_->due_of.clear();
}

Time AsioLoop::now() const {
    return state_->started_at + std::chrono::floor<Duration>(ticks() - state_->started);
}

Monotonic AsioLoop::monotonic() const {
    return ticks();
}

void AsioLoop::post(std::function<void()> turn) {
    asio::post(state_->context, std::move(turn));
}

Loop::TimerId AsioLoop::after(Duration delay, std::function<void()> turn) {
    const TimerId id = ++state_->last_timer;
    const Monotonic due = ticks() + delay;
    state_->waiting.emplace(State::Due{due, id}, std::move(turn));
    state_->due_of.emplace(id, due);
    state_->arm();
    return id;
}

void AsioLoop::cancel(TimerId id) {
    const auto known = state_->due_of.find(id);
    if (known == state_->due_of.end()) return;
    const auto cancelled = state_->waiting.extract({known->second, id});
    state_->due_of.erase(known);
}

// A stop() that comes before run() is not lost: run() then returns at once.
void AsioLoop::run() {
    state_->context.run();
    state_->context.restart();
}

void AsioLoop::stop() {
    state_->context.stop();
}

void AsioLoop::on_signal(std::function<void(int signal)> signalled) {
    state_->signalled = std::move(signalled);
    state_->signals.emplace(state_->context, SIGINT, SIGTERM);
    state_->wait_for_signal();
}

boost::asio::io_context& AsioLoop::context() {
    return state_->context;
}

}  // namespace msp
