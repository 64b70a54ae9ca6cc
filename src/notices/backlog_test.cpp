#include "notices/backlog.hpp"

#include "notices/retry_schedule.hpp"
#include "world/random.hpp"

#include <doctest/doctest.h>

#include <numeric>

using namespace msp;
using namespace std::chrono_literals;

namespace {

constexpr Time start{Duration(1'767'225'600'000)};

Notice notice(std::uint64_t number, std::uint64_t chain) {
    return {.number = number, .chain = ChainId{chain}, .id = std::to_string(number), .body = "{}"};
}

FeedPage page(std::vector<Notice> notices) {
    const std::uint64_t next = notices.empty() ? 0 : notices.back().number;
    return {.notices = std::move(notices), .next = next, .more = false};
}

std::vector<std::uint64_t> begin_all(Backlog& backlog, Time now) {
    std::vector<std::uint64_t> out;
    while (const auto sending = backlog.begin(now)) out.push_back(sending->number);
    return out;
}

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("ten attempts over 75 h 35 min and 5 s") {
    CHECK(retry_waits.size() == 10);
    CHECK(std::accumulate(retry_waits.begin(), retry_waits.end(), Duration(0)) == 75h + 35min + 5s);
    CHECK(retry_wait(1, 0) == 5s);
    CHECK(retry_wait(9, 0) == 24h);
    CHECK(retry_wait(9, 0.999) < Duration(24h) * 11 / 10);
}

TEST_CASE("the heads of all chains are sent at once, what is behind them waits") {
    Backlog backlog(0, {}, {});
    backlog.take(page({notice(1, 7), notice(2, 7), notice(3, 8), notice(4, 0), notice(5, 0)}));
    CHECK(begin_all(backlog, start) == Numbers{1, 3, 4, 5});  // of no chain: each for itself
    CHECK(backlog.delivered({7, 0}).state == DeliveryState::delivered);
    CHECK(begin_all(backlog, start) == Numbers{2});
}

TEST_CASE("no more are under way than may be, and one at a time where all fails") {
    Backlog backlog(0, {}, {.concurrency = 2});
    backlog.take(page({notice(1, 1), notice(2, 2), notice(3, 3), notice(4, 4)}));
    CHECK(begin_all(backlog, start) == Numbers{1, 2});
    backlog.failed({1, 0}, start, 0, {});
    CHECK(begin_all(backlog, start) == Numbers{3});
    backlog.failed({2, 0}, start, 0, {});
    CHECK(begin_all(backlog, start).empty());
    backlog.delivered({3, 0});
    CHECK(begin_all(backlog, start + 5s) == Numbers{4, 1});
}

TEST_CASE("the position is behind the first that is open, and passes a stuck lane by") {
    Backlog backlog(0, {}, {});
    backlog.take(page({notice(1, 1), notice(2, 2), notice(3, 3)}));
    CHECK(backlog.progress(start).position == 0);
    begin_all(backlog, start);
    backlog.delivered({2, 0});
    backlog.delivered({3, 0});
    CHECK(backlog.progress(start).position == 0);
    backlog.failed({1, 0}, start, 0, {});
    const Progress progress = backlog.progress(start);
    CHECK(progress.position == 3);
    CHECK(progress.stuck ==
          std::vector<StuckLane>{
              {.lane = {1, 0}, .head = 1, .attempts = 1, .since = start, .due = start + 5s}});
    CHECK(progress.free.empty());
    CHECK_FALSE(backlog.moved());

    CHECK(backlog.next_due() == start + 5s);
    CHECK(begin_all(backlog, start + 4'999ms).empty());
    CHECK(begin_all(backlog, start + 5s) == Numbers{1});
    backlog.delivered({1, 0});
    CHECK(backlog.progress(start).free == std::vector<LaneId>{{1, 0}});
}

TEST_CASE("an attempt that hangs makes its lane stuck, so that the position goes on") {
    Backlog backlog(0, {}, {.hangs_after = 1s});
    backlog.take(page({notice(1, 1), notice(2, 2)}));
    begin_all(backlog, start);
    backlog.delivered({2, 0});
    CHECK(backlog.progress(start + 1s).position == 0);
    const Progress progress = backlog.progress(start + 1'001ms);
    CHECK(progress.position == 2);
    REQUIRE(progress.stuck.size() == 1);
    CHECK(progress.stuck[0].head == 1);
    CHECK(progress.stuck[0].attempts == 0);
    backlog.delivered({1, 0});
    CHECK(backlog.progress(start + 2s).free.size() == 1);
}

TEST_CASE("what is stored of a stuck lane brings it back with all that waits behind its head") {
    const StuckLane row{.lane = {1, 0}, .head = 3, .attempts = 4, .since = start, .due = start};
    Backlog backlog(6, {row}, {});
    CHECK(backlog.read_after() == 3);
    CHECK(begin_all(backlog, start).empty());  // what is behind the head is not known yet
    backlog.take(page({notice(4, 2), notice(5, 1), notice(6, 2)}));
    backlog.take(page({notice(7, 1), notice(8, 2)}));
    CHECK(begin_all(backlog, start) == Numbers{8, 3});
    backlog.delivered({1, 0});
    CHECK(begin_all(backlog, start) == Numbers{5});
    backlog.delivered({1, 0});
    CHECK(begin_all(backlog, start) == Numbers{7});
}

TEST_CASE(
    "after the tenth failure the next of the chain has its turn, with a schedule of its own") {
    Backlog backlog(0, {}, {});
    backlog.take(page({notice(1, 1), notice(2, 1)}));
    Time now = start;
    for (int attempt = 1; attempt <= 10; ++attempt) {
        REQUIRE(begin_all(backlog, now) == Numbers{1});
        const SettledAs as = backlog.failed({1, 0}, now, 0, {});
        CHECK(as.state == (attempt < 10 ? DeliveryState::retrying : DeliveryState::dead));
        CHECK(as.due.has_value() == (attempt < 10));
        now = as.due.value_or(now);
    }
    CHECK(now - start == 75h + 35min + 5s);
    CHECK(begin_all(backlog, now) == Numbers{2});
    CHECK(backlog.failed({1, 0}, now, 0, {}).due == now + 5s);
}

TEST_CASE("a pause holds for all lanes, and is never longer than a day") {
    Backlog backlog(0, {}, {});
    backlog.take(page({notice(1, 1)}));
    begin_all(backlog, start);
    CHECK(backlog.failed({1, 0}, start, 0, 1min).due == start + 1min);
    backlog.take(page({notice(2, 2)}));
    CHECK(begin_all(backlog, start + 59s).empty());
    CHECK(backlog.next_due() == start + 1min);
    CHECK(begin_all(backlog, start + 1min) == Numbers{2, 1});
    CHECK(backlog.failed({2, 0}, start, 0, Duration(1h * 24 * 365)).due == start + 24h);
}

TEST_CASE("reading stops where too much is open, and where too much is stuck") {
    Backlog backlog(0, {}, {.concurrency = 4, .read_ahead = 3, .waiting_most = 2});
    CHECK(backlog.room() == 3);
    backlog.take(page({notice(1, 1), notice(2, 1), notice(3, 2)}));
    CHECK(backlog.room() == 0);
    begin_all(backlog, start);
    backlog.failed({1, 0}, start, 0, {});
    CHECK(backlog.room() == 0);
    backlog.delivered({2, 0});
    CHECK(backlog.room() == 0);
    begin_all(backlog, start + 5s);
    backlog.delivered({1, 0});
    CHECK(backlog.room() == 3);
}

TEST_CASE("a rewind keeps what is stuck before it and frees what is behind") {
    Backlog backlog(0, {}, {});
    backlog.take(page({notice(1, 1), notice(2, 2), notice(3, 3)}));
    begin_all(backlog, start);
    backlog.failed({1, 0}, start, 0, {});
    backlog.failed({3, 0}, start, 0, {});
    backlog.delivered({2, 0});
    const auto progress = backlog.rewind(2);
    REQUIRE(progress);
    CHECK(progress->position == 1);
    REQUIRE(progress->stuck.size() == 1);
    CHECK(progress->stuck[0].lane == LaneId{1, 0});
    CHECK(progress->free == std::vector<LaneId>{{3, 0}});
    CHECK(backlog.rewind(4)->position == 3);
    CHECK_FALSE(backlog.rewind(0));
    CHECK_FALSE(backlog.rewind(5));
}

namespace {

// Plays an endpoint through failures and ends of the process and checks what it promises.
struct Play {
    explicit Play(std::uint64_t seed) : random(seed) {
        for (std::uint64_t i = 0; i < 60; ++i) chains.push_back(random.below(5));
    }

    void restart() {
        std::vector<StuckLane> stored;
        for (const auto& [lane, row] : rows) stored.push_back(row);
        backlog.emplace(position, stored, BacklogLimits{.concurrency = 3, .read_ahead = 6});
        under_way.clear();
    }

    void save() {
        const Progress progress = backlog->progress(now);
        CHECK(progress.position >= position);
        position = progress.position;
        for (const StuckLane& row : progress.stuck) rows[row.lane] = row;
        for (const LaneId& lane : progress.free) rows.erase(lane);
        for (std::uint64_t number = 1; number <= position; ++number)
            if (!is_stuck(number)) for_good.insert(number);
    }

    bool is_stuck(std::uint64_t number) const {
        const auto row = rows.find(lane_of(notice(number, chains[number - 1])));
        return row != rows.end() && row->second.head <= number;
    }

    void read() {
        FeedPage page{.notices = {}, .next = backlog->read_after(), .more = false};
        for (std::size_t room = backlog->room(); room > 0 && page.next < chains.size(); --room) {
            ++page.next;
            page.notices.push_back(notice(page.next, chains[page.next - 1]));
        }
        backlog->take(page);
    }

    void arrive(std::uint64_t number) {
        const std::uint64_t chain = chains[number - 1];
        CHECK_MESSAGE(!for_good.contains(number), "what was stored as delivered came again");
        if (!arrived.insert(number).second) return;
        for (std::uint64_t earlier = 1; chain != 0 && earlier < number; ++earlier)
            if (chains[earlier - 1] == chain) CHECK(arrived.contains(earlier));
    }

    void finish_one(double failure) {
        if (under_way.empty()) return;
        const auto which = under_way.begin() + static_cast<long>(random.below(under_way.size()));
        const Sending sending = *which;
        under_way.erase(which);
        const bool lost = random.unit() < failure;
        if (!lost || random.below(2) == 0) arrive(sending.number);
        if (lost)
            backlog->failed(sending.lane, now, random.unit(), {});
        else
            backlog->delivered(sending.lane);
    }

    void step(double failure, std::uint64_t crashes_one_in) {
        now += Duration(random.below(3'000));
        read();
        while (const auto sending = backlog->begin(now)) under_way.push_back(*sending);
        finish_one(failure);
        if (random.below(4) == 0) save();
        if (crashes_one_in > 0 && random.below(crashes_one_in) == 0) restart();
    }

    SeededRandom random;
    std::vector<std::uint64_t> chains;  // of each number; 0: none
    Time now = start;
    std::uint64_t position = 0;
    std::map<LaneId, StuckLane> rows;
    std::optional<Backlog> backlog;
    std::vector<Sending> under_way;
    std::set<std::uint64_t> arrived;
    std::set<std::uint64_t> for_good;  // by what is stored
};

}  // namespace

TEST_CASE("whatever fails and whenever the process ends, all arrives in order per chain") {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        Play play(seed);
        play.restart();
        for (int i = 0; i < 250; ++i) play.step(0.3, 20);
        for (int i = 0; i < 400; ++i) {
            play.now += 1min;
            play.step(0, 0);
        }
        play.save();
        CHECK(play.arrived.size() == play.chains.size());
        CHECK(play.position == play.chains.size());
        CHECK(play.rows.empty());
    }
}
