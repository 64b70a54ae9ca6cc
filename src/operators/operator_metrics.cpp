#include "operators/operator_metrics.hpp"

namespace msp {

static double seconds(Duration span) {
    return static_cast<double>(span.count()) / 1'000;
}

OperatorMetrics::OperatorMetrics(Metrics& metrics, const OperatorId& id)
    : metrics_(metrics),
      operator_(id.text()),
      answer_seconds_(
          metrics.histogram("msp_operator_answer_seconds", "How long operators take to answer.",
                            {0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30}, {{"operator", operator_}})),
      due_chains_(metrics.gauge("msp_operator_due_chains", "Chains that wait for a time.",
                                {{"operator", operator_}})),
      oldest_due_seconds_(metrics.gauge("msp_operator_oldest_due_seconds",
                                        "How long the longest overdue chain is overdue.",
                                        {{"operator", operator_}})),
      conversations_(metrics.gauge("msp_operator_conversations",
                                   "Conversations that await an answer.",
                                   {{"operator", operator_}})),
      breaker_opened_(metrics.counter("msp_operator_breaker_opened_total",
                                      "How often an operator was left in peace.",
                                      {{"operator", operator_}})) {}

void OperatorMetrics::exchange(std::string_view what, std::string_view outcome, Duration took) {
    metrics_
        .counter("msp_operator_exchanges_total", "What was said to operators, by what came back.",
                 {{"operator", operator_},
                  {"what", std::string(what)},
                  {"outcome", std::string(outcome)}})
        .add();
    answer_seconds_.observe(seconds(took));
}

void OperatorMetrics::due(std::size_t chains, Duration oldest) {
    due_chains_.set(static_cast<double>(chains));
    oldest_due_seconds_.set(seconds(oldest));
}

void OperatorMetrics::conversations(unsigned open) {
    conversations_.set(open);
}

void OperatorMetrics::breaker_opened() {
    breaker_opened_.add();
}

}  // namespace msp
