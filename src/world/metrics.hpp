// Counters, gauges and histograms, shown in the Prometheus text format. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace msp {

using MetricLabels = std::map<std::string, std::string>;

class Counter {
public:
    virtual ~Counter() = default;
    virtual void add(double amount = 1) = 0;
};

class Gauge {
public:
    virtual ~Gauge() = default;
    virtual void set(double value) = 0;
};

class Histogram {
public:
    virtual ~Histogram() = default;
    virtual void observe(double value) = 0;
};

// Owns all it hands out. The same name and labels give the same thing again. Names:
// `msp_<what>_<unit>[_total]`.
class Metrics {
public:
    virtual ~Metrics() = default;
    virtual Counter& counter(const std::string& name, const std::string& help,
                             const MetricLabels& = {}) = 0;
    virtual Gauge& gauge(const std::string& name, const std::string& help,
                         const MetricLabels& = {}) = 0;
    virtual Histogram& histogram(const std::string& name, const std::string& help,
                                 const std::vector<double>& bounds, const MetricLabels& = {}) = 0;
    virtual std::string exposition() const = 0;  // text format 0.0.4
};

std::unique_ptr<Metrics> make_metrics();

}  // namespace msp
