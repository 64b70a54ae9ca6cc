// Metrics that nobody reads. Threads: any.
#pragma once

#include "world/metrics.hpp"

namespace msp::simulation {

class UnseenMetrics final : public Metrics {
public:
    Counter& counter(const std::string&, const std::string&, const MetricLabels&) override {
        return counter_;
    }
    Gauge& gauge(const std::string&, const std::string&, const MetricLabels&) override {
        return gauge_;
    }
    Histogram& histogram(const std::string&, const std::string&, const std::vector<double>&,
                         const MetricLabels&) override {
        return histogram_;
    }
    std::string exposition() const override { return {}; }

private:
    struct UnseenCounter final : Counter {
        void add(double) override {}
    };
    struct UnseenGauge final : Gauge {
        void set(double) override {}
    };
    struct UnseenHistogram final : Histogram {
        void observe(double) override {}
    };
    UnseenCounter counter_;
    UnseenGauge gauge_;
    UnseenHistogram histogram_;
};

}  // namespace msp::simulation
