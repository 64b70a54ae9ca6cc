// What the platform keeps while it is asked for too much: many idle and slow connections, ten times
// the load that it bears, one tenant that floods, and a kill under load with a whole fleet to come
// back with. Prints figures and a verdict for each promise; ends with 1 where one is missed.
#include "bench/crowd.hpp"
#include "bench/http_load.hpp"
#include "bench/open_load.hpp"
#include "bench/overload_stage.hpp"
#include "bench/sockets.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace msp::bench {

namespace {

constexpr double mib = 1024.0 * 1024.0;

double median(std::vector<double> of) {
    std::sort(of.begin(), of.end());
    return of.empty() ? 0 : of[of.size() / 2];
}

double ratio(double of, double to) {
    return to > 0 ? of / to : 0;
}

class Overload {
public:
    explicit Overload(const OverloadSetup& setup) : setup_(setup), stage_(setup) {}

    int run() {
        std::cout << setup_.machines << " machines; turns of " << setup_.seconds << " s, "
                  << setup_.rounds << " rounds, medians\n"
                  << std::fixed << std::setprecision(2);
        if (tries("P15")) {
            try_idle_ones();
            try_slow_ones();
        }
        if (tries("P14")) {
            try_ten_times_as_much();
            try_a_flooding_tenant();
        }
        if (tries("P10")) try_kills();
        std::cout << "\n" << kept_ << " promises kept, " << missed_ << " missed\n";
        return missed_ == 0 ? 0 : 1;
    }

private:
    bool tries(const char* promise) const {
        return std::count(setup_.promises.begin(), setup_.promises.end(), promise) > 0;
    }

    void judge(const char* promise, bool kept, const char* sentence) {
        std::cout << (kept ? "  kept    " : "  MISSED  ") << promise << "  " << sentence
                  << std::endl;
        ++(kept ? kept_ : missed_);
    }

    std::chrono::milliseconds turn() const {
        return std::chrono::milliseconds(std::int64_t(setup_.seconds * 1000));
    }

    // Clients that ask for what one asks for, at a pace that the platform bears with ease.
    OpenFigures good_clients(const NextRequest& next, double per_second = 300) const {
        OpenLoad load{.port = stage_.server().port(), .per_second = per_second, .next = next};
        load.connections = 32;
        load.duration = turn();
        return bench::run(load);
    }
    static double p99(const OpenFigures& figures) { return share_of(figures.tally.good_ms, 0.99); }
    static std::uint64_t not_served(const OpenFigures& figures) {
        return figures.tally.sent() - figures.tally.good + figures.tally.withheld;
    }

    // ---------------------------------------------------------------------------- P15: connections

    void try_idle_ones() {
        const NextRequest changes = stage_.changes();
        good_clients(changes);
        const std::uint64_t before = stage_.server().usage().resident_bytes;
        std::vector<double> alone, beside;
        std::uint64_t missed = 0, served = 0, open = 0;
        double each_kib = 0;
        for (unsigned round = 0; round < setup_.rounds; ++round) {
            alone.push_back(p99(good_clients(changes)));
            const IdleCrowd crowd(stage_.server().port(), setup_.idle);
            if (round == 0)
                each_kib = ratio(double(stage_.server().usage().resident_bytes - before) / 1024,
                                 double(crowd.served()));
            const OpenFigures good = good_clients(changes);
            beside.push_back(p99(good));
            missed += not_served(good);
            served += good.tally.good;
            open = crowd.still_open();
        }
        std::cout << "\nP15  " << open << " of " << setup_.idle << " idle connections held open; "
                  << each_kib << " KiB each\n     beside them " << served << " changes served, "
                  << missed << " not; p99 " << median(beside) << " ms, without them "
                  << median(alone) << " ms: " << ratio(median(beside), median(alone)) << "\n";
        judge("P15", open == setup_.idle, "every idle connection is held");
        judge("P15", each_kib <= 16, "an idle connection costs 16 KiB at most");
        judge("P15", missed == 0, "good clients beside idle ones are all served");
        judge("P15", median(beside) <= 2 * median(alone), "and their p99 at most doubles");
    }

    void try_slow_ones() {
        const NextRequest changes = stage_.changes();
        const OpenFigures alone = good_clients(changes);
        SlowFigures slow;
        std::thread crawling(
            [&] { slow = crawl(stage_.server().port(), setup_.slow, std::chrono::seconds(20)); });
        std::this_thread::sleep_for(std::chrono::seconds(2));  // until all of them crawl
        const OpenFigures beside = good_clients(changes);
        crawling.join();
        const double first = share_of(slow.lived_seconds, 0);
        const double last = share_of(slow.lived_seconds, 1);
        std::cout << "\nP15  " << slow.opened
                  << " connections sent a header byte by byte: " << slow.lived_seconds.size()
                  << " cut after " << first << " to " << last << " s, " << slow.told
                  << " told 408\n     beside them " << beside.tally.good << " changes served, "
                  << not_served(beside) << " not; p99 " << p99(beside) << " ms, without them "
                  << p99(alone) << " ms: " << ratio(p99(beside), p99(alone)) << "\n";
        judge("P15", slow.lived_seconds.size() == setup_.slow && first >= 9.5 && last <= 12,
              "slow headers are cut at 10 s");
        judge("P15", not_served(beside) == 0, "good clients beside slow ones are all served");
        judge("P15", p99(beside) <= 2 * p99(alone), "and their p99 at most doubles");
    }

    // ------------------------------------------------------------------------------- P14: overload

    double peak_goodput(const NextRequest& next) const {
        double out = 0;
        for (const std::size_t clients : {64U, 256U, 1024U}) {
            Load load{.port = stage_.server().port(), .connections = clients, .next = next};
            load.duration = turn();
            out = std::max(out, bench::run(load).per_second);
        }
        return out;
    }

    OpenLoad flood(const NextRequest& next, double per_second) const {
        OpenLoad out{.port = stage_.server().port(), .per_second = per_second, .next = next};
        out.connections = std::min<std::size_t>(15'000, raise_descriptors() - 500);
        out.duration = 2 * turn();
        return out;
    }

    static void print_told(const Tally& tally) {
        std::cout << "     told to come back: " << tally.told << ", after "
                  << share_of(tally.told_ms, 0.99) << " ms (p99); served: " << tally.good
                  << ", after " << share_of(tally.good_ms, 0.99)
                  << " ms (p99)\n     without Retry-After: " << tally.untold
                  << ", broken: " << tally.broken << ", without an answer: " << tally.hanging
                  << ", withheld for want of a free connection: " << tally.withheld << "\n";
        if (tally.untold > 0) std::cout << "     " << tally.first_untold.substr(0, 300) << "\n";
    }

    static bool all_told(const Tally& tally) {
        return tally.untold + tally.broken + tally.hanging == 0;
    }

    void try_ten_times_as_much() {
        const NextRequest changes = stage_.changes();
        std::vector<double> shares;
        std::vector<std::uint64_t> resident;
        OpenFigures last;
        bool told = true;
        for (unsigned round = 0; round < setup_.rounds; ++round) {
            peak_ = peak_goodput(changes);
            last = bench::run(flood(changes, 10 * peak_));
            shares.push_back(ratio(last.goodput(), peak_));
            resident.push_back(stage_.server().usage().resident_bytes);
            told = told && all_told(last.tally);
            std::cout << "\nP14  peak " << peak_ << " changes/s; " << 10 * peak_ << "/s offered on "
                      << last.connections << " connections: " << last.goodput()
                      << "/s served: " << shares.back() << " of the peak; resident "
                      << double(resident.back()) / mib << " MiB\n";
            print_told(last.tally);
        }
        judge("P14", median(shares) >= 0.9, "goodput stays within a tenth of the peak");
        judge("P14", told, "whoever is not served is told when to come back");
        if (setup_.rounds == 1) return;  // one flood says nothing of growth
        judge("P14", double(resident.back()) <= 1.25 * double(resident.front()),
              "memory does not grow from flood to flood");
    }

    void try_a_flooding_tenant() {
        const NextRequest calm = stage_.changes_of("provider-1");
        const NextRequest flooding = stage_.changes_of("provider-2");
        std::vector<double> alone, beside;
        std::uint64_t missed = 0;
        OpenFigures flood_figures;
        for (unsigned round = 0; round < setup_.rounds; ++round) {
            alone.push_back(p99(good_clients(calm)));
            std::thread flooder([&] { flood_figures = bench::run(flood(flooding, 10 * peak_)); });
            std::this_thread::sleep_for(turn() / 2);  // until the flood is there
            const OpenFigures good = good_clients(calm);
            flooder.join();
            beside.push_back(p99(good));
            missed += not_served(good);
        }
        std::cout << "\nP14  one tenant floods at " << 10 * peak_ << "/s and gets "
                  << flood_figures.goodput() << "/s\n";
        print_told(flood_figures.tally);
        std::cout << "     the calm one: " << missed << " not served; p99 " << median(beside)
                  << " ms, without the flood " << median(alone)
                  << " ms: " << ratio(median(beside), median(alone)) << "\n";
        judge("P14", missed == 0, "the calm tenant is served");
        judge("P14", median(beside) <= 2 * median(alone), "and its p99 at most doubles");
        judge("P14", all_told(flood_figures.tally), "the flooding one is told when to come back");
    }

    // -------------------------------------------------------------------------------- P10: restart

    void try_kills() {
        const NextRequest changes = stage_.changes();
        std::vector<double> starts;
        std::uint64_t changed = 0;
        for (unsigned i = 0; i < setup_.starts; ++i) {
            Load load{.port = stage_.server().port(), .connections = 64, .next = changes};
            load.duration = std::chrono::milliseconds(600 + 37 * i);
            LoadFigures figures;
            std::thread loading([&] { figures = bench::run(load); });
            std::this_thread::sleep_for(load.duration);  // it goes on for a warm-up more
            stage_.kill();
            loading.join();
            changed += figures.all_answers;
            starts.push_back(stage_.start());
        }
        const double worst = *std::max_element(starts.begin(), starts.end());
        std::cout << "\nP10  " << setup_.starts << " times killed under load (" << changed
                  << " changes between) with " << setup_.machines << " machines: ready again after "
                  << median(starts) * 1000 << " ms median, " << worst * 1000 << " ms at worst\n";
        judge("P10", median(starts) <= 1, "ready within a second, as a rule");
        judge("P10", worst <= 2, "and within two at worst");
    }

    const OverloadSetup& setup_;
    OverloadStage stage_;
    double peak_ = 0;  // changes a second
    unsigned kept_ = 0, missed_ = 0;
};

}  // namespace

}  // namespace msp::bench

int main(int count, char** words) {
    msp::bench::OverloadSetup setup;
    CLI::App app("Promises under load: P10 restart, P14 overload, P15 connections.");
    app.add_option("--msp", setup.program, "the program to try");
    app.add_option("--folder", setup.folder, "where fleets are kept between runs");
    app.add_option("--promises", setup.promises, "which, such as P14,P15")->delimiter(',');
    app.add_option("--machines", setup.machines, "how many there are");
    app.add_option("--seconds", setup.seconds, "of each turn");
    app.add_option("--rounds", setup.rounds, "of all turns");
    app.add_option("--idle", setup.idle, "idle connections");
    app.add_option("--slow", setup.slow, "slow connections");
    app.add_option("--starts", setup.starts, "after a kill each");
    app.add_option("--seed", setup.seed, "of the machines that are drawn");
    CLI11_PARSE(app, count, words);
    msp::bench::raise_descriptors();
    return msp::bench::Overload(setup).run();
}
