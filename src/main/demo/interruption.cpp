#include "main/demo/interruption.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace msp::demo {

Interruption::Interruption(std::string folder) : folder_(std::move(folder)) {
    sigemptyset(&signals_);
    for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaddset(&signals_, one);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    thread_ = std::thread([this] { watch(); });
}

Interruption::~Interruption() {
    done_ = true;
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
}

void Interruption::await() {
    staying_ = true;
    came_.get_future().wait();
}

void Interruption::watch() {
    int received = 0;
    while (::sigwait(&signals_, &received) == 0 && received == SIGUSR1 && !done_) {
    }
    if (done_) return;
    if (staying_) return came_.set_value();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    std::_Exit(128 + received);
}

}  // namespace msp::demo
