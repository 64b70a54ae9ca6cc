// All that may be done to the rows of history behind the platform's back, drawn by seed: each must
// be found, and told where it is.
#include "store/fleet_contract.hpp"
#include "store/sealed_history.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/history_rows.hpp"
#include "store/sqlite/sqlite_engine.hpp"
#include "world/files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace msp;
using Kind = HistoryFault::Kind;

namespace {

// A row, held apart from the database.
struct Row {
    std::int64_t events = 0;
    std::int64_t at = 0;
    std::string body;
    std::string seal;
    friend bool operator==(const Row&, const Row&) = default;
};
using History = std::map<std::int64_t, Row>;  // by place

HistoryRow shown(const History::value_type& row) {
    return {row.first, row.second.events, row.second.at, row.second.body};
}

std::uint64_t lane_of_row(std::int64_t place) {
    return lane_of(EntryId{static_cast<std::uint64_t>(place)});
}

// -------------------------------------------------------------------------------- a real history

class WrittenHistory {
public:
    explicit WrittenHistory(std::uint64_t seed) : fleet_(seed) {}

    // By the engine, opened anew each time.
    void write(int commits, std::uint64_t lane) {
        auto engine = SqliteEngine::open({.folder = folder_.path(), .checkpoints_beside = false});
        REQUIRE(engine);
        while (commits > 0) {
            Changes changes = draw_changes(fleet_, model_);
            changes.records.clear();  // their versions know of one lane only
            if (changes.events.empty() || !model_.fits(changes)) continue;
            model_.apply(changes);
            changes.batch.lane = lane;
            REQUIRE((*engine)->write(changes) == Written::committed);
            --commits;
        }
    }

    // As an older version of this program left it.
    void forget_seals() const {
        const auto plain = connection();
        plain->run("ALTER TABLE history DROP COLUMN seal");
        plain->run("DROP TABLE unsealed");
        plain->run("PRAGMA user_version = 1");
        REQUIRE(plain->good());
    }

    std::unique_ptr<Connection> connection() const {
        auto opened =
            Connection::open(database_path(folder_.path()), Connection::Mode::write_plainly);
        REQUIRE(opened);
        return std::move(opened).value();
    }
    const std::string& folder() const { return folder_.path(); }

private:
    TemporaryFolder folder_{"tampering"};
    Fleet fleet_;
    Model model_;
};

History read_all(Connection& connection) {
    History out;
    Statement all(connection, "SELECT place, events, at, body, seal FROM history");
    for (Rows rows = all.query(); rows.next();)
        out[rows.number(0)] = {rows.number(1), rows.number(2), std::string(rows.blob(3)),
                               std::string(rows.blob(4))};
    REQUIRE(connection.good());
    return out;
}

void replace(Connection& connection, const History& before, const History& after) {
    Statement take_out(connection, "DELETE FROM history WHERE place = ?");
    Statement put_in(connection,
                     "INSERT INTO history (place, events, at, body, seal) VALUES (?, ?, ?, ?, ?)");
    const auto differs = [](const History& other, const History::value_type& row) {
        const auto at = other.find(row.first);
        return at == other.end() || at->second != row.second;
    };
    for (const auto& row : before)
        if (differs(after, row)) take_out.run(row.first);
    for (const auto& row : after)
        if (differs(before, row))
            put_in.run(row.first, row.second.events, row.second.at, Blob{row.second.body},
                       Blob{row.second.seal});
}

HistoryCheck checked(Connection& connection, const std::vector<LaneHead>& heads = {}) {
    auto begun = begin_history_check(connection, heads);
    REQUIRE(begun);
    HistoryCheck check = std::move(begun).value();
    REQUIRE(run_history_check(connection, check));
    return check;
}

// What is said of history had its rows become `after`; then they are as before again.
std::vector<HistoryFault> faults_as(Connection& connection, const History& before,
                                    const History& after, const std::vector<LaneHead>& heads = {}) {
    connection.run("BEGIN");
    replace(connection, before, after);
    REQUIRE(connection.good());
    const auto out = checked(connection, heads).faults();
    connection.rollback();
    return out;
}

// ------------------------------------------------------------------------------------- tampering

History::iterator any_row(History& rows, Random& random) {
    return std::next(rows.begin(), static_cast<std::ptrdiff_t>(random.below(rows.size())));
}

bool newest_of_lane(const History& rows, History::const_iterator row) {
    const auto next = std::next(row);
    return next == rows.end() || lane_of_row(next->first) != lane_of_row(row->first);
}

void flip_byte(std::string& bytes, Random& random) {
    char& byte = bytes[random.below(bytes.size())];
    byte = static_cast<char>(byte ^ static_cast<char>(1 + random.below(255)));
}

std::int64_t with_flipped_byte(std::int64_t number, Random& random) {
    const std::uint64_t flip = (1 + random.below(255)) << (8 * random.below(8));
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(number) ^ flip);
}

void flip(History& rows, Random& random) {
    const auto row = any_row(rows, random);
    switch (random.below(8)) {
        case 0: row->second.events = with_flipped_byte(row->second.events, random); break;
        case 1: row->second.at = with_flipped_byte(row->second.at, random); break;
        case 2: flip_byte(row->second.seal, random); break;
        case 3: {
            auto moved = rows.extract(row);
            moved.key() = with_flipped_byte(moved.key(), random);
            rows.insert(std::move(moved));
            break;
        }
        default: flip_byte(row->second.body, random);
    }
}

void change_body(History& rows, Random& random) {
    flip_byte(any_row(rows, random)->second.body, random);
}

void take_out(History& rows, Random& random) {
    const auto row = any_row(rows, random);
    if (!newest_of_lane(rows, row)) rows.erase(row);
}

void swap_rows(History& rows, Random& random) {
    Row& one = any_row(rows, random)->second;
    Row& other = any_row(rows, random)->second;
    switch (random.below(4)) {
        case 0: std::swap(one.body, other.body); break;
        case 1: std::swap(one.seal, other.seal); break;
        case 2: std::swap(one.at, other.at); break;
        default: std::swap(one, other);
    }
}

// A copy of a row, or a new one, at any place, also behind the last.
void put_in(History& rows, Random& random) {
    const auto near = any_row(rows, random);
    const std::int64_t place =
        near->first + static_cast<std::int64_t>(random.below(9)) * near->second.events - 4;
    Row row = any_row(rows, random)->second;
    if (random.below(2) == 0) row.body = random.token(1 + random.below(400));
    if (random.below(2) == 0) flip_byte(row.seal, random);
    rows.emplace(place, std::move(row));
}

using Tampering = void (*)(History&, Random&);

struct Trick {
    std::string_view name;
    Tampering play;
};
constexpr Trick tricks[] = {
    {"flip", flip}, {"take out", take_out}, {"swap", swap_rows}, {"put in", put_in}};

// Drawings that come to the same history again are no tampering.
History tampered(const History& rows, Tampering play, Random& random) {
    for (;;) {
        History out = rows;
        play(out, random);
        if (out != rows) return out;
    }
}

// The newest rows of a lane go, some or all.
void cut_short(History& rows, Random& random) {
    const auto from = any_row(rows, random);
    auto to = std::next(from);
    while (to != rows.end() && lane_of_row(to->first) == lane_of_row(from->first)) ++to;
    rows.erase(from, to);
}

// One row is changed, and all ties of its lane are made to fit, as the writer itself would.
void make_anew(History& rows, Random& random) {
    const auto changed = any_row(rows, random);
    flip_byte(changed->second.body, random);
    Digest tie = first_tie;
    for (auto& row : rows) {
        if (lane_of_row(row.first) != lane_of_row(changed->first)) continue;
        Seal seal = *decode_seal(row.second.seal);
        seal.tie = tie = sealed_tie(tie, shown(row), seal.salt);
        row.second.seal = encode(seal);
    }
}

}  // namespace

// ----------------------------------------------------------------------------------------- tests

TEST_CASE("a history that nobody touched has no fault, however often the platform was restarted") {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        WrittenHistory written(seed);
        for (int start = 0; start < 4; ++start) written.write(10, seed % 2);
        const auto heads = check_history(written.folder())->heads();
        REQUIRE(heads.size() == 1);
        written.write(10, 0);
        written.write(5, 7);
        const auto check = check_history(written.folder(), heads);
        REQUIRE(check);
        CHECK(check->faults().empty());
        CHECK(check->rows() == 55);
        CHECK(check->heads().size() == (seed % 2 == 0 ? 2 : 3));
    }
}

TEST_CASE("10,000 random tamperings are found, each of them") {
    WrittenHistory written(1);
    written.write(30, 0);
    written.write(15, 3);
    const auto connection = written.connection();
    const History rows = read_all(*connection);
    const auto heads = checked(*connection).heads();
    SeededRandom random(2);
    std::map<std::string_view, std::uint64_t> found;
    for (int i = 0; i < 8'000; ++i) {
        const Trick& trick = tricks[random.below(std::size(tricks))];
        const std::string_view name = trick.name;
        CAPTURE(i);
        CAPTURE(name);
        REQUIRE_FALSE(faults_as(*connection, rows, tampered(rows, trick.play, random)).empty());
        ++found[name];
    }
    for (int i = 0; i < 2'000; ++i) {
        CAPTURE(i);
        const bool cut = random.below(2) == 0;
        const History after = tampered(rows, cut ? cut_short : make_anew, random);
        REQUIRE(faults_as(*connection, rows, after).empty());
        const auto faults = faults_as(*connection, rows, after, heads);
        REQUIRE(faults.size() == 1);
        REQUIRE(faults[0].kind == (cut ? Kind::truncated : Kind::other));
        ++found[cut ? "cut short" : "make anew"];
    }
    CHECK(checked(*connection, heads).faults().empty());
    std::uint64_t all = 0;
    for (const auto& [name, times] : found) {
        CHECK(times > 900);
        all += times;
        MESSAGE(name << ": " << times << " of " << times << " found");
    }
    CHECK(all == 10'000);
}

TEST_CASE("it is told which row is wrong, and in what way") {
    WrittenHistory written(3);
    written.write(12, 0);
    const auto connection = written.connection();
    const History rows = read_all(*connection);
    const auto heads = checked(*connection).heads();
    const auto fifth = std::next(rows.begin(), 4);
    const auto sixth = std::next(fifth);
    History after = rows;
    const auto said = [&] { return faults_as(*connection, rows, std::exchange(after, rows)); };

    after[fifth->first].body[3] ^= 1;
    CHECK(said() == std::vector<HistoryFault>{{Kind::hash, fifth->first}});
    after.erase(fifth->first);
    CHECK(said() == std::vector<HistoryFault>{{Kind::gap, sixth->first}});
    after[fifth->first].seal.pop_back();
    CHECK(said() == std::vector<HistoryFault>{{Kind::seal, fifth->first}});
    std::swap(after[fifth->first].body, after[sixth->first].body);
    CHECK(said() ==
          std::vector<HistoryFault>{{Kind::hash, fifth->first}, {Kind::hash, sixth->first}});
    after[0] = fifth->second;
    CHECK(said() == std::vector<HistoryFault>{{Kind::order, 0}});
    after.erase(rows.rbegin()->first);
    CHECK(faults_as(*connection, rows, after, heads) ==
          std::vector<HistoryFault>{{Kind::truncated, rows.rbegin()->first}});
}

TEST_CASE("a head that was taken earlier stays true as history goes on") {
    WrittenHistory written(4);
    std::vector<std::vector<LaneHead>> heads;
    for (int i = 0; i < 5; ++i) {
        written.write(6, 0);
        heads.push_back(check_history(written.folder())->heads());
    }
    for (const auto& head : heads) CHECK(check_history(written.folder(), head)->faults().empty());
    auto wrong = heads[2];
    wrong[0].tie[0] ^= 1;
    const auto faults = check_history(written.folder(), wrong)->faults();
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].kind == Kind::other);
    CHECK(faults[0].place == static_cast<std::int64_t>(wrong[0].next) - 1);
}

TEST_CASE("rows from before seals are covered from the upgrade on") {
    WrittenHistory written(5);
    written.write(20, 0);
    written.write(5, 2);
    written.forget_seals();
    CHECK_FALSE(check_history(written.folder()));  // no version of ours
    written.write(10, 0);
    const auto connection = written.connection();
    const History rows = read_all(*connection);
    REQUIRE(std::count_if(rows.begin(), rows.end(),
                          [](const auto& row) { return row.second.seal.empty(); }) == 25);
    REQUIRE(checked(*connection).faults().empty());
    SeededRandom random(6);
    for (int i = 0; i < 500; ++i) {
        CAPTURE(i);
        const Tampering play = i % 2 == 0 ? take_out : change_body;
        REQUIRE_FALSE(faults_as(*connection, rows, tampered(rows, play, random)).empty());
    }
    History after = rows;
    after.begin()->second.body[5] ^= 1;
    const auto faults = faults_as(*connection, rows, after);
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].kind == Kind::old_rows);
}
