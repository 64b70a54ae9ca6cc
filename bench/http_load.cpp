#include "bench/http_load.hpp"

#include "bench/sockets.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

namespace msp::bench {

namespace {

using Clock = std::chrono::steady_clock;

double processor_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Caller {
    int socket = -1;
    std::string answer;
    Clock::time_point sent{};
};

class Run {
public:
    explicit Run(const Load& load) : load_(load), poll_(::epoll_create1(0)) {}
    ~Run() {
        for (const Caller& connection : connections_)
            if (connection.socket >= 0) ::close(connection.socket);
        ::close(poll_);
    }

    LoadFigures go() {
        const Clock::time_point begin = Clock::now();
        const double used_before = processor_seconds();
        counted_from_ = begin + load_.warm_up;
        end_ = counted_from_ + load_.duration;
        connections_.resize(load_.connections);
        for (std::size_t i = 0; i < connections_.size(); ++i) open(i);
        while (alive_ > 0 && Clock::now() < end_) turn();
        figures_.processor = processor_seconds() - used_before;
        return figures();
    }

private:
    void open(std::size_t index) {
        Caller& connection = connections_[index];
        connection.socket = connect_to(load_.port);
        if (connection.socket < 0) {
            ++figures_.broken;
            return;
        }
        ++alive_;
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = index;
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, connection.socket, &event);
        send(connection);
    }

    void send(Caller& connection) {
        const std::string request = load_.next();
        connection.answer.clear();
        connection.sent = Clock::now();
        send_all(connection.socket, request);
    }

    void turn() {
        epoll_event events[64];
        const int ready = ::epoll_wait(poll_, events, 64, 100);
        for (int i = 0; i < ready; ++i) receive(connections_[events[i].data.u64]);
    }

    void receive(Caller& connection) {
        char piece[16384];
        const ssize_t got = ::recv(connection.socket, piece, sizeof piece, MSG_DONTWAIT);
        if (got <= 0) return end(connection);
        connection.answer.append(piece, static_cast<std::size_t>(got));
        const std::size_t whole = whole_length(connection.answer);
        if (whole == 0 || connection.answer.size() < whole) return;
        count(connection);
        send(connection);
    }

    void end(Caller& connection) {
        ++figures_.broken;
        --alive_;
        ::close(connection.socket);
        connection.socket = -1;
    }

    void count(const Caller& connection) {
        const Clock::time_point now = Clock::now();
        ++figures_.all_answers;
        if (now < counted_from_) return;
        if (connection.answer.compare(9, 1, "2") != 0) {
            if (figures_.other_statuses++ == 0) figures_.first_other = connection.answer;
            return;
        }
        ++figures_.answers;
        times_ms_.push_back(
            std::chrono::duration<float, std::milli>(now - connection.sent).count());
    }

    LoadFigures figures() {
        figures_.seconds =
            std::chrono::duration<double>(std::min(Clock::now(), end_) - counted_from_).count();
        figures_.per_second =
            figures_.seconds > 0 ? double(figures_.answers) / figures_.seconds : 0;
        std::sort(times_ms_.begin(), times_ms_.end());
        const auto at = [this](double share) {
            if (times_ms_.empty()) return 0.0;
            return double(times_ms_[std::min(times_ms_.size() - 1,
                                             std::size_t(share * double(times_ms_.size())))]);
        };
        figures_.p50_ms = at(0.5);
        figures_.p99_ms = at(0.99);
        figures_.max_ms = at(1);
        return figures_;
    }

    const Load& load_;
    int poll_;
    std::vector<Caller> connections_;
    std::size_t alive_ = 0;
    Clock::time_point counted_from_, end_;
    std::vector<float> times_ms_;
    LoadFigures figures_;
};

}  // namespace

LoadFigures run(const Load& load) {
    return Run(load).go();
}

}  // namespace msp::bench
