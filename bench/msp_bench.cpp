// What the platform bears, through its HTTP interface: durable changes and reads of random machines
// of a fleet, beside a static answer of the same server and beside bare SQLite loops that write the
// same rows, in turns, in one run. What counts is the ratio; the machine's noise is in both.
#include "bench/bare_loop.hpp"
#include "bench/fleet.hpp"
#include "bench/http_load.hpp"
#include "bench/server_process.hpp"
#include "world/files.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace msp::bench {

namespace {

constexpr std::size_t bare_batch = 256;  // as many as the store takes at once

struct Setup {
    std::string program = "build/release/src/main/msp";
    std::string folder = "build/bench";
    std::uint64_t machines = 1'000'000;
    double seconds = 2;
    unsigned rounds = 3;
    std::uint64_t seed = 7;
    std::vector<std::size_t> clients{1, 16, 64, 256};  // the last is the one that is judged
    bool quick = false;
};

// ---------------------------------------------------------------------------------------- requests

class Requests {
public:
    Requests(const Setup& setup, std::string token)
        : machines_(setup.machines), random_(setup.seed), token_(std::move(token)) {}

    static std::string still() { return "GET /livez HTTP/1.1\r\nHost: bench\r\n\r\n"; }
    std::string read() { return head("GET", some()) + "\r\n"; }
    // The M2M SP holds a machine's service, or lifts what it held: a status changes either way, or
    // the holds behind it do.
    std::string change() {
        const std::uint64_t machine = 1 + random_.below(machines_);
        const std::string path = "/v1/devices/" + device_of(machine) + "/hold/unpaid";
        if (held_.erase(machine) > 0) return head("DELETE", path) + "\r\n";
        held_.insert(machine);
        return head("PUT", path) +
               "Content-Type: application/json\r\nContent-Length: "
               "19\r\n\r\n{\"text\":\"INV-8831\"}";
    }

private:
    std::string some() { return "/v1/devices/" + device_of(1 + random_.below(machines_)); }
    std::string head(const std::string& method, const std::string& path) const {
        return method + " " + path + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + token_ +
               "\r\n";
    }

    std::uint64_t machines_;
    SeededRandom random_;
    std::string token_;
    std::unordered_set<std::uint64_t> held_;
};

// ----------------------------------------------------------------------------------------- figures

// What the rounds of one kind of request came to.
struct Row {
    std::vector<double> rates;
    std::vector<double> p50, p99;
    std::uint64_t answers = 0;
    Usage used;               // by the server
    double load_seconds = 0;  // of processor, by the load itself
    std::uint64_t wrong = 0;
    std::string first_wrong;

    static double median(std::vector<double> of) {
        std::sort(of.begin(), of.end());
        return of.empty() ? 0 : of[of.size() / 2];
    }
    double rate() const { return median(rates); }
    double each_us(double seconds) const {
        return seconds * 1e6 / static_cast<double>(std::max<std::uint64_t>(1, answers));
    }
};

void take(Row& row, const LoadFigures& figures, const Usage& used) {
    row.rates.push_back(figures.per_second);
    row.p50.push_back(figures.p50_ms);
    row.p99.push_back(figures.p99_ms);
    row.answers += figures.all_answers;
    row.wrong += figures.other_statuses + figures.broken;
    if (row.first_wrong.empty()) row.first_wrong = figures.first_other;
    row.used.processor += used.processor;
    row.used.bytes_written += used.bytes_written;
    for (const auto& [name, seconds] : used.by_thread) row.used.by_thread[name] += seconds;
    row.load_seconds += figures.processor;
}

// What the rounds of one bare loop came to.
struct BareRounds {
    BareLoop loop;
    std::vector<double> rates{};
    std::uint64_t changes = 0;

    void write(const std::vector<BareBatch>& batches, std::size_t batch, double most_seconds) {
        const auto begun = std::chrono::steady_clock::now();
        std::uint64_t written = 0;
        double seconds = 0;
        for (const BareBatch& one : batches) {
            loop.write(one);
            written += batch;
            seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
            if (seconds > most_seconds) break;
        }
        rates.push_back(static_cast<double>(written) / seconds);
        changes += written;
    }
    double rate() const { return Row::median(rates); }
    std::uint64_t bytes_each() const { return loop.bytes() / std::max<std::uint64_t>(1, changes); }
};

// --------------------------------------------------------------------------------------- measuring

class Bench {
public:
    explicit Bench(const Setup& setup) : setup_(setup) {}

    int run() {
        prepare();
        std::cout << setup_.machines << " machines; " << setup_.rounds << " rounds of "
                  << setup_.seconds << " s each, in turns; medians\n"
                  << "the operator is not connected: what follows from a change is on disk, due, "
                     "and not sent\n\n";
        BareRounds bare{BareLoop(folder("bare"), Connection::Mode::write_plainly)};
        BareRounds gathered{BareLoop(folder("gathered"), Connection::Mode::write)};
        {
            auto server = start();
            Requests requests(setup_, token());
            for (unsigned round = 0; round < setup_.rounds; ++round) {
                for (const std::size_t clients : setup_.clients) turn(*server, requests, clients);
                bare_turn(bare, 100 + round);
                bare_turn(gathered, 200 + round);
            }
            resident_ = server->usage().resident_bytes;
        }
        restart();
        return report(bare, gathered);
    }

private:
    std::string folder(const std::string& name) const { return setup_.folder + "/" + name; }

    void prepare() const {
        const std::string fleet = kept_fleet(setup_.folder, setup_.machines);
        for (const char* copy : {"served", "bare", "gathered"}) copy_fleet(fleet, folder(copy));
    }

    std::unique_ptr<ServerProcess> start() const {
        const std::string ready = folder("ready");
        return std::make_unique<ServerProcess>(
            setup_.program,
            std::vector<std::string>{"serve", "--data", folder("served"), "--listen", "127.0.0.1:0",
                                     "--listen-devices", "off", "--ready-file", ready},
            ready);
    }

    std::string token() const {
        std::string out = read_file(folder("served") + "/staff.key", 4096).value();
        while (!out.empty() && out.back() == '\n') out.pop_back();
        return out;
    }

    void turn(const ServerProcess& server, Requests& requests, std::size_t clients) {
        using Next = std::function<std::string()>;
        const std::pair<const char*, Next> kinds[] = {
            {"static", [] { return Requests::still(); }},
            {"change", [&requests] { return requests.change(); }},
            {"read", [&requests] { return requests.read(); }}};
        for (const auto& [kind, next] : kinds) {
            Load load{.port = server.port(), .connections = clients, .next = next};
            load.duration = std::chrono::milliseconds(std::int64_t(setup_.seconds * 1'000));
            load.warm_up = std::chrono::milliseconds(200);
            const Usage before = server.usage();
            const LoadFigures figures = bench::run(load);
            take(rows_[{clients, kind}], figures, server.usage() - before);
        }
    }

    void bare_turn(BareRounds& bare, std::uint64_t seed) const {
        const auto batches = record(setup_.machines, bare_batch,
                                    std::size_t(setup_.seconds * 100'000) / bare_batch, seed);
        bare.write(batches, bare_batch, setup_.seconds);
    }

    void restart() {
        for (int i = 0; i < 3; ++i) starts_.push_back(start()->started_in());
    }

    // ----------------------------------------------------------------------------------- reporting

    std::size_t most() const { return setup_.clients.back(); }
    const Row& row(std::size_t clients, const char* kind) { return rows_[{clients, kind}]; }

    void print_row(std::size_t clients, const char* kind) {
        const Row& one = row(clients, kind);
        std::cout << std::setw(8) << clients << "  " << std::left << std::setw(8) << kind
                  << std::right << std::fixed << std::setprecision(0) << std::setw(9) << one.rate()
                  << std::setprecision(2) << std::setw(10) << Row::median(one.p50) << std::setw(10)
                  << Row::median(one.p99) << std::setprecision(1) << std::setw(10)
                  << one.each_us(one.used.processor) << std::setprecision(0) << std::setw(10)
                  << double(one.used.bytes_written) /
                         double(std::max<std::uint64_t>(1, one.answers))
                  << std::setprecision(2) << std::setw(9)
                  << one.rate() / row(clients, "static").rate() << "\n";
        if (one.wrong > 0)
            std::cout << "          " << one.wrong
                      << " were refused or broken: " << one.first_wrong.substr(0, 200) << "\n";
    }

    void print_where_it_goes() {
        const Row& changes = row(most(), "change");
        std::cout << "where a change's processor time goes, us: the load itself "
                  << std::setprecision(1) << changes.each_us(changes.load_seconds);
        for (const auto& [name, seconds] : changes.used.by_thread)
            if (changes.each_us(seconds) >= 0.1)
                std::cout << ", " << (name == "msp" ? "msp's loop" : name) << " "
                          << changes.each_us(seconds);
        std::cout << "\n(a static answer: " << each(row(most(), "static"))
                  << " of the server; a read: " << each(row(most(), "read")) << ")\n";
    }
    static double each(const Row& of) { return of.each_us(of.used.processor); }

    static void print_bare(const char* what, const BareRounds& bare) {
        std::cout << "bare SQLite loop, the same rows in batches of " << bare_batch << ", " << what
                  << ": " << std::setprecision(0) << bare.rate() << " changes/s, "
                  << bare.bytes_each() << " bytes of log each\n";
    }

    std::uint64_t print_rows() {
        std::cout
            << " clients  request       /s    p50 ms    p99 ms   us each   B written of static\n";
        std::uint64_t wrong = 0;
        for (const std::size_t clients : setup_.clients)
            for (const char* kind : {"static", "change", "read"}) {
                print_row(clients, kind);
                wrong += row(clients, kind).wrong;
            }
        std::cout << "\n";
        return wrong;
    }

    int report(const BareRounds& bare, const BareRounds& gathered) {
        const std::uint64_t wrong = print_rows();
        print_bare("into files as SQLite has them", bare);
        print_bare("through the platform's gathered log", gathered);
        print_where_it_goes();
        const Row& changes = row(most(), "change");
        const double still = row(most(), "static").rate();
        std::cout << std::setprecision(2) << "durable changes at " << most()
                  << " clients: " << changes.rate() / still << " of the static answer, "
                  << changes.rate() / bare.rate() << " of the bare loop ("
                  << changes.rate() / gathered.rate() << " of the gathered one); p99 "
                  << Row::median(changes.p99) << " ms\n"
                  << "reads at " << most() << " clients: " << row(most(), "read").rate() / still
                  << " of the static answer\n"
                  << "restart with " << setup_.machines
                  << " machines: " << Row::median(starts_) * 1'000 << " ms median of "
                  << starts_.size() << "; resident under load " << double(resident_) / (1 << 20)
                  << " MiB\n"
                  << wrong << " answers refused or broken\n";
        return wrong == 0 ? 0 : 1;
    }

    const Setup& setup_;
    std::map<std::pair<std::size_t, std::string>, Row> rows_;
    std::vector<double> starts_;
    std::uint64_t resident_ = 0;
};

}  // namespace

}  // namespace msp::bench

int main(int count, char** words) {
    msp::bench::Setup setup;
    CLI::App app("Durable changes and reads through the HTTP interface, beside two references.");
    app.add_option("--msp", setup.program, "the program to measure");
    app.add_option("--folder", setup.folder, "where fleets are kept between runs");
    const auto* machines = app.add_option("--machines", setup.machines, "how many there are");
    const auto* seconds = app.add_option("--seconds", setup.seconds, "of each turn");
    const auto* rounds = app.add_option("--rounds", setup.rounds, "of all turns");
    app.add_option("--seed", setup.seed, "of the machines that are drawn");
    app.add_option("--clients", setup.clients, "how many at once, one count or several")
        ->delimiter(',');
    app.add_flag("--quick", setup.quick, "one short round of 100,000 machines, unless told else");
    CLI11_PARSE(app, count, words);
    if (setup.quick) {
        if (machines->count() == 0) setup.machines = 100'000;
        if (seconds->count() == 0) setup.seconds = 0.7;
        if (rounds->count() == 0) setup.rounds = 1;
    }
    return msp::bench::Bench(setup).run();
}
