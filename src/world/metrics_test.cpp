#include "world/metrics.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using namespace msp;

static bool shows(const Metrics& metrics, const std::string& line) {
    return ("\n" + metrics.exposition()).find("\n" + line + "\n") != std::string::npos;
}

TEST_CASE("counters, gauges and histograms are shown with their help, type and labels") {
    const auto metrics = make_metrics();
    metrics->counter("msp_orders_total", "Orders sent.", {{"operator", "op-east"}}).add(2);
    metrics->gauge("msp_queue_orders", "Orders that wait.").set(7);
    auto& seconds = metrics->histogram("msp_answer_seconds", "How long.", {0.1, 1});
    seconds.observe(0.05);
    seconds.observe(0.5);
    seconds.observe(5);

    CHECK(shows(*metrics, "# HELP msp_orders_total Orders sent."));
    CHECK(shows(*metrics, "# TYPE msp_orders_total counter"));
    CHECK(shows(*metrics, "msp_orders_total{operator=\"op-east\"} 2"));
    CHECK(shows(*metrics, "# TYPE msp_queue_orders gauge"));
    CHECK(shows(*metrics, "msp_queue_orders 7"));
    CHECK(shows(*metrics, "msp_answer_seconds_bucket{le=\"0.1\"} 1"));
    CHECK(shows(*metrics, "msp_answer_seconds_bucket{le=\"1\"} 2"));
    CHECK(shows(*metrics, "msp_answer_seconds_bucket{le=\"+Inf\"} 3"));
    CHECK(shows(*metrics, "msp_answer_seconds_count 3"));
}

TEST_CASE("the same name and labels give the same thing, other labels another") {
    const auto metrics = make_metrics();
    auto& east = metrics->counter("msp_orders_total", "Orders sent.", {{"operator", "op-east"}});
    auto& west = metrics->counter("msp_orders_total", "Orders sent.", {{"operator", "op-west"}});
    CHECK(&east ==
          &metrics->counter("msp_orders_total", "Orders sent.", {{"operator", "op-east"}}));
    CHECK(&east != &west);
    CHECK(&metrics->gauge("msp_a", "A.") == &metrics->gauge("msp_a", "A."));
    CHECK(&metrics->histogram("msp_h", "H.", {1}) == &metrics->histogram("msp_h", "H.", {1}));
    east.add();
    west.add(3);
    CHECK(shows(*metrics, "msp_orders_total{operator=\"op-east\"} 1"));
    CHECK(shows(*metrics, "msp_orders_total{operator=\"op-west\"} 3"));
}

TEST_CASE("no count is lost between threads") {
    const auto metrics = make_metrics();
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&] {
            for (int i = 0; i < 10'000; ++i) metrics->counter("msp_total", "All.").add();
        });
    for (auto& thread : threads) thread.join();
    CHECK(shows(*metrics, "msp_total 40000"));
}
