// Moves what the log holds into the database file, beside the writer.
//
// SQLite's log starts over only when a writer begins at a moment at which nothing is left to copy.
// So a thread with a connection of its own copies until little is left, and the writer copies that
// little between two of its batches; while nothing is written, the thread alone comes to the end.
// Threads: begun on one, used from the writer's. Without `beside` there is no thread, and the
// writer copies all.
#pragma once

#include "store/sqlite/connection.hpp"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

namespace msp {

struct LogLimits {
    std::uint64_t most_frames = 0;  // under load
    std::uint64_t idle_frames = 0;  // when nothing waits
};

class Checkpoints {
public:
    // `beside` may be null. `writer` outlives it; what goes wrong there is noted there.
    Checkpoints(Connection& writer, std::unique_ptr<Connection> beside, const LogLimits&);
    ~Checkpoints();
    Checkpoints(const Checkpoints&) = delete;
    Checkpoints& operator=(const Checkpoints&) = delete;

    // Between two batches, outside any transaction. `frames`: the length of the log. Whether it is
    // to be looked after again though nothing was written meanwhile.
    bool look_after(std::uint64_t frames, bool nothing_waits);

private:
    enum class Phase { rest, copying, little_left };

    void copy_beside();
    bool wait_for_work();
    void copy_the_rest();

    Connection& writer_;
    std::unique_ptr<Connection> beside_;
    const LogLimits limits_;
    std::mutex mutex_;
    std::condition_variable changed_;
    Phase phase_ = Phase::rest;
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace msp
