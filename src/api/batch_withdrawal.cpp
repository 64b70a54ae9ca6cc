#include "api/batch_withdrawal.hpp"

#include "api/archive_view.hpp"
#include "api/batch_flows.hpp"
#include "api/many_commands.hpp"
#include "domain/party.hpp"
#include "provisioning/register_cards.hpp"
#include "store/flow_command.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace msp {

namespace {

constexpr std::size_t piece = 500;
constexpr std::size_t looked_at_once = 10'000;

using Ended = std::function<void(Result<WithdrawalEnd, Failure>)>;

// What one look at the archive found.
struct Look {
    std::vector<ChainId> chains;
    std::optional<ChainId> next;
    bool in_use = false;
};

Look look(Archive& archive, const Withdrawal& what, ChainId after) {
    const auto matches = [&what](const Chain& chain) {
        return chain.card.batch == what.batch && !chain.withdrawn;
    };
    const ChainPage page =
        archive.chains({.after = after, .limit = looked_at_once, .matches = matches});
    Look out{.chains = {}, .next = page.next};
    for (const Chain& chain : page.chains) out.chains.push_back(chain.id);
    View view;
    const Decision decision =
        decide_over(view, archive, WithdrawCards{out.chains, true, what.origin});
    out.in_use = decision.answer.refusal.has_value();
    return out;
}

struct Run : std::enable_shared_from_this<Run> {
    Run(Desk& its_desk, Store& its_store, Withdrawal its_what, Ended its_done)
        : desk(its_desk), store(its_store), what(std::move(its_what)), done(std::move(its_done)) {}

    Desk& desk;
    Store& store;
    const Withdrawal what;
    const Ended done;
    std::vector<ChainId> chains;
    std::size_t next = 0;
    std::optional<Refusal> refusal;

    void look_on(ChainId after) {
        auto found = std::make_shared<Look>();
        desk.parts.reader.read(
            [found, what = what, after](Archive& archive) { *found = look(archive, what, after); },
            [self = shared_from_this(), found](const Result<Done, Failure>& outcome) {
                if (!outcome) return self->done(outcome.reason());
                self->looked(*found);
            });
    }

    void looked(const Look& found) {
        if (found.in_use) return end(EndBatch::How::withdrawn, RefusalCode::batch_in_use);
        chains.insert(chains.end(), found.chains.begin(), found.chains.end());
        if (found.next) return look_on(*found.next);
        write();
    }

    std::optional<Command> next_piece() {
        if (next == chains.size()) return std::nullopt;
        const std::size_t end = std::min(next + piece, chains.size());
        WithdrawCards command{.chains = {chains.begin() + static_cast<std::ptrdiff_t>(next),
                                         chains.begin() + static_cast<std::ptrdiff_t>(end)},
                              .origin = what.origin};
        next = end;
        return flow_command(std::move(command), Urgency::bulk);
    }

    void write() {
        ManyCommands many;
        many.next = [self = shared_from_this()] { return self->next_piece(); };
        many.each = [](const Answer&) {};
        many.then = [self = shared_from_this()](const Result<Done, Failure>& outcome) {
            if (!outcome) return self->done(outcome.reason());
            self->end(self->what.open.whole ? EndBatch::How::removed : EndBatch::How::withdrawn,
                      std::nullopt);
        };
        submit_many(store, desk.parts.loop, std::move(many));
    }

    void end(EndBatch::How how, std::optional<RefusalCode> why) {
        EndBatch command{.id = what.batch, .how = how};
        store.submit(flow_command(std::move(command), Urgency::bulk),
                     [self = shared_from_this(), why](const Result<Answer, Failure>& answer) {
                         if (!answer) return self->done(answer.reason());
                         WithdrawalEnd out;
                         if (why)
                             out.refusal = Refusal{*why, {}, {}};
                         else
                             out.cards = self->chains.size();
                         self->done(out);
                     });
    }
};

}  // namespace

void withdraw(Desk& desk, Store& store, const Withdrawal& what, Ended done) {
    const auto from = static_cast<std::uint64_t>(what.open.from);
    std::make_shared<Run>(desk, store, what, std::move(done))
        ->look_on(ChainId{from == 0 ? 0 : from - 1});
}

// ---------------------------------------------------------------------------------------- at start

static Origin at_start(const Desk& desk) {
    return {.actor = {m2m_sp(), Principal("platform"), {}},
            .cause = Cause::timer,
            .operation = OperationId("start"),
            .at = desk.parts.loop.now()};
}

static void withdraw_next(Desk& desk, const std::shared_ptr<std::vector<Withdrawal>>& left,
                          const std::function<void(Result<Done, Failure>)>& done) {
    if (left->empty()) return done(Done{});
    const Withdrawal what = left->back();
    left->pop_back();
    withdraw(desk, desk.parts.store, what,
             [&desk, left, done](const Result<WithdrawalEnd, Failure>& end) {
                 if (!end) return done(end.reason());
                 withdraw_next(desk, left, done);
             });
}

void withdraw_incomplete(Desk& desk, std::function<void(Result<Done, Failure>)> done) {
    constexpr std::size_t open_most = 1'000;
    auto left = std::make_shared<std::vector<Withdrawal>>();
    desk.parts.reader.read(
        [left, origin = at_start(desk)](Archive& archive) {
            for (const Record& record :
                 archive.records(Name::Kind::batch_open, "", "", open_most)) {
                const auto id = BatchId::parse(record.name.value);
                const auto open = decode_open_batch(record.body.value_or(""));
                if (id && open) left->push_back({*id, *open, origin});
            }
        },
        [&desk, left, done = std::move(done)](const Result<Done, Failure>& outcome) {
            if (!outcome) return done(outcome.reason());
            withdraw_next(desk, left, done);
        });
}

}  // namespace msp
