// Card batches: importing a file, looking at what came of it, issuing, withdrawing.

#include "access/json.hpp"
#include "api/batch_flows.hpp"
#include "api/batch_withdrawal.hpp"
#include "api/card_import.hpp"
#include "api/chain_list.hpp"
#include "api/handlers.hpp"
#include "api/item_answers.hpp"
#include "api/query_reader.hpp"
#include "provisioning/issue_cards.hpp"
#include "store/flow_command.hpp"

namespace msp {

// ------------------------------------------------------------------------------------------ import

void import_cards(const CallPtr& call) {
    const std::string_view type = call->request().headers.find("Content-Type").value_or("");
    if (!equal_without_case(type.substr(0, type.find(';')), "text/csv"))
        return call->refuse(make_problem(415, "not-csv", "The body is not announced as CSV.",
                                         "Send the file with Content-Type: text/csv."));
    QueryReader query(call->query());
    (void)query.required("operator");
    (void)query.required("batch");
    const auto at = query.identifier<OperatorId>("operator");
    const auto batch = query.identifier<BatchId>("batch");
    const auto on_error = query.one_of("on_error", {"reject", "skip"});
    const auto dry_run = query.flag("dry_run");
    const auto verify = query.flag("verify");
    const auto check_digits = query.one_of("check_digits", {"strict", "warn"});
    if (auto problem = query.problem()) return call->refuse(*std::move(problem));
    begin_import(call,
                 {.at = *at,
                  .batch = *batch,
                  .skip_bad_rows = on_error == "skip",
                  .dry_run = call->previews() || dry_run.value_or(false),
                  .verify = verify.value_or(false),
                  .check_digits = check_digits == "warn" ? CheckDigit::warn : CheckDigit::strict});
}

// ----------------------------------------------------------------------------------------- looking

namespace {

std::string rejected_rows_link(const BatchId& id) {
    return "/v1/card-batches/" + encoded_segment(id.text()) + "/rejected-rows";
}

std::string batch_json(Archive& archive, const BatchId& id, const BatchRecord& batch) {
    const bool open = archive.record(open_batch_name(id)).has_value();
    const bool rejected = archive.record(rejected_rows_name(id)).has_value();
    std::string out;
    JsonWriter json(out);
    json.open_object()
        .member("batch", id)
        .member("operator", batch.at)
        .member("state", word(batch.state))
        .member("open", open)
        .member("cards", batch.cards)
        .member("rows", batch.newest.rows)
        .member("registered", batch.newest.registered)
        .member("unchanged", batch.newest.unchanged)
        .member("rejected", batch.newest.rejected)
        .member("rejected_rows", rejected ? std::optional(rejected_rows_link(id)) : std::nullopt)
        .member("created", batch.created)
        .member("changed", batch.changed)
        .member("by", batch.by)
        .close_object();
    return out;
}

// A batch that is being registered right now, with what was done so far.
std::string batch_at_work(const BatchId& id, const BatchCounts& counts) {
    std::string out;
    JsonWriter json(out);
    json.open_object()
        .member("batch", id)
        .member("state", "at-work")
        .member("open", true)
        .member("rows", counts.rows)
        .member("registered", counts.registered)
        .member("unchanged", counts.unchanged)
        .member("rejected", counts.rejected)
        .close_object();
    return out;
}

}  // namespace

void list_batches(const CallPtr& call) {
    const auto page = page_asked(*call);
    if (!page) return call->refuse(page.reason());
    answer_read(call, [page = *page](Archive& archive) -> Rendered {
        std::vector<std::string> items;
        std::optional<std::string> next;
        std::string last;
        for (const Record& record :
             archive.records(Name::Kind::batch, "", page.place, page.limit + 1)) {
            if (items.size() == page.limit) {
                next = last;
                break;
            }
            last = record.name.value;
            const auto id = BatchId::parse(record.name.value);
            const auto batch = decode_batch(record.body.value_or(""));
            if (id && batch) items.push_back(batch_json(archive, *id, *batch));
        }
        return json_response(list_body(items, next, page));
    });
}

void get_batch(const CallPtr& call) {
    const auto id = call->identifier<BatchId>("batch");
    if (!id) return call->refuse(id.reason());
    const auto& at_work = call->desk().batches_at_work;
    if (const auto found = at_work.find(*id); found != at_work.end())
        return call->answer(json_response(batch_at_work(*id, found->second)));
    answer_read(call, [id = *id](Archive& archive) -> Rendered {
        const auto batch = decode_batch(archive.record(batch_name(id)).value_or(""));
        if (!batch) return Refusal{RefusalCode::no_such_batch, {}, {}};
        return json_response(batch_json(archive, id, *batch));
    });
}

void get_rejected_rows(const CallPtr& call) {
    const auto id = call->identifier<BatchId>("batch");
    if (!id) return call->refuse(id.reason());
    answer_read(call, [id = *id](Archive& archive) -> Rendered {
        if (!archive.record(batch_name(id))) return Refusal{RefusalCode::no_such_batch, {}, {}};
        HttpResponse out;
        out.headers.add("Content-Type", "text/csv");
        out.headers.add("Content-Disposition", "attachment; filename=\"rejected-rows.csv\"");
        out.headers.add("Cache-Control", "no-store");
        out.body = archive.record(rejected_rows_name(id)).value_or("");
        return out;
    });
}

// ------------------------------------------------------------------------------------- withdrawing

static void withdrawn(const CallPtr& call, const BatchId& id,
                      const Result<WithdrawalEnd, Failure>& end) {
    if (!call->previews()) call->desk().batches_at_work.erase(id);
    if (!end) return call->fail(end.reason());
    if (end->refusal) return call->refuse(*end->refusal);
    std::string body;
    JsonWriter(body)
        .open_object()
        .member("batch", id)
        .member("state", "withdrawn")
        .member("withdrawn", end->cards)
        .close_object();
    call->answer(json_response(std::move(body)));
}

// While it is open nobody begins to use its cards; then they are looked at.
static void open_and_withdraw(const CallPtr& call, const BatchId& id, const ChainId& from) {
    auto& at_work = call->desk().batches_at_work;
    if (at_work.contains(id)) return call->refuse(RefusalCode::batch_incomplete);
    if (!call->previews()) at_work.try_emplace(id);
    const OpenBatch open{from, true};
    call->store().submit(flow_command(BeginBatch{id, open}),
                         [call, id, open](const Result<Answer, Failure>& answer) {
                             if (!answer) return withdrawn(call, id, answer.reason());
                             if (answer->refusal)
                                 return withdrawn(call, id, WithdrawalEnd{*answer->refusal, 0});
                             withdraw(call->desk(), call->store(), {id, open, call->origin()},
                                      [call, id](const Result<WithdrawalEnd, Failure>& end) {
                                          withdrawn(call, id, end);
                                      });
                         });
}

void withdraw_batch(const CallPtr& call) {
    const auto id = call->identifier<BatchId>("batch");
    if (!id) return call->refuse(id.reason());
    using Found = std::optional<BatchRecord>;
    read<Found>(
        call,
        [id = *id](Archive& archive) {
            return decode_batch(archive.record(batch_name(id)).value_or(""));
        },
        [call, id = *id](const Found& batch) {
            if (!batch) return call->refuse(RefusalCode::no_such_batch);
            open_and_withdraw(call, id, batch->chains ? batch->chains->first : ChainId{});
        });
}

// ----------------------------------------------------------------------------------------- issuing

namespace {

constexpr std::size_t issued_at_once = 500;

struct Issuing {
    BatchId batch;
    PartyId to;
    ChainId after{};
    ItemAnswers answers{};
};

// The next cards of the batch; nothing: there is no such batch.
struct NextCards {
    std::vector<Iccid> cards;
    std::optional<ChainId> next;
};

std::optional<NextCards> next_cards(Archive& archive, const Issuing& issuing) {
    const auto batch = decode_batch(archive.record(batch_name(issuing.batch)).value_or(""));
    if (!batch) return std::nullopt;
    NextCards out;
    if (!batch->chains) return out;
    const auto before_first = static_cast<std::uint64_t>(batch->chains->first) - 1;
    const auto matches = [&issuing](const Chain& chain) {
        return chain.card.batch == issuing.batch && !chain.withdrawn;
    };
    const ChainPage page = archive.chains({.after = std::max(issuing.after, ChainId{before_first}),
                                           .limit = issued_at_once,
                                           .matches = matches});
    for (const Chain& chain : page.chains) out.cards.push_back(chain.card.iccid);
    if (page.next && *page.next < batch->chains->last) out.next = page.next;
    return out;
}

void issue_next(const CallPtr& call, const std::shared_ptr<Issuing>& issuing);

void issued(const CallPtr& call, const std::shared_ptr<Issuing>& issuing,
            const std::optional<ChainId>& next, const Answer& answer) {
    if (answer.refusal) return call->refuse(*answer.refusal);
    issuing->answers.add(answer.items);
    if (!next) return call->answer(json_response(issuing->answers.json()));
    issuing->after = *next;
    issue_next(call, issuing);
}

void issue_next(const CallPtr& call, const std::shared_ptr<Issuing>& issuing) {
    using Found = std::optional<NextCards>;
    read<Found>(
        call, [issuing = *issuing](Archive& archive) { return next_cards(archive, issuing); },
        [call, issuing](const Found& found) {
            if (!found) return call->refuse(RefusalCode::no_such_batch);
            const std::string piece =
                "issue after " + std::to_string(static_cast<std::uint64_t>(issuing->after));
            IssueCards command{.iccids = found->cards,
                               .to = issuing->to,
                               .parties = call->parts().parties.book(),
                               .origin = call->origin()};
            call->submit(flow_command(std::move(command), Urgency::bulk, call->key(piece)),
                         [call, issuing, next = found->next](const Answer& answer) {
                             issued(call, issuing, next, answer);
                         });
        });
}

}  // namespace

void issue_batch(const CallPtr& call) {
    const auto id = call->identifier<BatchId>("batch");
    if (!id) return call->refuse(id.reason());
    auto given = read_json(call->request());
    if (!given) return call->refuse(given.reason());
    JsonObject body = std::move(given).value();
    const auto to = body.identifier<PartyId>("/to");
    if (auto problem = body.problem()) return call->refuse(*std::move(problem));
    issue_next(call, std::make_shared<Issuing>(Issuing{.batch = *id, .to = *to}));
}

}  // namespace msp
