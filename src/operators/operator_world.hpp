// What the parts of every operator share. All of it outlives them; the loop's thread.
#pragma once

#include "store/archive.hpp"
#include "store/store.hpp"
#include "world/log.hpp"
#include "world/loop.hpp"
#include "world/metrics.hpp"
#include "world/random.hpp"

#include <functional>

namespace msp {

struct OperatorWorld {
    Loop& loop;
    Store& store;
    Reader& reader;
    Random& random;
    Metrics& metrics;
    Log& log;
    Time started{};  // of this process
    // Whose work goes first; null: all of it is urgent.
    std::function<Urgency(const Chain&)> urgency_of{};
};

}  // namespace msp
