#include "operators/breaker.hpp"
#include "operators/due_work.hpp"
#include "world/random.hpp"
#include "world/send_rate.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <deque>
#include <string>

using namespace msp;
using namespace std::chrono_literals;

TEST_CASE("in no span of time more is spent than its rate allows, whenever it was begun") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SeededRandom random(seed);
        CAPTURE(seed);
        const auto burst = static_cast<unsigned>(random.below(8) + 1);
        const std::int64_t per_second = 1 << random.below(8);
        SendRate rate(static_cast<double>(per_second), burst);
        Monotonic now{};
        std::deque<Monotonic> spent;
        unsigned begun = 0;
        for (int i = 0; i < 20'000; ++i) {
            now += Monotonic(static_cast<std::int64_t>(random.below(40'000'000)));
            if (rate.may_begin(now) && random.below(2) == 0) {
                rate.begin();
                ++begun;
            }
            if (begun > 0 && random.below(3) == 0) {
                --begun;
                if (random.below(5) == 0) {
                    rate.give_back();
                } else {
                    rate.spend(now);
                    spent.push_back(now);
                }
            }
        }
        const Monotonic interval = Monotonic(1s) / per_second;
        bool kept = true;
        for (std::size_t first = 0; first < spent.size(); ++first)
            for (std::size_t last = first + burst; last < spent.size() && last < first + 300;
                 ++last) {
                const auto beyond = static_cast<std::int64_t>(last - first + 1 - burst);
                kept &= spent[last] - spent[first] >= interval * beyond - 1us;
            }
        CHECK(kept);
        CHECK(spent.size() > 300);
    }
}

TEST_CASE("a rate is used in full, and rests when it is asked to") {
    SendRate rate(10, 2);
    Monotonic now{};
    int spent = 0;
    for (; now < 10s; now += 1ms)
        if (rate.may_begin(now)) {
            rate.begin();
            rate.spend(now);
            ++spent;
        }
    CHECK(spent == 101);
    rate.hold_until(now + 5s);
    CHECK_FALSE(rate.may_begin(now + 4s));
    CHECK(rate.next() == now + 5s);
    CHECK(rate.may_begin(now + 5s));
    rate.begin();
    rate.begin();
    CHECK(rate.next() == Monotonic::max());
    rate.give_back();
    CHECK(rate.next() < Monotonic::max());
}

TEST_CASE("the breaker opens after failures in a row, probes one at a time, and closes again") {
    Breaker breaker({.failures = 3, .open_least = 1s, .open_most = 5s});
    Monotonic now{};
    breaker.failed(now);
    breaker.failed(now);
    breaker.answered();
    breaker.failed(now);
    breaker.failed(now);
    CHECK(breaker.state(now) == Breaker::State::closed);
    breaker.failed(now);
    for (const Duration open : {1s, 2s, 4s, 5s, 5s}) {
        CHECK(breaker.state(now) == Breaker::State::open);
        CHECK(breaker.conversations(now) == 0);
        breaker.failed(now);  // of what was under way: it does not count again
        CHECK(breaker.open_until() == now + open);
        now += open;
        CHECK(breaker.state(now) == Breaker::State::half_open);
        CHECK(breaker.conversations(now) == 1);
        breaker.failed(now);
    }
    now = breaker.open_until();
    breaker.answered();
    CHECK(breaker.state(now) == Breaker::State::closed);
    for (int i = 0; i < 3; ++i) breaker.failed(now);
    CHECK(breaker.open_until() == now + 1s);
}

static Chain due_chain(std::uint64_t number, std::optional<Time> due) {
    const OperatorId at = OperatorId::parse("east").value();
    const PartyId party = PartyId::parse("m2m-sp").value();
    Chain out{.id = ChainId{number},
              .card = {Iccid::parse("8944500000000000016", CheckDigit::warn).value(),
                       {},
                       BatchId::parse("b").value()},
              .subscription = {at, Imsi::parse("262070000000001").value(), {}, {}, {}},
              .holder = party,
              .customer = party,
              .device = {},
              .equipment = {},
              .holds = {},
              .until = {},
              .observed = {},
              .exchange = {},
              .revisions = {}};
    out.exchange.due = due;
    return out;
}

TEST_CASE("urgent work goes first and bulk keeps a fourth") {
    DueWork work;
    const Time now{1'000'000ms};
    for (std::uint64_t i = 0; i < 40; ++i) {
        work.note(due_chain(100 + i, now), Urgency::bulk);
        work.note(due_chain(200 + i, now), Urgency::urgent);
    }
    std::string order;
    for (int i = 0; i < 12; ++i) order += work.take_talk(now)->urgency == Urgency::bulk ? 'b' : 'u';
    CHECK(order == "uuubuuubuuub");
    for (int i = 0; i < 68; ++i) CHECK(work.take_talk(now));
    CHECK_FALSE(work.take_talk(now));
    CHECK(work.size() == 0);
}

TEST_CASE("bulk does not save up for later what it did not ask for") {
    DueWork work;
    const Time now{1'000'000ms};
    for (std::uint64_t i = 0; i < 10; ++i) work.note(due_chain(i + 1, now), Urgency::urgent);
    for (int i = 0; i < 5; ++i) CHECK(work.take_talk(now)->urgency == Urgency::urgent);
    work.note(due_chain(100, now), Urgency::bulk);
    CHECK(work.take_talk(now)->urgency == Urgency::urgent);
}

TEST_CASE("a chain is due once, at its newest time, and leaves when nothing is due") {
    DueWork work;
    const Time now{1'000'000ms};
    work.note(due_chain(1, now), Urgency::urgent);
    work.note(due_chain(1, now + 5s), Urgency::bulk);
    CHECK(work.size() == 1);
    CHECK_FALSE(work.take_talk(now));
    CHECK(work.next_talk() == now + 5s);
    CHECK(work.knows(ChainId{1}));
    work.note(due_chain(1, std::nullopt), Urgency::urgent);
    CHECK_FALSE(work.knows(ChainId{1}));
    CHECK_FALSE(work.next_talk());
}

TEST_CASE("the end of a test comes by itself, unless its chain was talked about meanwhile") {
    DueWork work;
    const Time now{1'000'000ms};
    Chain testing = due_chain(1, now + 1h);
    testing.until = now + 1h;
    work.note(testing, Urgency::urgent);
    CHECK(work.next_test_end() == now + 1h);
    CHECK_FALSE(work.take_test_end(now));
    CHECK(work.take_test_end(now + 1h) == ChainId{1});
    CHECK(work.take_talk(now + 1h)->chain == ChainId{1});

    work.note(ChainId{2}, now);  // from the list at start: it may be the end of a test
    CHECK(work.next_test_end() > now);
    CHECK(work.take_talk(now)->chain == ChainId{2});
    CHECK_FALSE(work.next_test_end());
}
