#include "simulation/storm.hpp"

#include <algorithm>
#include <cassert>

namespace msp::simulation {

namespace {

class Draw {
public:
    explicit Draw(std::uint64_t seed) : random_(seed) {}

    bool chance(double share) { return random_.unit() < share; }
    // Nothing in most worlds, little in many, a lot in some.
    double share(double most) {
        if (chance(0.5)) return 0;
        const double hard = random_.unit();
        return most * hard * hard;
    }
    double rate(double most) { return chance(0.45) ? 0 : most * random_.unit(); }
    Duration span(std::int64_t least_ms, std::int64_t most_ms) {
        const auto wide = static_cast<std::uint64_t>(most_ms - least_ms + 1);
        return Duration(least_ms + static_cast<std::int64_t>(random_.below(wide)));
    }
    unsigned between(unsigned least, unsigned most) {
        return least + static_cast<unsigned>(random_.below(most - least + 1));
    }

private:
    SeededRandom random_;
};

DrawnOperator draw_operator(Draw& draw) {
    static constexpr const char* kinds[] = {"fenced", "serial", "combined", "overwritten",
                                            "overwritten-combined"};
    DrawnOperator out;
    out.kind = kinds[draw.between(0, 4)];
    OperatorKnobs& knobs = out.knobs;
    [[maybe_unused]] const auto set = set_knob(knobs, "kind", out.kind);
    assert(set);
    knobs.life = Duration(10'000);
    knobs.ignores_repeated_reference = draw.chance(0.3);
    knobs.latency_median = draw.span(5, 300);
    knobs.latency_p99 = knobs.latency_median + draw.span(10, 3'000);
    knobs.asynchronous = draw.chance(0.5) ? 0 : draw.share(1);
    knobs.lost_before = draw.share(0.2);
    knobs.lost_after = draw.share(0.2);
    knobs.duplicated = draw.share(0.3);
    knobs.error_before = draw.share(0.2);
    knobs.error_after = draw.share(0.2);
    knobs.too_many = draw.share(0.2);
    knobs.unavailable = draw.share(0.2);
    knobs.hang = draw.share(0.05);
    knobs.hang_for = Duration(30'000);
    knobs.malformed = draw.share(0.05);
    knobs.truncated = draw.share(0.05);
    knobs.unknown_word = draw.share(0.05);
    knobs.calls_back = draw.chance(0.8);
    knobs.callback_lost = draw.share(0.5);
    knobs.callback_duplicated = draw.share(0.5);
    knobs.callback_delay_most = draw.chance(0.5) ? Duration(0) : draw.span(0, 20'000);
    knobs.suspensions_per_hour = draw.rate(600);
    knobs.suspended_for = draw.chance(0.3) ? Duration(0) : draw.span(2'000, 30'000);
    knobs.terminations_per_hour = draw.chance(0.6) ? 0 : draw.rate(60);
    knobs.changes_per_hour = draw.rate(240);
    out.restores = draw.chance(0.8) ? 0 : 2;
    return out;
}

StoreFaults draw_store(Draw& draw) {
    StoreFaults out;
    out.unknown_in = draw.share(0.1);
    out.unknown_not_in = draw.share(0.1);
    out.broke_in = draw.share(0.01);
    out.broke_not_in = draw.share(0.01);
    out.filled = draw.share(0.02);
    return out;
}

// Receivers and operators refuse what is signed five minutes off; nodes on one store have to agree
// better than that.
Duration draw_wrong_clock(Draw& draw, unsigned nodes) {
    if (draw.chance(0.6)) return Duration(0);
    return draw.span(0, nodes > 1 ? 20'000 : 100'000);
}

ProcessFaults draw_process(Draw& draw, unsigned nodes) {
    ProcessFaults out;
    out.pauses = draw.rate(10);
    out.paused_most = draw.span(500, 15'000);
    out.stops_at_order = draw.share(0.2);
    out.kills = draw.rate(6);
    out.down_most = draw.span(100, 8'000);
    out.clock_wrong_most = draw_wrong_clock(draw, nodes);
    return out;
}

}  // namespace

Storm draw_storm(std::uint64_t seed) {
    Draw draw(seed ^ 0x5707'0000);
    Storm out;
    out.nodes = draw.between(1, 3);
    out.machines = draw.between(2, 6);
    out.lasts = draw.span(10'000, 60'000);
    out.acts_per_second = draw.chance(0.3) ? 8 : 2;
    out.odd_acts = draw.share(0.6);
    out.gait = {.slow = draw.share(1), .slow_most = draw.span(0, 8)};
    out.wire = {.lost = draw.share(0.15),
                .repeated = draw.share(0.2),
                .late = draw.share(0.3),
                .late_most = draw.span(50, 3'000)};
    out.partitions = draw.rate(4);
    out.cut_most = draw.span(500, 15'000);
    out.store = draw_store(draw);
    out.process = draw_process(draw, out.nodes);
    const unsigned operators = draw.between(1, 2);
    for (unsigned i = 0; i < operators; ++i) out.operators.push_back(draw_operator(draw));
    out.receivers.hangs = draw.share(0.1);
    out.receivers.fails = draw.share(0.4);
    out.receivers.drops_answer = draw.share(0.2);
    return out;
}

OperatorKnobs calm(const OperatorKnobs& knobs) {
    OperatorKnobs out = *operator_profile("calm");
    out.kind = knobs.kind;
    out.life = knobs.life;
    out.ignores_repeated_reference = knobs.ignores_repeated_reference;
    return out;
}

}  // namespace msp::simulation
