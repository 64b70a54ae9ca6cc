#include "store/sqlite/checkpoints.hpp"

#include "world/thread_name.hpp"

#include <sqlite3.h>

#include <utility>

namespace msp {

static constexpr int little_frames = 512;  // copied by the writer within a few milliseconds
static constexpr int passes_most = 8;

namespace {

// Copies what no reader is in the way of; waits for nobody. How many frames are left: the log may
// stay long for a while, because others are at it, or because there is no room in the file. Only a
// broken disk is trouble.
int copy(Connection& connection) {
    int frames = 0;
    int copied = 0;
    connection.note(sqlite3_wal_checkpoint_v2(connection.handle(), nullptr,
                                              SQLITE_CHECKPOINT_PASSIVE, &frames, &copied));
    const bool broken =
        !connection.good() && connection.trouble().kind == SqliteTrouble::Kind::broken;
    if (!broken) connection.rollback();
    return frames - copied;
}

}  // namespace

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

bool Checkpoints::look_after(std::uint64_t frames, bool nothing_waits) {
    const bool long_enough = frames > (nothing_waits ? limits_.idle_frames : limits_.most_frames);
    if (!beside_) {
        if (long_enough) copy(writer_);
        return false;
    }
    {
        const std::lock_guard lock(mutex_);
        if (phase_ == Phase::copying) return true;
        if (phase_ == Phase::rest && !long_enough) return false;
        phase_ = phase_ == Phase::rest ? Phase::copying : Phase::rest;
        if (phase_ == Phase::copying) {
            changed_.notify_one();
            return true;
        }
    }
    copy_the_rest();
    return false;
}

// The thread waits meanwhile. What broke it has broken the writer: nothing is tried a second time.
void Checkpoints::copy_the_rest() {
    if (!beside_->good()) return writer_.note(beside_->trouble());
    copy(writer_);
}

bool Checkpoints::wait_for_work() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || phase_ == Phase::copying; });
    return !ended_;
}

void Checkpoints::copy_beside() {
    name_thread("msp checkpoints");
    while (wait_for_work()) {
        int left = copy(*beside_);
        for (int pass = 1; pass < passes_most && left > little_frames; ++pass)
            left = copy(*beside_);
        const std::lock_guard lock(mutex_);
        phase_ = Phase::little_left;
    }
}

}  // namespace msp
