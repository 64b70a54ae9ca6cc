#include "api/card_import.hpp"

#include "api/archive_view.hpp"
#include "api/batch_flows.hpp"
#include "api/batch_withdrawal.hpp"
#include "api/import_report.hpp"
#include "api/many_commands.hpp"
#include "operators/operator_settings.hpp"
#include "provisioning/register_cards.hpp"
#include "store/codec.hpp"
#include "store/flow_command.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace msp {

namespace {

constexpr std::size_t piece_rows = 500;
constexpr std::size_t piece_bytes = 64 * 1024;

// The rows of a file, read from its first byte on as often as wanted.
class Rows {
public:
    Rows(std::shared_ptr<const std::string> body, CheckDigit policy)
        : body_(std::move(body)), csv_(policy, body_->size()) {}

    CardCsv& csv() { return csv_; }

    // The next good rows, after looking at so many at most; bad ones are told to `rejected`.
    // Nothing, and `ended()`: that was all.
    template <class Rejected>
    std::vector<CardLine> next(Rejected rejected) {
        std::vector<CardLine> out;
        for (std::size_t looked_at = 0; looked_at < piece_rows && !ended_; ++looked_at) {
            auto line = next_line();
            if (!line)
                ended_ = true;
            else if (line->row)
                out.push_back(*std::move(line));
            else
                rejected(*line, line->row.reason());
        }
        return out;
    }
    bool ended() const { return ended_; }

private:
    std::optional<CardLine> next_line() {
        while (true) {
            if (auto line = csv_.next()) return line;
            if (csv_.fault() || fed_ > body_->size()) return std::nullopt;
            if (fed_ == body_->size()) {
                csv_.finish();
                ++fed_;
            } else {
                csv_.feed(std::string_view(*body_).substr(fed_, piece_bytes));
                fed_ = std::min(fed_ + piece_bytes, body_->size());
            }
        }
    }

    std::shared_ptr<const std::string> body_;
    CardCsv csv_;
    std::size_t fed_ = 0;  // one more than there is: the end was told
    bool ended_ = false;
};

std::vector<CardRow> card_rows(const std::vector<CardLine>& lines) {
    std::vector<CardRow> out;
    out.reserve(lines.size());
    for (const CardLine& line : lines) out.push_back(*line.row);
    return out;
}

// A check gives rows numbers that no chain has; they are never kept.
void number_for_check(std::vector<CardRow>& rows) {
    std::uint64_t number = ~std::uint64_t{0};
    for (CardRow& row : rows) row.fresh = ChainId{number--};
}

// What is known before the file is read.
struct Look {
    bool operator_known = false;
    std::optional<BatchRecord> batch;
    std::optional<StoredAnswer> answered;
    std::string fingerprint;
};

class Import : public std::enable_shared_from_this<Import> {
public:
    Import(const CallPtr& call, ImportAsked asked)
        : call_(call),
          desk_(call->desk().shared_from_this()),
          asked_(std::move(asked)),
          origin_(call->origin()),
          report_(desk_->options.rejected_rows_kept) {
        ++desk_->imports;
    }
    ~Import() {
        --desk_->imports;
        if (at_work_) desk_->batches_at_work.erase(asked_.batch);
    }
    Import(const Import&) = delete;
    Import& operator=(const Import&) = delete;

    void look();

private:
    void looked(const Look&);
    void read_from_start();
    std::vector<CardLine> next_lines();
    void check();
    void check(std::vector<CardLine>);
    void take(const std::vector<CardLine>&, const std::vector<ItemAnswer>&);
    void checked();
    void begin();
    void write();
    std::optional<Command> next_piece();
    void written(const Result<Done, Failure>&);
    void withdraw_again(std::function<void()> then);
    void end();
    void reject();
    void answer(std::string body, int status);
    RegisterCards command(std::vector<CardRow> rows, bool check_only) const;
    BatchRecord record(BatchRecord::State) const;

    CallPtr call_;
    const std::shared_ptr<Desk> desk_;
    ImportAsked asked_;
    Origin origin_;
    std::shared_ptr<const std::string> body_;
    std::optional<Rows> rows_;
    ImportReport report_;
    std::optional<ChainSpan> chains_;  // what this import has born
    std::vector<CardLine> piece_;      // is being written
    bool at_work_ = false;
    ChainId from_{};
};

// -------------------------------------------------------------------------------------------- look

void Import::look() {
    auto request = std::make_shared<HttpRequest>(call_->take_request());
    const auto key = call_->key_name();
    const PartyId party = call_->caller().party;
    read<Look>(
        call_,
        [request, key, party, asked = asked_](Archive& archive) {
            Look out;
            out.fingerprint = fingerprint(*request);
            out.operator_known = archive.record(settings_name(asked.at)).has_value();
            if (const auto body = archive.record(batch_name(asked.batch)))
                out.batch = decode_batch(*body);
            const auto answered =
                key.empty() ? std::nullopt
                            : archive.record({Name::Kind::answer, std::string(party.text()), key});
            if (!answered) return out;
            if (const auto stored = decode_answer(*answered)) out.answered = *stored;
            return out;
        },
        [self = shared_from_this(), request](const Look& found) {
            self->body_ = std::make_shared<const std::string>(std::move(request->body));
            self->looked(found);
        });
}

void Import::looked(const Look& found) {
    call_->fingerprinted(found.fingerprint);
    if (found.answered) {
        if (found.answered->fingerprint != found.fingerprint)
            return call_->refuse(RefusalCode::key_reused);
        Answer again = found.answered->answer;
        again.replayed = true;
        call_->note_replay(again);
        return answer(again.text, 201);
    }
    if (!found.operator_known)
        return call_->refuse(Refusal{RefusalCode::no_such_operator, {}, "?operator"});
    if (found.batch && found.batch->at != asked_.at)
        return call_->refuse(make_problem(409, "batch-of-another-operator",
                                          "A batch of this name holds cards of another operator.",
                                          "Give the batch another name."));
    if (desk_->batches_at_work.contains(asked_.batch))
        return call_->refuse(RefusalCode::batch_incomplete);
    if (!asked_.dry_run) at_work_ = desk_->batches_at_work.try_emplace(asked_.batch).second;
    read_from_start();
    check();
}

// ------------------------------------------------------------------------------------------- check

RegisterCards Import::command(std::vector<CardRow> rows, bool check_only) const {
    return {.at = asked_.at,
            .batch = asked_.batch,
            .rows = std::move(rows),
            .verify = asked_.verify,
            .check_only = check_only,
            .origin = origin_};
}

void Import::read_from_start() {
    rows_.emplace(body_, asked_.check_digits);
    report_ = ImportReport(desk_->options.rejected_rows_kept);
}

std::vector<CardLine> Import::next_lines() {
    return rows_->next([this](const CardLine& line, const CsvFault& fault) {
        report_.rejected(rows_->csv(), line, fault);
    });
}

void Import::check() {
    std::vector<CardLine> lines = next_lines();
    if (!lines.empty()) return check(std::move(lines));
    if (rows_->ended()) return checked();
    desk_->parts.loop.post([self = shared_from_this()] { self->check(); });
}

void Import::check(std::vector<CardLine> lines) {
    std::vector<CardRow> rows = card_rows(lines);
    number_for_check(rows);
    using Items = std::vector<ItemAnswer>;
    read<Items>(
        call_,
        [command = command(std::move(rows), true)](Archive& archive) {
            View view;
            return decide_over(view, archive, command).answer.items;
        },
        [self = shared_from_this(), lines = std::move(lines)](const Items& items) {
            self->take(lines, items);
            self->check();
        });
}

void Import::take(const std::vector<CardLine>& lines, const std::vector<ItemAnswer>& items) {
    for (std::size_t at = 0; at < lines.size() && at < items.size(); ++at) {
        const ItemAnswer& item = items[at];
        if (!item.refusal) {
            item.changed ? report_.registered() : report_.unchanged();
            continue;
        }
        const RefusalEntry& entry = entry_of(item.refusal->code);
        report_.rejected(rows_->csv(), lines[at],
                         {lines[at].line, "iccid", std::string(entry.word),
                          std::string(entry.sentence), std::string(entry.hint)});
    }
    if (at_work_) desk_->batches_at_work[asked_.batch] = report_.counts();
}

void Import::checked() {
    report_.warned(rows_->csv().warnings());
    if (rows_->csv().fault()) report_.rejected(*rows_->csv().fault());
    const bool rejected = rows_->csv().fault() || (!report_.flawless() && !asked_.skip_bad_rows);
    call_->note_change();  // no new card, and still the batch tells what came of its newest file
    if (asked_.dry_run)
        return answer(report_.json(asked_.batch, asked_.at, "checked"), rejected ? 422 : 200);
    if (rejected) return reject();
    begin();
}

// ------------------------------------------------------------------------------------------- write

void Import::begin() {
    from_ = desk_->parts.store.fresh_chain_id();
    call_->submit(flow_command(BeginBatch{asked_.batch, {from_, false}}, Urgency::bulk),
                  [self = shared_from_this()](const Answer& answer) {
                      if (answer.refusal) return self->call_->refuse(*answer.refusal);
                      self->read_from_start();
                      self->write();
                  });
}

std::optional<Command> Import::next_piece() {
    if (rows_->ended()) return std::nullopt;
    piece_ = next_lines();  // may be none: a command without rows gives others their turn
    std::vector<CardRow> rows = card_rows(piece_);
    for (CardRow& row : rows) row.fresh = desk_->parts.store.fresh_chain_id();
    if (!rows.empty()) chains_ = joined(chains_, {rows.front().fresh, rows.back().fresh});
    return flow_command(command(std::move(rows), false), Urgency::bulk);
}

void Import::write() {
    ManyCommands many;
    many.next = [self = shared_from_this()] { return self->next_piece(); };
    many.each = [self = shared_from_this()](const Answer& answer) {
        self->take(self->piece_, answer.items);
    };
    many.then = [self = shared_from_this()](const Result<Done, Failure>& done) {
        self->written(done);
    };
    many.at_once = 1;
    submit_many(desk_->parts.store, desk_->parts.loop, std::move(many));
}

void Import::written(const Result<Done, Failure>& done) {
    if (!done)
        return withdraw_again(
            [self = shared_from_this(), failure = done.reason()] { self->call_->fail(failure); });
    report_.warned(rows_->csv().warnings());
    if (report_.flawless() || asked_.skip_bad_rows) return end();
    withdraw_again([self = shared_from_this()] { self->reject(); });
}

// A failure here leaves the batch open: the next start goes on with it.
void Import::withdraw_again(std::function<void()> then) {
    withdraw(*desk_, desk_->parts.store, {asked_.batch, {from_, false}, origin_},
             [self = shared_from_this(),
              then = std::move(then)](const Result<WithdrawalEnd, Failure>&) { then(); });
}

// --------------------------------------------------------------------------------------------- end

BatchRecord Import::record(BatchRecord::State state) const {
    BatchRecord out{.at = asked_.at,
                    .state = state,
                    .newest = report_.counts(),
                    .cards = 0,
                    .chains = {},
                    .created = origin_.at,
                    .changed = origin_.at,
                    .by = std::string(origin_.actor.principal.view())};
    if (state == BatchRecord::State::rejected) {
        out.newest.registered = 0;
        return out;
    }
    out.cards = report_.counts().registered;
    if (out.cards > 0) out.chains = chains_;
    return out;
}

void Import::end() {
    std::string body = report_.json(asked_.batch, asked_.at, "registered");
    EndBatch command{.id = asked_.batch,
                     .how = EndBatch::How::registered,
                     .batch = record(BatchRecord::State::registered),
                     .rejected_rows = report_.rejected_rows(rows_->csv()),
                     .text = body};
    call_->submit(flow_command(std::move(command), Urgency::bulk, call_->key()),
                  [self = shared_from_this()](const Answer& answer) {
                      if (!answer.refusal) return self->answer(answer.text, 201);
                      self->withdraw_again(
                          [self, refusal = *answer.refusal] { self->call_->refuse(refusal); });
                  });
}

// What was not taken is kept for whoever mends it.
void Import::reject() {
    std::string body = report_.json(asked_.batch, asked_.at, "rejected");
    EndBatch command{.id = asked_.batch,
                     .how = EndBatch::How::rejected,
                     .batch = record(BatchRecord::State::rejected),
                     .rejected_rows = report_.rejected_rows(rows_->csv())};
    call_->submit(flow_command(std::move(command), Urgency::bulk),
                  [self = shared_from_this(), body = std::move(body)](const Answer&) {
                      self->answer(body, 422);
                  });
}

void Import::answer(std::string body, int status) {
    HttpResponse response = json_response(std::move(body), status);
    if (status == 201)
        response.headers.add("Location",
                             "/v1/card-batches/" + encoded_segment(asked_.batch.text()));
    call_->answer(std::move(response));
}

}  // namespace

void begin_import(const CallPtr& call, const ImportAsked& asked) {
    if (call->desk().imports >= call->desk().options.imports_most)
        return call->fail({Failure::Kind::overloaded, "too many imports at once"});
    std::make_shared<Import>(call, asked)->look();
}

}  // namespace msp
