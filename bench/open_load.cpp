#include "bench/open_load.hpp"

#include "bench/sockets.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace msp::bench {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point then) {
    return std::chrono::duration<double>(Clock::now() - then).count();
}

struct OpenCaller {
    int socket = -1;
    std::string answer{};
    Clock::time_point asked{};
    bool busy = false;
};

class OpenRun {
public:
    explicit OpenRun(const OpenLoad& load) : load_(load), poll_(::epoll_create1(EPOLL_CLOEXEC)) {}
    ~OpenRun() {
        for (const OpenCaller& connection : connections_)
            if (connection.socket >= 0) ::close(connection.socket);
        ::close(poll_);
    }

    OpenFigures go() {
        connections_.resize(load_.connections);
        for (std::size_t i = 0; i < connections_.size() && open(i); ++i) {
        }
        figures_.connections = free_.size();
        offer();
        figures_.good_in_time = figures_.tally.good;
        const Clock::time_point end = Clock::now();
        while (busy_ > 0 && Clock::now() - end < load_.patience) turn(100);
        figures_.tally.hanging = busy_;
        return figures_;
    }

private:
    void offer() {
        const Clock::time_point begin = Clock::now();
        const double duration = double(load_.duration.count()) / 1000;
        std::uint64_t offered = 0;
        while (figures_.seconds < duration) {
            const auto due = std::uint64_t(figures_.seconds * load_.per_second);
            for (; offered < due && !free_.empty(); ++offered) send(free_.back());
            figures_.tally.withheld += due - offered;
            offered = due;
            turn(1);
            figures_.seconds = seconds_since(begin);
        }
    }

    bool open(std::size_t index) {
        OpenCaller& connection = connections_[index];
        connection.socket = connect_to(load_.port);
        if (connection.socket < 0) return false;
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = index;
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, connection.socket, &event);
        free_.push_back(index);
        return true;
    }

    void send(std::size_t index) {
        OpenCaller& connection = connections_[index];
        free_.pop_back();
        connection.busy = true;
        ++busy_;
        connection.answer.clear();
        connection.asked = Clock::now();
        send_all(connection.socket, load_.next());
    }

    void turn(int patience_ms) {
        epoll_event events[256];
        const int ready = ::epoll_wait(poll_, events, 256, patience_ms);
        for (int i = 0; i < ready; ++i) receive(events[i].data.u64);
    }

    void receive(std::size_t index) {
        OpenCaller& connection = connections_[index];
        char piece[16384];
        const ssize_t got = ::recv(connection.socket, piece, sizeof piece, MSG_DONTWAIT);
        if (got <= 0) return reopen(index);
        connection.answer.append(piece, static_cast<std::size_t>(got));
        const std::size_t whole = whole_length(connection.answer);
        if (whole == 0 || connection.answer.size() < whole) return;
        figures_.tally.count(connection.answer, seconds_since(connection.asked) * 1000);
        connection.busy = false;
        --busy_;
        free_.push_back(index);
    }

    // A server may close what it does not use: only a request without an answer is missed.
    void reopen(std::size_t index) {
        OpenCaller& connection = connections_[index];
        if (connection.busy) {
            ++figures_.tally.broken;
            --busy_;
        } else {
            free_.erase(std::find(free_.begin(), free_.end(), index));
        }
        ::close(connection.socket);
        connection = {};
        open(index);
    }

    const OpenLoad& load_;
    int poll_;
    std::vector<OpenCaller> connections_;
    std::vector<std::size_t> free_;
    std::size_t busy_ = 0;
    OpenFigures figures_;
};

}  // namespace

OpenFigures run(const OpenLoad& load) {
    return OpenRun(load).go();
}

}  // namespace msp::bench
