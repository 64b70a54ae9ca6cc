#include "bench/bare_loop.hpp"

#include "bench/fleet.hpp"
#include "bench/hold_load.hpp"
#include "domain/status.hpp"
#include "store/codec.hpp"
#include "store/event_page.hpp"
#include "store/sqlite/database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <set>
#include <span>
#include <utility>

namespace msp::bench {

namespace {

// Answers loads from arithmetic and keeps what it is to write as bare rows.
class Recorder final : public Engine {
public:
    Result<Standing, Failure> standing(std::uint64_t) override { return Standing{}; }
    Result<Loaded, Failure> load(std::span<const Name> names) override {
        Loaded out;
        std::set<ChainId> chains;
        for (const Name& name : names) {
            const ChainId id{number_of(name)};
            out.names.push_back({id, true, {}, 0});
            chains.insert(id);
        }
        for (const ChainId id : chains) {
            std::shared_ptr<const Chain>& chain = chains_[id];
            if (!chain)
                chain = std::make_shared<const Chain>(nth_chain(static_cast<std::uint64_t>(id)));
            out.chains.push_back({chain, 1, {}});
        }
        return out;
    }
    Written write(const Changes& changes) override {
        BareBatch& batch = batches.emplace_back();
        PageChains chains;
        for (const ChainChange& change : changes.chains) {
            const Chain& after = *change.after;
            chains_[after.id] = change.after;
            chains.emplace(after.id, PageChain{&after, encode(after), {}});
            batch.rows.push_back(
                {static_cast<std::uint64_t>(after.id),
                 after.exchange.due ? after.exchange.due->time_since_epoch().count() : 0,
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
    Tidied tidy(bool) override { return Tidied::done; }

    std::vector<BareBatch> batches;

private:
    std::unordered_map<ChainId, std::shared_ptr<const Chain>> chains_;  // that were changed
};

}  // namespace

std::vector<BareBatch> record(std::uint64_t chains, std::size_t batch, std::size_t batches,
                              std::uint64_t seed) {
    Recorder recorder;
    Waiting waiting(100'000, std::max<std::size_t>(batch, 4));
    CommitQueue queue(recorder, waiting, {});
    HoldLoad load(chains, batch, seed);
    while (recorder.batches.size() < batches) load.step(queue, waiting);
    return std::move(recorder.batches);
}

// As database.cpp sets a connection up.
static std::unique_ptr<Connection> opened(const std::string& folder, Connection::Mode mode) {
    std::unique_ptr<Connection> out = Connection::open(database_path(folder), mode).value();
    for (const char* setting :
         {"synchronous = FULL", "wal_autocheckpoint = 0", "cache_size = -8192"})
        must(out->run(std::string("PRAGMA ") + setting));
    return out;
}

BareLoop::BareLoop(const std::string& folder, Connection::Mode mode)
    : connection_(opened(folder, mode)),
      beside_(opened(folder, mode)),
      checkpoints_(*connection_, std::move(beside_), {131'072, 131'072}),
      chain_(*connection_,
             "UPDATE chain SET version = version + 1, due_at = ?, due_operator = 'op-east',"
             " newest_entry = ?, customer = ?, status = ?, wanted = ?, body = ?, spare = ? "
             "WHERE id = ?"),
      page_(*connection_, "INSERT INTO history (place, events, at, body) VALUES (?, ?, ?, ?)"),
      feed_(*connection_, "INSERT INTO feed (party, first, count, history) VALUES (?, ?, ?, ?)"),
      lane_(*connection_, "INSERT OR REPLACE INTO lane (number, batch) VALUES (0, ?)") {
    sqlite3_wal_hook(connection_->handle(), &BareLoop::logged, this);
}

void BareLoop::write(const BareBatch& batch) {
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

int BareLoop::logged(void* self, sqlite3*, const char*, int frames) {
    auto& loop = *static_cast<BareLoop*>(self);
    const auto now = static_cast<std::uint64_t>(frames);
    loop.bytes_ += (now - (now > loop.frames_ ? loop.frames_ : 0)) * 2'072;
    loop.frames_ = now;
    return SQLITE_OK;
}

}  // namespace msp::bench
