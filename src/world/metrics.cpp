#include "world/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace msp {

namespace {

class PrometheusCounter final : public Counter {
public:
    explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
    void add(double amount) override { counter_.Increment(amount); }

private:
    prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
public:
    explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
    void set(double value) override { gauge_.Set(value); }

private:
    prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
public:
    explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
    void observe(double value) override { histogram_.Observe(value); }

private:
    prometheus::Histogram& histogram_;
};

// One of ours per one of theirs.
template <class Wrapper, class Theirs>
class Wrappers {
public:
    Wrapper& of(Theirs& theirs) {
        auto& wrapper = by_theirs_[&theirs];
        if (!wrapper) wrapper = std::make_unique<Wrapper>(theirs);
        return *wrapper;
    }

private:
    std::map<const Theirs*, std::unique_ptr<Wrapper>> by_theirs_;
};

// The registry merges: a family of the same name and a metric of the same labels come back as they
// are.
class PrometheusMetrics final : public Metrics {
public:
    Counter& counter(const std::string& name, const std::string& help,
                     const MetricLabels& labels) override {
        const std::lock_guard lock(mutex_);
        auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
        return counters_.of(family.Add(labels));
    }

    Gauge& gauge(const std::string& name, const std::string& help,
                 const MetricLabels& labels) override {
        const std::lock_guard lock(mutex_);
        auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
        return gauges_.of(family.Add(labels));
    }

    Histogram& histogram(const std::string& name, const std::string& help,
                         const std::vector<double>& bounds, const MetricLabels& labels) override {
        const std::lock_guard lock(mutex_);
        auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(registry_);
        return histograms_.of(family.Add(labels, bounds));
    }

    std::string exposition() const override {
        return prometheus::TextSerializer().Serialize(registry_.Collect());
    }

private:
    std::mutex mutex_;
    prometheus::Registry registry_;
    Wrappers<PrometheusCounter, prometheus::Counter> counters_;
    Wrappers<PrometheusGauge, prometheus::Gauge> gauges_;
    Wrappers<PrometheusHistogram, prometheus::Histogram> histograms_;
};

}  // namespace

std::unique_ptr<Metrics> make_metrics() {
    return std::make_unique<PrometheusMetrics>();
}

}  // namespace msp
