// What deliveries show on /metrics, all endpoints together. The loop's thread only.
#pragma once

#include "notices/delivery_log.hpp"
#include "world/metrics.hpp"

namespace msp {

class DeliveryMeters {
public:
    explicit DeliveryMeters(Metrics& metrics)
        : delivered_(metrics.counter("msp_webhook_attempts_total", "Attempts to deliver a notice.",
                                     {{"outcome", "delivered"}})),
          failed_(metrics.counter("msp_webhook_attempts_total", "Attempts to deliver a notice.",
                                  {{"outcome", "failed"}})),
          dead_(metrics.counter("msp_webhook_dead_letters_total",
                                "Notices that were given up after their last attempt.")),
          seconds_(metrics.histogram("msp_webhook_seconds", "How long receivers take to answer.",
                                     {0.01, 0.05, 0.1, 0.5, 1, 5, 15})) {}

    void count(const Attempt& attempt, DeliveryState state) {
        seconds_.observe(std::chrono::duration<double>(attempt.took).count());
        (attempt.error.empty() ? delivered_ : failed_).add();
        if (state == DeliveryState::dead) dead_.add();
    }

private:
    Counter& delivered_;
    Counter& failed_;
    Counter& dead_;
    Histogram& seconds_;
};

}  // namespace msp
