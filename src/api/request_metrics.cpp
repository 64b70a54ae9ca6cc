#include "api/request_metrics.hpp"

#include <chrono>
#include <string>

namespace msp {

static std::string label_of(const Route* route) {
    return route ? std::string(route->method) + " " + std::string(route->path) : "none";
}

void RequestMetrics::answered(const Route* route, int status, Monotonic took) {
    Counter*& counter = requests_[{route, status}];
    if (!counter)
        counter =
            &metrics_.counter("msp_http_requests_total", "Requests by call and status.",
                              {{"route", label_of(route)}, {"status", std::to_string(status)}});
    counter->add();
    Histogram*& seconds = seconds_[route];
    if (!seconds)
        seconds =
            &metrics_.histogram("msp_http_request_seconds", "From the whole request to its answer.",
                                {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 60},
                                {{"route", label_of(route)}});
    seconds->observe(std::chrono::duration<double>(took).count());
}

void RequestMetrics::refused(std::string_view code) {
    metrics_
        .counter("msp_refusals_total", "Requests that were refused, by code.",
                 {{"code", std::string(code)}})
        .add();
}

static std::string_view outcome_of(const Result<Answer, Failure>& result) {
    if (!result) return "failed";
    if (result->refusal) return "refused";
    if (result->replayed) return "replayed";
    return result->changed ? "changed" : "unchanged";
}

void RequestMetrics::decided(const Result<Answer, Failure>& result) {
    const std::string_view outcome = outcome_of(result);
    Counter*& counter = commands_[outcome];
    if (!counter)
        counter = &metrics_.counter("msp_commands_total",
                                    "Commands submitted by calls, by what came of them.",
                                    {{"outcome", std::string(outcome)}});
    counter->add();
}

}  // namespace msp
