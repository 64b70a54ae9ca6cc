#include "cast/operator_book.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace msp;
using namespace std::chrono_literals;

namespace {

using Order = BookedOrder::What;
using Status = BookedOrder::Status;
using State = SimulatedSubscription::State;
using Deed = OperatorBook::Deed;

const Time now{1'000'000ms};

struct Play {
    explicit Play(OperatorKind kind) {
        knobs.kind = kind;
        book.add("s", "imsi");
    }
    BookedOrder order(Order what, std::uint64_t generation, const std::string& reference = {}) {
        BookedOrder given{
            .subscription = "s",
            .reference = reference.empty() ? "r" + std::to_string(++orders) : reference,
            .what = what,
            .generation = generation};
        const auto booked = book.book(given, knobs);
        return booked.fresh ? book.execute(booked.order, knobs, refuses, now) : booked.order;
    }
    bool act(Deed deed) { return book.act(*book.find("s"), deed, "why", knobs, now); }
    SimulatedSubscription& one() { return *book.find("imsi"); }

    OperatorKnobs knobs;
    OperatorBook book;
    bool refuses = true;
    int orders = 0;
};

constexpr OperatorKind every_kind[] = {OperatorKind::fenced, OperatorKind::serial,
                                       OperatorKind::combined, OperatorKind::overwritten,
                                       OperatorKind::overwritten_combined};

}  // namespace

TEST_CASE("an order takes effect once and is on the journal with its reference") {
    for (const OperatorKind kind : every_kind) {
        Play play(kind);
        CHECK(play.order(Order::activate, 1).status == Status::done);
        CHECK(play.one().in_service());
        CHECK(play.one().session);
        CHECK(play.order(Order::de_activate, 2).status == Status::done);
        CHECK_FALSE(play.one().session);
        CHECK(play.order(Order::reclaim, 3).status == Status::done);
        CHECK(play.order(Order::activate, 4).code == "terminated");
        CHECK(play.order(Order::reclaim, 5).status == Status::done);
        REQUIRE(play.book.journal().size() == 4);
        CHECK(play.book.journal()[1].what == "de-activated");
        CHECK(play.book.journal()[1].order_reference == "r2");
        CHECK(play.book.journal()[2].state == State::terminated);
        CHECK(play.book.book({.subscription = "x", .reference = "r"}, play.knobs).order.code ==
              "no-such-subscription");
    }
}

TEST_CASE("only a fencing operator refuses an older generation, and takes the same again") {
    for (const OperatorKind kind : every_kind) {
        Play play(kind);
        CHECK(play.order(Order::activate, 5).status == Status::done);
        const BookedOrder older = play.order(Order::de_activate, 4);
        CHECK(older.status == (kind == OperatorKind::fenced ? Status::refused : Status::done));
        CHECK(play.order(Order::activate, 5).status == Status::done);
    }
    Play play(OperatorKind::fenced);
    const BookedOrder slow{.subscription = "s", .reference = "slow", .generation = 1};
    CHECK(play.book.book(slow, play.knobs).fresh);
    CHECK(play.order(Order::de_activate, 2).status == Status::done);
    CHECK(play.book.execute(slow, play.knobs, false, now).code == "stale-generation");
}

TEST_CASE("a reference is for one order; repeated it is done again or not, as the knob says") {
    for (const bool ignores : {true, false}) {
        Play play(OperatorKind::serial);
        play.knobs.ignores_repeated_reference = ignores;
        CHECK(play.order(Order::activate, 1, "r").status == Status::done);
        CHECK(play.order(Order::activate, 1, "r").status == Status::done);
        CHECK(play.book.journal().size() == (ignores ? 1 : 2));
        CHECK(play.order(Order::de_activate, 1, "r").code == "reference-reused");
        CHECK(play.order(Order::activate, 2, "r").code == "reference-reused");
    }
}

TEST_CASE("what an operator does under its own suspension is what its kind is about") {
    struct Row {
        OperatorKind kind;
        Status activate, de_activate, reclaim;
    };
    const Row rows[] = {
        {OperatorKind::fenced, Status::done, Status::done, Status::done},
        {OperatorKind::serial, Status::refused, Status::done, Status::refused},
        {OperatorKind::combined, Status::refused, Status::done, Status::refused},
        {OperatorKind::overwritten, Status::done, Status::done, Status::refused},
        {OperatorKind::overwritten_combined, Status::done, Status::done, Status::refused},
    };
    for (const Row& row : rows) {
        const auto outcome = [&row](Order what) {
            Play play(row.kind);
            CHECK(play.order(Order::activate, 1).status == Status::done);
            CHECK(play.act(Deed::suspend));
            CHECK_FALSE(play.act(Deed::suspend));
            CHECK_FALSE(play.one().in_service());
            const BookedOrder out = play.order(what, 2);
            if (out.status == Status::refused) CHECK(out.code == "suspended");
            return out.status;
        };
        CHECK(outcome(Order::activate) == row.activate);
        CHECK(outcome(Order::de_activate) == row.de_activate);
        CHECK(outcome(Order::reclaim) == row.reclaim);
    }
}

TEST_CASE("where one field holds all, an order lifts the suspension, elsewhere it stays") {
    for (const OperatorKind kind : every_kind) {
        Play play(kind);
        CHECK(play.order(Order::activate, 1).status == Status::done);
        CHECK(play.act(Deed::suspend));
        CHECK(play.order(Order::de_activate, 2).status == Status::done);
        const bool single =
            kind == OperatorKind::overwritten || kind == OperatorKind::overwritten_combined;
        CHECK(play.one().suspended == !single);
    }
}

TEST_CASE("each kind has its words for the same state") {
    Play play(OperatorKind::serial);
    CHECK(play.order(Order::activate, 1).status == Status::done);
    const auto words = [&play] {
        std::string out;
        for (const OperatorKind kind : every_kind)
            out += std::string(state_word(play.one(), kind)) + " ";
        return out;
    };
    CHECK(words() == "active active active active active ");
    CHECK(play.act(Deed::suspend));
    CHECK(words() == "active active inactive suspended inactive ");
    CHECK(play.act(Deed::terminate));
    CHECK(words() == "terminated terminated terminated terminated terminated ");
    CHECK_FALSE(play.act(Deed::resume));
}

TEST_CASE("an old database brings back old states, and the journal says so") {
    Play play(OperatorKind::serial);
    const OperatorBook old = play.book;
    CHECK(play.order(Order::activate, 1).status == Status::done);
    const std::uint64_t change = play.one().change;
    play.book.restore(old, now);
    CHECK(play.one().state == State::de_active);
    CHECK(play.one().change > change);
    CHECK(play.one().orders.empty());
    CHECK(play.book.journal().back().what == "restored");
    play.book.restore(old, now);
    CHECK(play.book.journal().size() == 2);
}

TEST_CASE("how a subscription stands is what its journal says") {
    for (const OperatorKind kind : every_kind) {
        Play play(kind);
        for (int i = 0; i < 50; ++i) {
            play.refuses = i % 3 == 0;
            play.order(i % 4 == 0 ? Order::de_activate : Order::activate,
                       static_cast<std::uint64_t>(i));
            play.act(i % 5 == 0 ? Deed::suspend : i % 7 == 0 ? Deed::resume : Deed::change);
            CHECK(play.book.journal().back().state == play.one().state);
            CHECK(play.book.journal().back().suspended == play.one().suspended);
            CHECK(play.book.journal().back().number == play.book.journal().size());
        }
    }
}
