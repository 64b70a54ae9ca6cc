#include "bench/crowd.hpp"

#include "bench/sockets.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string_view>

namespace msp::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view request = "GET /livez HTTP/1.1\r\nHost: bench\r\nX-Crawling: ";

bool served_once(int socket) {
    return send_all(socket, "GET /livez HTTP/1.1\r\nHost: bench\r\n\r\n") &&
           receive_answer(socket).find(" 200 ") == 8;
}

struct Crawler {
    int socket = -1;
    Clock::time_point begun{};
    std::size_t sent = 0;
};

class Crawl {
public:
    Crawl(std::uint16_t port, std::size_t size) : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
        for (std::size_t i = 0; i < size; ++i) open(port);
        figures_.opened = alive_ = crawlers_.size();
    }
    ~Crawl() {
        for (const Crawler& crawler : crawlers_)
            if (crawler.socket >= 0) ::close(crawler.socket);
        ::close(poll_);
    }

    SlowFigures go(std::chrono::seconds patience) {
        const Clock::time_point end = Clock::now() + patience;
        Clock::time_point next_byte = Clock::now();
        while (alive_ > 0 && Clock::now() < end) {
            if (Clock::now() >= next_byte) {
                for (Crawler& crawler : crawlers_) send_byte(crawler);
                next_byte += std::chrono::seconds(1);
            }
            turn();
        }
        return figures_;
    }

private:
    void open(std::uint16_t port) {
        const int socket = connect_to(port);
        if (socket < 0) return;
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = crawlers_.size();
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, socket, &event);
        crawlers_.push_back({socket, Clock::now()});
        send_byte(crawlers_.back());
    }

    static void send_byte(Crawler& crawler) {
        if (crawler.socket < 0) return;
        const char byte = crawler.sent < request.size() ? request[crawler.sent] : 'x';
        ++crawler.sent;
        ::send(crawler.socket, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }

    void turn() {
        epoll_event events[256];
        const int ready = ::epoll_wait(poll_, events, 256, 20);
        for (int i = 0; i < ready; ++i) receive(crawlers_[events[i].data.u64]);
    }

    // The first word from the server is that it is over, with or without saying why.
    void receive(Crawler& crawler) {
        char piece[1024];
        const ssize_t got = ::recv(crawler.socket, piece, sizeof piece, MSG_DONTWAIT);
        const std::string_view said(piece, got > 0 ? static_cast<std::size_t>(got) : 0);
        if (said.size() > 12 && said.substr(9, 3) == "408") ++figures_.told;
        figures_.lived_seconds.push_back(
            std::chrono::duration<float>(Clock::now() - crawler.begun).count());
        ::close(crawler.socket);
        crawler.socket = -1;
        --alive_;
    }

    int poll_;
    std::vector<Crawler> crawlers_;
    std::size_t alive_ = 0;
    SlowFigures figures_;
};

}  // namespace

IdleCrowd::IdleCrowd(std::uint16_t port, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        const int socket = connect_to(port);
        if (socket < 0) break;
        sockets_.push_back(socket);
        if (!served_once(socket)) break;
        ++served_;
    }
}

IdleCrowd::~IdleCrowd() {
    for (const int socket : sockets_) ::close(socket);
}

std::size_t IdleCrowd::still_open() const {
    std::size_t out = 0;
    for (const int socket : sockets_) {
        char byte = 0;
        const ssize_t got = ::recv(socket, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
        out += got < 0 ? 1 : 0;  // nothing to read, and no end
    }
    return out;
}

SlowFigures crawl(std::uint16_t port, std::size_t size, std::chrono::seconds patience) {
    return Crawl(port, size).go(patience);
}

}  // namespace msp::bench
