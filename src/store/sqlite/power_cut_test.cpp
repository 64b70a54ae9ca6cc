// Power cuts, full disks and failed syncs under the real SQLite and the real engine.
#include "store/fleet_contract.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/sqlite_archive.hpp"
#include "store/sqlite/sqlite_engine.hpp"
#include "store/sqlite/torn_files_test.hpp"
#include "world/files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <utility>

using namespace msp;

namespace {

struct Counts {
    std::uint64_t cuts = 0;
    std::uint64_t full = 0;
    std::uint64_t failed_syncs = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t lost = 0;
    std::uint64_t unknown = 0;
    std::uint64_t unknown_in = 0;
    std::uint64_t sound = 0;  // integrity checks passed
};

constexpr std::uint64_t faults_of_a_disk = 20;  // then a new one
constexpr std::uint64_t batches_most = 200;

// One disk with one database and one writer, whose process ends with each fault.
class Life {
public:
    Life(const std::string& folder, std::uint64_t seed, Counts& counts)
        : folder_(folder), random_(seed), fleet_(seed + 1), counts_(counts) {
        torn::format(seed + 2);
        CAPTURE(seed);
        open();
    }

    void suffer() {
        const std::uint64_t dice = random_.below(10);
        const torn::Fault fault = dice < 8   ? torn::Fault::power_cut
                                  : dice < 9 ? torn::Fault::disk_full
                                             : torn::Fault::sync_fails;
        const bool in_log = random_.below(2) == 0;
        torn::plan(fault, random_.below(in_log ? 60 : 400),
                   in_log ? torn::Where::log : torn::Where::anywhere);
        for (std::uint64_t i = 0; i < batches_most && !torn::happened(); ++i)
            if (!write()) break;
        if (fault == torn::Fault::disk_full) return make_room();
        ++(fault == torn::Fault::power_cut ? counts_.cuts : counts_.failed_syncs);
        engine_.reset();
        torn::restore_power();
        open();
        recover();
    }

private:
    void open() {
        auto opened = SqliteEngine::open({.folder = folder_,
                                          .checkpoints_beside = false,
                                          .log_most_kib = 64,
                                          .log_idle_kib = 16});
        const bool open = bool(opened);
        INFO((open ? "" : opened.reason().what));
        REQUIRE(open);
        engine_ = std::move(opened).value();
    }

    // False: the process has to end.
    bool write() {
        before_ = model_;
        const Changes changes = draw_changes(fleet_, model_);
        const bool fits = before_.fits(changes);
        const Written written = engine_->write(changes);
        if (written == Written::committed) {
            ++counts_.acknowledged;
            CHECK(fits);
            model_.apply(changes);
            engine_->tidy(random_.below(2) == 0);
            return !torn::happened();
        }
        uncertain_ = written == Written::broken;
        pending_ = changes;
        if (!uncertain_) model_ = before_;
        CHECK((!fits || written != Written::stale));
        return written != Written::broken;
    }

    void make_room() {
        ++counts_.full;
        torn::free_room();
        engine_->tidy(true);
        uncertain_ = false;
        compare();
    }

    // What was acknowledged is there; what was not may be there, whole.
    void recover() {
        const auto standing = engine_->standing(0);
        REQUIRE(standing);
        const std::uint64_t acknowledged = uncertain_ ? before_.batch : model_.batch;
        CHECK(standing->last_batch >= acknowledged);
        counts_.lost += acknowledged - std::min(acknowledged, standing->last_batch);
        if (std::exchange(uncertain_, false)) {
            ++counts_.unknown;
            const bool in = standing->last_batch == pending_.batch.batch;
            model_ = before_;
            if (in) {
                ++counts_.unknown_in;
                model_.batch = pending_.batch.batch;
                model_.apply(pending_);
            }
        }
        if (!model_.chains().empty())
            CHECK(standing->largest_chain == model_.chains().rbegin()->first);
        CHECK(standing->due == model_.due());
        check_integrity();
        compare();
    }

    void check_integrity() {
        auto connection = open_for_reading(folder_);
        REQUIRE(connection);
        Statement check(**connection, "PRAGMA integrity_check");
        Rows rows = check.query();
        REQUIRE(rows.next());
        CHECK(rows.text(0) == "ok");
        counts_.sound += rows.text(0) == "ok";
    }

    void compare() {
        auto archive = SqliteArchive::open(folder_);
        REQUIRE(archive);
        (*archive)->begin();
        for (const auto& [id, stored] : model_.chains())
            CHECK((*archive)->chain(Name::of(id)) == *stored.chain);
        for (const auto& [name, kept] : model_.records())
            CHECK((*archive)->record(name) == kept.body);
        for (int number = 0; number < 5; ++number) {
            const auto party = PartyId::parse("party-" + std::to_string(number)).value();
            const auto feed = model_.feed(party);
            CHECK((*archive)->feed_head(party) == feed.size());
            const std::uint64_t after = feed.size() - std::min<std::size_t>(feed.size(), 20);
            const auto stored = (*archive)->feed(party, after, 20);
            REQUIRE(stored.size() == feed.size() - after);
            for (std::size_t i = 0; i < stored.size(); ++i)
                CHECK(stored[i].event == feed[after + i].event);
        }
        CHECK((*archive)->end());
    }

    const std::string folder_;
    SeededRandom random_;
    Fleet fleet_;
    Counts& counts_;
    Model model_;
    Model before_;
    Changes pending_;
    bool uncertain_ = false;
    std::unique_ptr<SqliteEngine> engine_;
};

void cut_power(std::uint64_t faults, std::uint64_t seed) {
    const std::string folder = (std::filesystem::temp_directory_path() / "msp-power-cuts").string();
    REQUIRE(make_folder(folder, 0700));
    Counts counts;
    for (std::uint64_t done = 0; done < faults; done += faults_of_a_disk) {
        Life life(folder, 1'000'000 * seed + 1'000 + done, counts);
        for (std::uint64_t i = 0; i < faults_of_a_disk; ++i) life.suffer();
    }
    std::filesystem::remove_all(folder);
    MESSAGE(counts.cuts << " power cuts, " << counts.failed_syncs << " failed syncs, "
                        << counts.full << " full disks; " << counts.acknowledged
                        << " batches acknowledged, " << counts.lost << " lost; " << counts.unknown
                        << " of unknown outcome, of these " << counts.unknown_in
                        << " were in; integrity ok " << counts.sound << " of "
                        << counts.cuts + counts.failed_syncs << "; " << torn::tally().writes_torn
                        << " writes torn");
    CHECK(counts.lost == 0);
    CHECK(counts.cuts > faults / 2);
    CHECK(counts.unknown > faults / 4);
    CHECK(counts.unknown_in > 0);
    CHECK(counts.unknown_in < counts.unknown);
    CHECK(torn::tally().writes_torn > 0);
}

}  // namespace

// Other lives with another --rand-seed: make power-cuts goes through many.
TEST_CASE("nothing acknowledged is lost over a thousand faults of the disk") {
    const std::uint64_t seed = doctest::getContextOptions()->rand_seed;
    CAPTURE(seed);
    cut_power(1'000, seed);
}

TEST_CASE("a sync that fails while nothing is asked breaks the store, and none is made after it") {
    const TemporaryFolder folder("msp-failed-sync");
    torn::format(7);
    auto opened = SqliteEngine::open({.folder = folder.path(), .checkpoints_beside = false});
    REQUIRE(opened);
    std::unique_ptr<SqliteEngine> engine = std::move(opened).value();
    Fleet fleet(7);
    Model model;
    while (engine->bytes_logged() < 8 * 1'024 * 1'024) {
        const Changes changes = draw_changes(fleet, model);
        if (engine->write(changes) == Written::committed) model.apply(changes);
    }
    torn::plan(torn::Fault::sync_fails, 0);
    CHECK(engine->tidy(true) == Tidied::broken);
    REQUIRE(torn::happened());
    CHECK_FALSE(engine->trouble().empty());
    const std::uint64_t syncs = torn::tally().syncs;
    CHECK(engine->tidy(false) == Tidied::broken);
    CHECK(engine->write(draw_changes(fleet, model)) == Written::broken);
    engine.reset();
    CHECK(torn::tally().syncs == syncs);
}
