#include "bench/sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>

namespace msp::bench {

int connect_to(std::uint16_t port) {
    const int out = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(port);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(out, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(out, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(out, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);  // connect too
    if (::connect(out, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0) return out;
    ::close(out);
    return -1;
}

bool send_all(int socket, std::string_view rest) {
    while (!rest.empty()) {
        const ssize_t sent = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::size_t whole_length(std::string_view answer) {
    const std::size_t head = answer.find("\r\n\r\n");
    if (head == std::string_view::npos) return 0;
    const std::size_t field = answer.find("Content-Length: ");
    if (field == std::string_view::npos || field > head) return head + 4;
    return head + 4 + std::strtoul(answer.data() + field + 16, nullptr, 10);
}

std::string receive_answer(int socket) {
    std::string answer;
    char piece[4096];
    while (whole_length(answer) == 0 || answer.size() < whole_length(answer)) {
        const ssize_t got = ::recv(socket, piece, sizeof piece, 0);
        if (got <= 0) return {};
        answer.append(piece, static_cast<std::size_t>(got));
    }
    return answer;
}

std::string ask(std::uint16_t port, std::string_view request) {
    const int socket = connect_to(port);
    if (socket < 0 || !send_all(socket, request)) return {};
    std::string answer = receive_answer(socket);
    ::close(socket);
    return answer;
}

std::size_t raise_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

}  // namespace msp::bench
