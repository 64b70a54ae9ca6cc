// How often each call is made, how it ends and how long it takes.
//
// Law: labels are rows of the route table, statuses and codes: never anything a caller wrote.
// Loop's thread only; the metrics outlive it.
#pragma once

#include "api/routes.hpp"
#include "domain/decision.hpp"
#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "world/loop.hpp"
#include "world/metrics.hpp"

#include <map>
#include <string_view>
#include <utility>

namespace msp {

class RequestMetrics {
public:
    explicit RequestMetrics(Metrics& metrics) : metrics_(metrics) {}

    void answered(const Route*, int status, Monotonic took);  // null: no row was found
    void refused(std::string_view code);
    void decided(const Result<Answer, Failure>&);

private:
    Metrics& metrics_;
    std::map<std::pair<const Route*, int>, Counter*> requests_;
    std::map<const Route*, Histogram*> seconds_;
    std::map<std::string_view, Counter*> commands_;  // by outcome
};

}  // namespace msp
