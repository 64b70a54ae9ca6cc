#include "api/batch_flows.hpp"

#include <algorithm>

namespace msp {

std::vector<Name> names(const BeginBatch& command) {
    return {open_batch_name(command.id), batch_name(command.id)};
}

Decision decide(const View& view, const BeginBatch& command) {
    const std::string* batch = view.record(batch_name(command.id));
    const std::string* before = view.record(open_batch_name(command.id));
    if (command.open.whole && !batch) return refused(RefusalCode::no_such_batch);
    OpenBatch open = command.open;
    if (const auto left = before ? decode_open_batch(*before) : std::nullopt) {
        open.from = std::min(open.from, left->from);
        open.whole = open.whole || left->whole;
    }
    Decision out;
    out.answer.changed = true;
    out.records.push_back({open_batch_name(command.id), encode(open)});
    return out;
}

std::vector<Name> names(const EndBatch& command) {
    return {open_batch_name(command.id), batch_name(command.id), rejected_rows_name(command.id)};
}

// The batch with what was there before.
static BatchRecord grown(BatchRecord batch, const std::optional<BatchRecord>& before) {
    if (!before) return batch;
    batch.created = before->created;
    batch.cards += before->cards;
    if (before->chains)
        batch.chains = batch.chains ? joined(before->chains, *batch.chains) : before->chains;
    return batch;
}

static void put(Decision& decision, const Name& name, std::optional<std::string> body,
                const View& view) {
    if (!body && !view.record(name)) return;
    decision.records.push_back({name, std::move(body)});
}

Decision decide(const View& view, const EndBatch& command) {
    const std::string* standing = view.record(batch_name(command.id));
    const auto before = standing ? decode_batch(*standing) : std::nullopt;
    const bool stands = before && before->state == BatchRecord::State::registered;
    Decision out;
    out.answer.changed = true;
    out.answer.text = command.text;
    switch (command.how) {
        case EndBatch::How::registered:
            put(out, batch_name(command.id),
                encode(grown(*command.batch, stands ? before : std::nullopt)), view);
            put(out, rejected_rows_name(command.id), command.rejected_rows, view);
            break;
        case EndBatch::How::rejected:
            if (!stands) put(out, batch_name(command.id), encode(*command.batch), view);
            put(out, rejected_rows_name(command.id), command.rejected_rows, view);
            return out;
        case EndBatch::How::withdrawn: break;
        case EndBatch::How::removed:
            put(out, batch_name(command.id), std::nullopt, view);
            put(out, rejected_rows_name(command.id), std::nullopt, view);
            break;
    }
    put(out, open_batch_name(command.id), std::nullopt, view);
    return out;
}

}  // namespace msp
