#include "operators/operator_link_contract.hpp"

#include "operators/stage_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <set>

namespace msp {

Errand LinkOnTrial::errand(Errand::Kind kind, Order order, std::uint64_t generation,
                           unsigned number) {
    const Subscription about = subscription(number);
    return {.kind = kind,
            .chain = ChainId{number},
            .subscription = about,
            .iccid = sample::iccid_of(about.at, number + 1),
            .order = order,
            .generation = generation,
            .reference = *OrderReference::of("order-" + std::to_string(++orders_))};
}

namespace {

using Trouble = LinkOnTrial::Trouble;
using Kind = Outcome::Kind;

class Trial {
public:
    explicit Trial(std::unique_ptr<LinkOnTrial> on_trial) : on_trial_(std::move(on_trial)) {}

    LinkOnTrial* operator->() { return on_trial_.get(); }

    // An order, made by somebody who looked how the subscription stands, where that matters.
    Errand order(Order what, std::uint64_t generation = 1, unsigned subscription = 1) {
        Errand out = on_trial_->errand(Errand::Kind::order, what, generation, subscription);
        if (!on_trial_->manners.looks_first) return out;
        if (const auto seen = ask(subscription)) out.native = seen->native;
        return out;
    }

    // The answer to the sending itself; the errand learns what the operator calls the order.
    Outcome send(Errand& errand) {
        Outcome out = one<Outcome>([&](auto done) { on_trial_->link().carry_out(errand, done); });
        errand.operator_reference = out.operator_reference;
        return out;
    }
    // The outcome; of an operator that accepts every order first, the one that it comes to.
    Outcome carry_out(Errand errand) {
        Outcome out = send(errand);
        if (!on_trial_->manners.always_accepts_first) return out;
        CHECK(out.kind != Kind::done);
        for (int i = 0; i < 10'000 && out.kind == Kind::accepted; ++i) out = poll(errand);
        return out;
    }
    Outcome poll(Errand errand) {
        errand.kind = Errand::Kind::poll;
        return one<Outcome>([&](auto done) { on_trial_->link().poll(errand, done); });
    }
    Result<Reading, Failure> ask(unsigned subscription = 1, Order wanted = Order::activate) {
        const Errand read = on_trial_->errand(Errand::Kind::read, wanted, 1, subscription);
        return one<Result<Reading, Failure>>([&](auto done) { on_trial_->link().ask(read, done); });
    }
    Result<ListPage, Failure> list(const std::string& after, std::size_t limit) {
        return one<Result<ListPage, Failure>>(
            [&](auto done) { on_trial_->link().list(after, limit, done); });
    }

private:
    // Exactly one answer, and not before the call has returned.
    template <class Answer, class Begin>
    Answer one(Begin begin) {
        std::optional<Answer> out;
        unsigned answers = 0;
        on_trial_->run(
            [&] {
                begin([&](Answer answer) {
                    out = std::move(answer);
                    ++answers;
                });
                CHECK(answers == 0);
            },
            [&] { return answers > 0; });
        REQUIRE(out);
        CHECK(answers == 1);
        return *out;
    }

    std::unique_ptr<LinkOnTrial> on_trial_;
};

void check_orders(const MakeLinkOnTrial& make, std::string_view kind) {
    Trial trial(make(kind));
    const Errand activate = trial.order(Order::activate, 1);
    CHECK(trial.carry_out(activate).kind == Kind::done);
    CHECK(trial->effects(activate) == 1);
    CHECK(trial.ask()->state == NetworkState::active);

    const Errand down = trial.order(Order::de_activate, 2);
    CHECK(trial.carry_out(down).kind == Kind::done);
    CHECK(trial.ask()->state == NetworkState::de_active);

    const Errand reclaim = trial.order(Order::reclaim, 3);
    CHECK(trial.carry_out(reclaim).kind == Kind::done);
    CHECK(trial.ask(1, Order::reclaim)->state == NetworkState::reclaimed);
    const Outcome after = trial.carry_out(trial.order(Order::activate, 4));
    CHECK(after.kind == Kind::refused);
    CHECK_FALSE(after.reason.empty());
    CHECK(trial.ask(2)->state == NetworkState::de_active);
}

void check_fence(const MakeLinkOnTrial& make, std::string_view kind) {
    Trial trial(make(kind));
    if (!trial->link().can().fences_by_generation) return;
    CHECK(trial.carry_out(trial.order(Order::de_activate, 8)).kind == Kind::done);
    const Errand late = trial.order(Order::activate, 7);
    CHECK(trial.carry_out(late).kind == Kind::refused);
    CHECK(trial->effects(late) == 0);
}

void check_suspension(const MakeLinkOnTrial& make, std::string_view kind) {
    Trial trial(make(kind));
    const StatusField field = trial->link().can().status_field;
    CHECK(trial.carry_out(trial.order(Order::activate, 1)).kind == Kind::done);
    trial->suspend(1, true);
    const Reading held = trial.ask().value();
    const bool shows_ours = field == StatusField::separate;
    CHECK(held.state == (shows_ours ? NetworkState::active : NetworkState::de_active));
    const bool tells = field == StatusField::separate || field == StatusField::overwritten;
    CHECK(held.suspended == tells);
    if (trial->link().can().tells_cause) CHECK_FALSE(held.cause.empty());
    const LinkOnTrial::Manners& manners = trial->manners;
    if (!trial->link().can().fences_by_generation && manners.refuses_while_suspended)
        CHECK(trial.carry_out(trial.order(Order::reclaim, 2)).kind ==
              (manners.names_suspension ? Kind::refused_suspended : Kind::refused));
    trial->suspend(1, false);
    CHECK_FALSE(trial.ask()->suspended);
    CHECK(trial.ask()->state == NetworkState::active);
}

void check_asynchronous(const MakeLinkOnTrial& make, std::string_view kind) {
    Trial trial(make(kind));
    if (!trial->manners.accepted_first) return;
    const Order slow = *trial->manners.accepted_first;
    if (slow != Order::activate)
        CHECK(trial.carry_out(trial.order(Order::activate)).kind == Kind::done);
    trial->play(Trouble::accepts_first);
    Errand order = trial.order(slow, 2);
    CHECK(trial.send(order).kind == Kind::accepted);
    CHECK(trial.poll(order).kind == Kind::accepted);
    const Reading meanwhile = trial.ask().value();
    const bool runs_on = slow == Order::de_activate && meanwhile.session == true;
    CHECK((meanwhile.changing || runs_on));
    Outcome outcome = trial.poll(order);
    for (int i = 0; i < 10'000 && outcome.kind == Kind::accepted; ++i) outcome = trial.poll(order);
    CHECK(outcome.kind == Kind::done);
    CHECK_FALSE(trial.ask()->changing);
    CHECK(trial->effects(order) == 1);
    Errand nobodys = trial.order(Order::activate, 9);
    nobodys.operator_reference = "no-such-request";
    CHECK(trial.poll(nobodys).kind == Kind::unknown);
}

}  // namespace

// Orders: what may have happened is unknown. Polls: nothing is news. Reads and lists: a failure.
void check_operator_trouble(const MakeLinkOnTrial& make, std::string_view kind) {
    struct Row {
        Trouble trouble;
        Kind order;
        unsigned effects;
        Failure::Kind read;
    };
    const Row rows[] = {
        {Trouble::loses_request, Kind::unknown, 0, Failure::Kind::unknown},
        {Trouble::loses_answer, Kind::unknown, 1, Failure::Kind::unknown},
        {Trouble::hangs, Kind::unknown, 1, Failure::Kind::unknown},
        {Trouble::breaks_down, Kind::unknown, 1, Failure::Kind::unknown},
        {Trouble::busy, Kind::busy, 0, Failure::Kind::overloaded},
        {Trouble::malformed, Kind::unknown, 1, Failure::Kind::malformed},
        {Trouble::truncated, Kind::unknown, 1, Failure::Kind::malformed},
        {Trouble::oversized, Kind::unknown, 1, Failure::Kind::unknown},
        {Trouble::down, Kind::not_sent, 0, Failure::Kind::unreachable},
    };
    for (const Row& row : rows) {
        CAPTURE(static_cast<int>(row.trouble));
        Trial trial(make(kind));
        if (row.trouble == Trouble::busy && !trial->manners.says_busy) continue;
        Errand order = trial.order(Order::activate);
        trial->play(row.trouble);
        const Outcome outcome = trial.send(order);
        CHECK(outcome.kind == row.order);
        CHECK_FALSE(outcome.reason.empty());
        CHECK(outcome.retry_after.has_value() == (row.trouble == Trouble::busy));
        const auto reading = trial.ask();
        REQUIRE_FALSE(reading);
        CHECK(reading.reason().kind == row.read);
        CHECK_FALSE(trial.list("", 10));
        CHECK(trial.poll(order).kind == Kind::accepted);
        trial->play(Trouble::none);
        for (int i = 0; i < 2'000 && trial->effects(order) < row.effects; ++i) (void)trial.ask();
        CHECK(trial->effects(order) == row.effects);
        const bool shows = row.effects > 0;
        CHECK(trial.ask()->state == (shows ? NetworkState::active : NetworkState::de_active));
    }
}

namespace {

void check_words(const MakeLinkOnTrial& make, std::string_view kind) {
    Trial trial(make(kind));
    trial->play(Trouble::unknown_word);
    const auto reading = trial.ask();
    REQUIRE(reading);
    CHECK(reading->state == NetworkState::unknown);
    CHECK_FALSE(reading->native.empty());
    trial->play(Trouble::none);
    if (trial->manners.tells_absent_from_reclaimed) CHECK_FALSE(trial.ask(0));
    const Outcome nobody = trial.carry_out(trial.order(Order::activate, 1, 0));
    CHECK(nobody.kind == Kind::refused);
}

void check_list(const MakeLinkOnTrial& make, std::string_view kind) {
    Trial trial(make(kind));
    if (!trial->link().can().lists_in_bulk) return;
    CHECK(trial.carry_out(trial.order(Order::activate, 1, 2)).kind == Kind::done);
    std::set<std::string> listed;
    std::string after;
    unsigned active = 0;
    for (int pages = 0; pages < 3; ++pages) {
        const auto page = trial.list(after, 1);
        REQUIRE(page);
        REQUIRE(page->entries.size() == 1);
        const ListEntry& entry = page->entries[0];
        REQUIRE((entry.imsi || !entry.reference.empty()));
        listed.insert(std::string(entry.imsi ? entry.imsi->text() : entry.reference.view()));
        active += page->entries[0].reading.state == NetworkState::active;
        CHECK(page->next.has_value() == (pages < 2));
        after = page->next.value_or("");
    }
    CHECK(listed.size() == 3);
    CHECK(active == 1);
    CHECK(trial.list("", 10)->entries.size() == 3);
}

void check_reports(const MakeLinkOnTrial& make, std::string_view kind) {
    Trial trial(make(kind));
    const HttpRequest report = trial->report();
    if (!trial->link().can().notifies) {
        CHECK(trial->link().parse_event(report).reason().kind == EventFault::Kind::forged);
        return;
    }
    const auto event = trial->link().parse_event(report);
    REQUIRE(event);
    const Errand about = trial.order(Order::activate);
    CHECK(event->reference == about.subscription.reference);
    CHECK_FALSE(event->order);
    CHECK(trial->link().parse_event(report)->id == event->id);
    const bool all_of_it = trial->manners.signs_reports;
    const std::size_t begin = all_of_it ? 0 : report.body.find("whsec_");
    REQUIRE(begin != std::string::npos);
    const std::size_t end = all_of_it ? report.body.size() : report.body.find('"', begin);
    for (std::size_t i = 0; i < report.body.size(); i += all_of_it ? 7 : 1) {
        HttpRequest changed = report;
        changed.body[i] = static_cast<char>(changed.body[i] ^ 1);
        const auto heard = trial->link().parse_event(changed);
        if (i < begin || i >= end) {
            CHECK((!heard || !heard->order));
            continue;
        }
        REQUIRE_FALSE(heard);
        CHECK(heard.reason().kind == EventFault::Kind::forged);
    }
    HttpRequest bare;
    bare.body = all_of_it ? report.body : "{}";
    CHECK(trial->link().parse_event(bare).reason().kind == EventFault::Kind::forged);
}

}  // namespace

void check_operator_link(const MakeLinkOnTrial& make, std::string_view kind) {
    CAPTURE(kind);
    check_orders(make, kind);
    check_fence(make, kind);
    check_suspension(make, kind);
    check_asynchronous(make, kind);
    check_words(make, kind);
    check_list(make, kind);
    check_reports(make, kind);
}

void check_operator_link(const MakeLinkOnTrial& make) {
    for (const char* kind : {"fenced", "serial", "combined", "overwritten", "overwritten-combined"})
        check_operator_link(make, kind);
    check_operator_trouble(make, "serial");
}

}  // namespace msp
