// What the store costs: random status changes through the commit queue and SQLite, beside a bare
// SQLite loop that writes the same rows into the same tables, in turns, in one run.
//
//   msp_store_bench [chains [batch [seconds [folder]]]]
#include "domain/protocol.hpp"
#include "store/codec.hpp"
#include "store/commit_queue.hpp"
#include "store/drawn_contract.hpp"
#include "store/sqlite/checkpoints.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/sqlite_engine.hpp"
#include "world/files.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace msp {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint64_t number_base = 100'000'000;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of this thread: what a crowded machine does not change.
double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// The fleet is known by arithmetic: the n-th chain is drawn from seed n.
Chain nth_chain(std::uint64_t n) {
    SeededRandom random(n);
    return drawn::usual_chain(random, n);
}

Name some_name_of(std::uint64_t n, Random& random) {
    const std::string number = std::to_string(number_base + n);
    switch (random.below(3)) {
        case 0: return {Name::Kind::iccid, "", "8981100000" + number};
        case 1: return {Name::Kind::imsi, "op-east", "440101" + number};
        default: return {Name::Kind::device, "", "dev-" + number};
    }
}

// The customer switches its equipment service: a hold moves, the network is wanted otherwise.
Decision switch_over(const View& view, const Name& name, Time now) {
    const Chain& before = *view.chain(name);
    Chain after = before;
    const Actor actor{before.customer, "key 7f3k2m9q", {}};
    const bool off = !after.holds.lift_all(Holder::customer);
    if (off)
        after.holds.put({.holder = Holder::customer,
                         .code = "equipment-service",
                         .text = {},
                         .by = actor,
                         .since = now});
    after.equipment->wish = off ? Wish::de_active : Wish::active;
    follow_wanted(before, after, now, "0123456789abcdef");
    Decision out;
    out.events =
        tell(before, after, {.actor = actor, .operation = "0123456789abcdef", .at = now}, {});
    out.after.push_back(std::move(after));
    out.answer.changed = true;
    return out;
}

struct Measured {
    std::uint64_t changes = 0;
    double seconds = 0;
    double processor = 0;  // seconds of the writer's thread
    std::uint64_t bytes = 0;
};

class Load {
public:
    Load(std::uint64_t chains, std::size_t batch, std::uint64_t seed)
        : chains_(chains), batch_(batch), random_(seed) {}

    // One batch through the queue, behind which another waits; answers how many changes that were.
    std::size_t step(CommitQueue& queue, Waiting& waiting) {
        while (waiting_ < 2 * batch_) {
            ++waiting_;
            const Name name = some_name_of(1 + random_.below(chains_), random_);
            const Time now = time_ += Duration(1);
            Command command{.key = {}, .hints = {name}, .decide = [name, now](const View& view) {
                                return switch_over(view, name, now);
                            }};
            waiting.push({std::move(command), [](const auto&) {}, now});
        }
        while (queue.step() != CommitQueue::Stepped::finished) {
        }
        std::size_t done = 0;
        for (const auto& [tell, answer] : queue.finished().answers) {
            if (!answer || !answer->changed) std::abort();
            ++done;
        }
        waiting_ -= done;
        return done;
    }

private:
    std::uint64_t chains_;
    std::size_t batch_;
    std::size_t waiting_ = 0;
    SeededRandom random_;
    Time time_{Duration(1'780'000'000'000)};
};

// What a bare loop writes for one batch.
struct BareBatch {
    struct Row {
        std::uint64_t id;
        std::int64_t due;
        std::string customer, status, wanted, body, spare;
    };
    struct Feed {
        std::string party;
        std::uint64_t count;
    };
    std::vector<Row> rows;
    std::string page;
    std::vector<Feed> feeds;
    std::uint64_t events = 0;
};

// Answers loads from arithmetic and keeps what it is to write as bare rows.
class Recorder final : public Engine {
public:
    Result<Standing, Failure> standing(std::uint64_t) override { return Standing{}; }
    Result<Loaded, Failure> load(std::span<const Name> names) override {
        Loaded out;
        std::set<ChainId> chains;
        for (const Name& name : names) {
            const std::string number = name.value.substr(name.value.size() - 9);
            const ChainId id{std::stoull(number) - number_base};
            out.names.push_back({id, true, {}, 0});
            chains.insert(id);
        }
        for (const ChainId id : chains)
            out.chains.push_back(
                {std::make_shared<const Chain>(nth_chain(static_cast<std::uint64_t>(id))), 1, {}});
        return out;
    }
    Written write(const Changes& changes) override {
        BareBatch& batch = batches.emplace_back();
        PageChains chains;
        for (const ChainChange& change : changes.chains) {
            const Chain& after = *change.after;
            chains.emplace(after.id, PageChain{&after, encode(after), {}});
            batch.rows.push_back({static_cast<std::uint64_t>(after.id),
                                  after.exchange.due->time_since_epoch().count(),
                                  std::string(after.customer.text()),
                                  std::string(word(m2m_status(after))),
                                  std::string(word(wanted(after))),
                                  encode(after),
                                  {}});
            BareBatch::Row& row = batch.rows.back();
            const std::size_t size =
                15 + row.customer.size() + row.status.size() + row.wanted.size() + row.body.size();
            row.spare.resize(63 - (size + 63) % 64);
        }
        std::sort(batch.rows.begin(), batch.rows.end(),
                  [](const auto& a, const auto& b) { return a.id < b.id; });
        const auto feeds = feeds_of(changes.events);
        batch.page = write_page(changes.events, {EntryId{1'000'000}, changes.at}, feeds, chains);
        for (const PageFeed& feed : feeds)
            batch.feeds.push_back({std::string(feed.party.text()), feed.count});
        batch.events = changes.events.size();
        return Written::committed;
    }
    Landed resolve(const LaneBatch&) override { return Landed::in; }
    std::string trouble() const override { return {}; }
    void tidy(bool) override {}

    std::vector<BareBatch> batches;
};

// Says where the time of a queue goes.
class TimedEngine final : public Engine {
public:
    explicit TimedEngine(Engine& engine) : engine_(engine) {}

    Result<Standing, Failure> standing(std::uint64_t lane) override {
        return engine_.standing(lane);
    }
    Result<Loaded, Failure> load(std::span<const Name> names) override {
        return timed(loading, [&] { return engine_.load(names); });
    }
    Written write(const Changes& changes) override {
        return timed(writing, [&] { return engine_.write(changes); });
    }
    Landed resolve(const LaneBatch& batch) override { return engine_.resolve(batch); }
    std::string trouble() const override { return engine_.trouble(); }
    void tidy(bool nothing_waits) override {
        timed(tidying, [&] { return engine_.tidy(nothing_waits), 0; });
    }

    double loading = 0, writing = 0, tidying = 0;  // seconds

private:
    template <class Act>
    std::invoke_result_t<Act> timed(double& sum, Act act) {
        const double start = processor_seconds();
        auto out = act();
        sum += processor_seconds() - start;
        return out;
    }
    Engine& engine_;
};

std::vector<BareBatch> record(std::uint64_t chains, std::size_t batch, std::size_t batches,
                              std::uint64_t seed) {
    Recorder recorder;
    Waiting waiting(100'000, std::max<std::size_t>(batch, 4));
    CommitQueue queue(recorder, waiting, {});
    Load load(chains, batch, seed);
    while (recorder.batches.size() < batches) load.step(queue, waiting);
    return std::move(recorder.batches);
}

void must(bool good) {
    if (!good) {
        std::cerr << "the database refused\n";
        std::exit(1);
    }
}

// Prepared statements, sorted rows, one transaction for a batch; nothing is looked up or checked.
class BareLoop {
public:
    explicit BareLoop(const std::string& folder)
        : connection_(open_database(folder).value()),
          beside_(open_database(folder).value()),
          checkpoints_(*connection_, std::move(beside_), {131'072, 131'072}),
          chain_(*connection_,
                 "UPDATE chain SET version = version + 1, due_at = ?, due_operator = 'op-east',"
                 " newest_entry = ?, customer = ?, status = ?, wanted = ?, body = ?, spare = ? "
                 "WHERE id = ?"),
          page_(*connection_, "INSERT INTO history (place, events, at, body) VALUES (?, ?, ?, ?)"),
          feed_(*connection_,
                "INSERT INTO feed (party, first, count, history) VALUES (?, ?, ?, ?)"),
          lane_(*connection_, "INSERT OR REPLACE INTO lane (number, batch) VALUES (0, ?)") {
        sqlite3_wal_hook(connection_->handle(), &BareLoop::logged, this);
    }

    void write(const BareBatch& batch) {
        connection_->run("BEGIN IMMEDIATE");
        lane_.run(++batches_);
        page_.run(place_, batch.events, std::int64_t{1'780'000'000'000}, Blob{batch.page});
        for (const auto& [party, count] : batch.feeds) {
            std::uint64_t& head = heads_[party];
            feed_.run(party, head + 1, count, place_);
            head += count;
        }
        for (const BareBatch::Row& row : batch.rows)
            chain_.run(row.due, place_, row.customer, row.status, row.wanted, Blob{row.body},
                       Blob{row.spare}, row.id);
        place_ += batch.events;
        connection_->run("COMMIT");
        must(connection_->good());
        checkpoints_.look_after(frames_, false);
    }
    std::uint64_t bytes() const { return bytes_; }

private:
    static int logged(void* self, sqlite3*, const char*, int frames) {
        auto& loop = *static_cast<BareLoop*>(self);
        const auto now = static_cast<std::uint64_t>(frames);
        loop.bytes_ += (now - (now > loop.frames_ ? loop.frames_ : 0)) * 2'072;
        loop.frames_ = now;
        return SQLITE_OK;
    }

    std::unique_ptr<Connection> connection_, beside_;
    Checkpoints checkpoints_;
    Statement chain_, page_, feed_, lane_;
    std::unordered_map<std::string, std::uint64_t> heads_;
    std::uint64_t place_ = 1, batches_ = 0, frames_ = 0, bytes_ = 0;
};

// One step of every chain's life, in order: a version more, and the names that it brings.
void live_on(Engine& engine, std::uint64_t chains, std::uint64_t version, Chain (*stage)(Chain)) {
    std::uint64_t batch = engine.standing(0)->last_batch;
    for (std::uint64_t n = 1; n <= chains;) {
        Changes changes;
        changes.batch = {0, ++batch};
        for (; n <= chains && changes.chains.size() < 20'000; ++n) {
            changes.chains.push_back(
                {version, {}, std::make_shared<const Chain>(stage(nth_chain(n)))});
            const Chain& after = *changes.chains.back().after;
            for (Name& name : live_names(after)) {
                const bool of_card =
                    name.kind == Name::Kind::iccid || name.kind == Name::Kind::imsi;
                const bool of_device =
                    name.kind == Name::Kind::device || name.kind == Name::Kind::equipment;
                if ((version == 0 && of_card) || (version == 1 && of_device))
                    changes.names.push_back({std::move(name), ChainId{n}, true});
            }
        }
        must(engine.write(changes) == Written::committed);
        engine.tidy(false);
    }
}

// A fleet that has lived: registered as cards, bound, in service, and changed once since.
void fill(const std::string& folder, std::uint64_t chains) {
    auto engine = SqliteEngine::open({.folder = folder}).value();
    live_on(*engine, chains, 0, [](Chain card) {
        card.device.reset();
        card.equipment.reset();
        card.holds = {};
        card.observed = {};
        card.exchange = {};
        return card;
    });
    live_on(*engine, chains, 1, [](Chain chain) { return chain; });
    live_on(*engine, chains, 2, [](Chain chain) {
        const Chain before = chain;
        chain.holds.lift_all(Holder::m2m_sp);
        follow_wanted(before, chain, Time{Duration(1'779'000'000'000)}, "0123456789abcdef");
        return chain;
    });
}

struct Setup {
    std::uint64_t chains = 1'000'000;
    std::size_t batch = 256;
    double seconds = 2;
    std::string folder;
};

void report(const char* what, const Measured& measured) {
    const auto changes = static_cast<double>(measured.changes);
    std::cout << what << static_cast<std::uint64_t>(changes / measured.seconds) << " changes/s, "
              << measured.processor * 1e6 / changes << " us of processor and "
              << measured.bytes / std::max<std::uint64_t>(1, measured.changes)
              << " bytes of log each\n";
}

void measure(const Setup& setup, const std::string& queued_folder, const std::string& bare_folder) {
    const auto opening = Clock::now();
    auto engine = SqliteEngine::open({.folder = queued_folder}).value();
    const double opened = seconds_since(opening);
    const auto scan = Clock::now();
    const Standing standing = engine->standing(0).value();
    std::cout << "opened in " << opened * 1'000 << " ms, due work read in "
              << seconds_since(scan) * 1'000 << " ms (" << standing.due.size() << " due)\n";
    Waiting waiting(100'000, std::max<std::size_t>(setup.batch, 4));
    TimedEngine timed(*engine);
    CommitQueue queue(timed, waiting, {0, standing.last_batch});
    BareLoop bare(bare_folder);
    Load load(setup.chains, setup.batch, 7);
    Measured queued, plain;
    constexpr int rounds = 4;
    for (int round = 0; round < rounds; ++round) {
        const auto start = Clock::now();
        const double processor = processor_seconds();
        while (seconds_since(start) < setup.seconds) queued.changes += load.step(queue, waiting);
        queued.seconds += seconds_since(start);
        queued.processor += processor_seconds() - processor;
        const auto batches = record(setup.chains, setup.batch,
                                    static_cast<std::size_t>(setup.seconds * 100'000) / setup.batch,
                                    100 + static_cast<std::uint64_t>(round));
        const auto bare_start = Clock::now();
        const double bare_processor = processor_seconds();
        for (const BareBatch& batch : batches) {
            bare.write(batch);
            plain.changes += setup.batch;
            if (seconds_since(bare_start) > setup.seconds) break;
        }
        plain.seconds += seconds_since(bare_start);
        plain.processor += processor_seconds() - bare_processor;
    }
    queued.bytes = engine->bytes_logged();
    plain.bytes = bare.bytes();
    report("queue: ", queued);
    const auto each = [&](double seconds) {
        return seconds * 1e6 / static_cast<double>(queued.changes);
    };
    std::cout << "  of it load " << each(timed.loading) << " us, decide and the rest "
              << each(queued.processor - timed.loading - timed.writing - timed.tidying)
              << " us, write " << each(timed.writing) << " us, tidy " << each(timed.tidying)
              << " us\n";
    report("bare:  ", plain);
    const auto rate = [](const Measured& measured) {
        return static_cast<double>(measured.changes) / measured.seconds;
    };
    const auto thrift = [](const Measured& measured) {
        return static_cast<double>(measured.changes) / measured.processor;
    };
    std::cout << "queue beside bare: " << rate(queued) / rate(plain) << " of the rate, "
              << thrift(queued) / thrift(plain) << " by processor time; batch " << setup.batch
              << ", " << setup.chains << " chains\n";
}

}  // namespace

}  // namespace msp

int main(int count, char** words) {
    using namespace msp;
    Setup setup;
    if (count > 1) setup.chains = std::stoull(words[1]);
    if (count > 2) setup.batch = std::stoull(words[2]);
    if (count > 3) setup.seconds = std::stod(words[3]);
    const TemporaryFolder temporary("store_bench");
    setup.folder = count > 4 ? words[4] : temporary.path();
    const std::string fleet = setup.folder + "/fleet";
    if (!file_exists(database_path(fleet))) {
        must(static_cast<bool>(make_folder(fleet)));
        const auto start = Clock::now();
        fill(fleet, setup.chains);
        std::cout << setup.chains << " chains made in " << seconds_since(start) << " s, "
                  << std::filesystem::file_size(database_path(fleet)) / setup.chains
                  << " bytes each\n";
    }
    for (const char* copy : {"/queued", "/bare"}) {
        const std::string folder = setup.folder + copy;
        std::filesystem::remove_all(folder);
        must(static_cast<bool>(make_folder(folder)));
        std::filesystem::copy_file(database_path(fleet), database_path(folder));
    }
    measure(setup, setup.folder + "/queued", setup.folder + "/bare");
}
