// Saves what a delivery did, many attempts at once.
//
// Law: one save at a time, each over the one before; what a save holds is in none after it. A save
// that the store had no room for is tried again until it is in.
// Threads: the loop's only. Destroyed at any time: what is unsaved goes into a last save.
#pragma once

#include "notices/endpoint_progress.hpp"
#include "store/store.hpp"
#include "world/loop.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace msp {

class ProgressKeeper {
public:
    struct Pace {
        Duration after{200};
        std::size_t most = 100;       // attempts: then at once
        Duration idle_after{30'000};  // where nothing but the position moved
    };
    // What the keeper asks of the delivery, and tells it.
    struct Delivery {
        std::function<Progress()> moved;  // since it was asked last
        std::function<void()> saved;
        std::function<void(RefusalCode)> cut_short;  // gone, or somebody else writes: begin again
    };

    ProgressKeeper(Loop&, Store&, const EndpointId&, const Pace&, Delivery);
    ~ProgressKeeper();
    ProgressKeeper(const ProgressKeeper&) = delete;
    ProgressKeeper& operator=(const ProgressKeeper&) = delete;

    // Begins from what stands in the store.
    void begin(const StoredProgress&);
    // What is unsaved will not be saved, and nobody is told of what is under way.
    void forget();

    void attempted(LogLine);
    void position_moved();
    void save();

    // Saves this in place of what moved, after a save that is under way.
    void save_instead(Progress, std::function<void()> saved);

    bool behind() const;  // so much is unsaved that nothing more should be done
    const EndpointProgress& figures() const { return figures_; }

private:
    struct Instead {
        Progress progress;
        std::function<void()> saved;
    };

    void schedule(Duration);
    void submit();
    void answered(const Result<Answer, Failure>&);
    KeepProgress command(Progress);

    Loop& loop_;
    Store& store_;
    EndpointId id_;
    Pace pace_;
    Delivery delivery_;
    EndpointProgress figures_;
    std::optional<std::string> stands_;  // the record, once what is under way is in
    std::vector<LogLine> unsaved_;
    std::optional<KeepProgress> under_way_;
    std::optional<Instead> instead_;
    std::function<void()> finish_;  // of the one under way, where it was saved instead
    Loop::TimerId timer_ = 0;
    Time timer_at_{};
    std::shared_ptr<ProgressKeeper*> self_;
};

}  // namespace msp
