#include "store/waiting.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace msp {

// A command of a job may name a great deal: what one commit loads and writes stays bounded.
static constexpr std::size_t names_most = 8192;

Failure too_many_waiting() {
    return {Failure::Kind::overloaded, "too many commands wait to be stored"};
}

Waiting::Waiting(std::size_t waiting_most, std::size_t batch_most)
    : waiting_most_(waiting_most), batch_most_(batch_most) {
    assert(batch_most >= 4);
}

bool Waiting::push(Pending& pending) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_ || size() >= waiting_most_) return false;
        line(pending.command.urgency).push_back(std::move(pending));
    }
    changed_.notify_one();
    return true;
}

// How much of the line goes: up to `most` commands that name no more than there is room for; the
// first goes in any case.
static std::size_t fitting(const std::deque<Pending>& line, std::size_t most, std::size_t room) {
    std::size_t count = 0;
    for (; count < std::min(most, line.size()); ++count) {
        const std::size_t names = line[count].command.hints.size();
        if (count > 0 && names > room) break;
        room -= std::min(names, room);
    }
    return count;
}

static void move_front(std::deque<Pending>& from, std::size_t count, std::vector<Pending>& to) {
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(count);
    to.insert(to.end(), std::move_iterator(from.begin()), std::move_iterator(end));
    from.erase(from.begin(), end);
}

static std::size_t names_of(const std::vector<Pending>& taken) {
    std::size_t names = 0;
    for (const Pending& pending : taken) names += pending.command.hints.size();
    return std::min(names, names_most);
}

std::vector<Pending> Waiting::take() {
    const std::lock_guard lock(mutex_);
    if (closed_) return {};
    Line& urgent = line(Urgency::urgent);
    Line& bulk = line(Urgency::bulk);
    const std::size_t share = std::min(batch_most_ / 4, bulk.size());
    const std::size_t share_of_names = bulk.empty() ? 0 : names_most / 4;
    std::vector<Pending> taken;
    move_front(urgent, fitting(urgent, batch_most_ - share, names_most - share_of_names), taken);
    const std::size_t room = names_most - names_of(taken);
    move_front(bulk, fitting(bulk, batch_most_ - taken.size(), room), taken);
    return taken;
}

bool Waiting::empty() const {
    const std::lock_guard lock(mutex_);
    return size() == 0;
}

Waiting::Woken Waiting::wait(std::optional<std::chrono::milliseconds> quiet) {
    std::unique_lock lock(mutex_);
    const auto something = [this] { return closed_ || size() > 0; };
    if (!quiet)
        changed_.wait(lock, something);
    else if (!changed_.wait_for(lock, *quiet, something))
        return Woken::quiet;
    return closed_ ? Woken::closed : Woken::work;
}

void Waiting::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

}  // namespace msp
