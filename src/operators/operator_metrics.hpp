// One operator's figures for monitoring. The loop's thread; the metrics outlive it.
#pragma once

#include "domain/identity.hpp"
#include "domain/protocol.hpp"
#include "world/metrics.hpp"

#include <cstddef>
#include <string_view>

namespace msp {

class OperatorMetrics {
public:
    OperatorMetrics(Metrics&, const OperatorId&);

    void exchange(std::string_view what, std::string_view outcome, Duration took);
    void due(std::size_t chains, Duration oldest);
    void conversations(unsigned open);
    void breaker_opened();

private:
    Metrics& metrics_;
    std::string operator_;
    Histogram& answer_seconds_;
    Gauge& due_chains_;
    Gauge& oldest_due_seconds_;
    Gauge& conversations_;
    Counter& breaker_opened_;
};

}  // namespace msp
