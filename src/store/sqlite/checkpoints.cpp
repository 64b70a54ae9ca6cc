#include "store/sqlite/checkpoints.hpp"

#include "world/thread_name.hpp"

#include <sqlite3.h>

#include <utility>

namespace msp {

static constexpr int little_frames = 512;  // copied by the writer within a few milliseconds
static constexpr int passes_most = 8;

namespace {

struct Copied {
    int code = SQLITE_OK;
    int left = 0;  // frames
};

// Copies what no reader is in the way of; waits for nobody.
Copied copy(Connection& connection) {
    int frames = 0;
    int copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(connection.handle(), nullptr,
                                               SQLITE_CHECKPOINT_PASSIVE, &frames, &copied);
    return {code, frames - copied};
}

}  // namespace

// The log may stay long for a while: because others are at it, or because there is no room in the
// file. Only a broken disk is the writer's trouble.
static void finish(Connection& writer) {
    writer.note(copy(writer).code);
    if (!writer.good() && writer.trouble().kind != SqliteTrouble::Kind::broken) writer.rollback();
}

Checkpoints::Checkpoints(Connection& writer, std::unique_ptr<Connection> beside,
                         const LogLimits& limits)
    : writer_(writer), beside_(std::move(beside)), limits_(limits) {
    if (beside_) thread_ = std::thread([this] { copy_beside(); });
}

Checkpoints::~Checkpoints() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Checkpoints::look_after(std::uint64_t frames, bool nothing_waits) {
    const bool long_enough = frames > (nothing_waits ? limits_.idle_frames : limits_.most_frames);
    if (!beside_) {
        if (long_enough) finish(writer_);
        return;
    }
    bool little_left = false;
    {
        const std::lock_guard lock(mutex_);
        little_left = phase_ == Phase::little_left;
        if (!little_left && (phase_ == Phase::copying || !long_enough)) return;
        phase_ = little_left ? Phase::rest : Phase::copying;
    }
    if (little_left)
        finish(writer_);
    else
        changed_.notify_one();
}

bool Checkpoints::wait_for_work() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || phase_ == Phase::copying; });
    return !ended_;
}

// What fails here fails for the writer as well, which is the one to say so.
void Checkpoints::copy_beside() {
    name_thread("msp checkpoints");
    while (wait_for_work()) {
        Copied copied = copy(*beside_);
        for (int pass = 1; pass < passes_most && copied.left > little_frames; ++pass)
            copied = copy(*beside_);
        const std::lock_guard lock(mutex_);
        phase_ = Phase::little_left;
    }
}

}  // namespace msp
