#include "world/raw_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <charconv>
#include <utility>

namespace msp {

constexpr timeval longest_wait{20, 0};

static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

RawSocket::RawSocket(int descriptor) : descriptor_(descriptor) {
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &longest_wait, sizeof longest_wait);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &longest_wait, sizeof longest_wait);
}

RawSocket RawSocket::connect(std::uint16_t port) {
    RawSocket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    [[maybe_unused]] const int connected =
        ::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    assert(connected == 0);
    return made;
}

RawSocket::~RawSocket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

RawSocket::RawSocket(RawSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), reset_(other.reset_) {}

bool RawSocket::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawSocket::send_no_more() const {
    ::shutdown(descriptor_, SHUT_WR);
}

void RawSocket::cut() const {
    ::shutdown(descriptor_, SHUT_RDWR);
}

void RawSocket::take_little() const {
    const int bytes = 4096;
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

std::string RawSocket::receive() {
    char room[16 * 1024];
    const ssize_t got = ::recv(descriptor_, room, sizeof room, 0);
    if (got < 0 && errno == ECONNRESET) reset_ = true;
    return got > 0 ? std::string(room, static_cast<std::size_t>(got)) : std::string();
}

std::string RawSocket::receive_until(std::string_view text) {
    std::string all;
    while (all.find(text) == std::string::npos) {
        const std::string piece = receive();
        if (piece.empty()) break;
        all += piece;
    }
    return all;
}

std::string RawSocket::receive_all() {
    std::string all;
    for (std::string piece = receive(); !piece.empty(); piece = receive()) all += piece;
    return all;
}

RawServer::RawServer(Talk talk)
    : talk_(std::move(talk)), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    [[maybe_unused]] const bool listens = ::bind(listening_, generic, size) == 0 &&
                                          ::listen(listening_, 16) == 0 &&
                                          ::getsockname(listening_, generic, &size) == 0;
    assert(listens);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
}

void RawServer::accept_all() {
    while (true) {
        const int accepted = ::accept(listening_, nullptr, nullptr);
        if (accepted < 0) return;
        conversations_.push_back({RawSocket(accepted), {}});
        Conversation& fresh = conversations_.back();
        fresh.thread = std::thread([this, &fresh] {
            talk_(fresh.socket);
            fresh.socket.cut();
        });
    }
}

// Shutting the listening socket down wakes accept(); closing it would not.
RawServer::~RawServer() {
    ::shutdown(listening_, SHUT_RDWR);
    accepting_.join();
    for (Conversation& each : conversations_) {
        each.socket.cut();
        each.thread.join();
    }
    ::close(listening_);
}

static std::size_t length_of_body(std::string_view head) {
    constexpr std::string_view field = "\r\nContent-Length: ";
    const std::size_t at = head.find(field);
    std::size_t length = 0;
    if (at != std::string_view::npos)
        std::from_chars(head.data() + at + field.size(), head.data() + head.size(), length);
    return length;
}

std::vector<int> statuses(std::string_view bytes) {
    constexpr std::string_view begin = "HTTP/1.1 ";
    constexpr std::string_view end = "\r\n\r\n";
    std::vector<int> found;
    while (!bytes.empty()) {
        const std::size_t head = bytes.find(end);
        if (!bytes.starts_with(begin) || head == std::string_view::npos)
            return found.push_back(0), found;
        int status = 0;
        std::from_chars(bytes.data() + begin.size(), bytes.data() + begin.size() + 3, status);
        const std::size_t whole = head + end.size() + length_of_body(bytes.substr(0, head));
        if (whole > bytes.size()) return found.push_back(0), found;
        found.push_back(status);
        bytes.remove_prefix(whole);
    }
    return found;
}

}  // namespace msp
