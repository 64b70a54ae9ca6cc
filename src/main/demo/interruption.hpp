// Ctrl-C and the like: they break the story off, and end the stay behind it.
//
// Law: a story that is broken off leaves nothing behind: the folder goes with the process.
// Threads: begun before all others of the demo, so that none of them takes the signal.
#pragma once

#include <atomic>
#include <csignal>
#include <future>
#include <string>
#include <thread>

namespace msp::demo {

class Interruption {
public:
    explicit Interruption(std::string folder);
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    // From now on a signal ends the wait, not the process.
    void await();

private:
    void watch();

    std::string folder_;
    sigset_t signals_{};
    std::atomic<bool> staying_ = false, done_ = false;
    std::promise<void> came_;
    std::thread thread_;
};

}  // namespace msp::demo
