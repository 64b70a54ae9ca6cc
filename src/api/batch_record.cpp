#include "api/batch_record.hpp"

#include "access/json.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace msp {

ChainSpan joined(const std::optional<ChainSpan>& one, const ChainSpan& other) {
    if (!one) return other;
    return {std::min(one->first, other.first), std::max(one->last, other.last)};
}

Name batch_name(const BatchId& id) {
    return {Name::Kind::batch, {}, std::string(id.text())};
}
Name rejected_rows_name(const BatchId& id) {
    return {Name::Kind::batch, "rejected", std::string(id.text())};
}
Name open_batch_name(const BatchId& id) {
    return {Name::Kind::batch_open, {}, std::string(id.text())};
}

std::string_view word(BatchRecord::State state) {
    switch (state) {
        case BatchRecord::State::registered: return "registered";
        case BatchRecord::State::rejected: return "rejected";
    }
    std::abort();
}

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

std::uint64_t number(ChainId id) {
    return static_cast<std::uint64_t>(id);
}

void write_span(JsonWriter& json, const ChainSpan& span) {
    json.member("first", number(span.first)).member("last", number(span.last));
}

std::uint64_t count(JsonObject& object, std::string_view pointer) {
    return static_cast<std::uint64_t>(object.number(pointer, 0, most).value_or(0));
}

ChainSpan span_of(JsonObject& object) {
    return {ChainId{count(object, "/first")}, ChainId{count(object, "/last")}};
}

std::optional<JsonObject> parsed(std::string_view body) {
    auto json = JsonObject::parse(body);
    if (!json) return std::nullopt;
    return std::move(json).value();
}

}  // namespace

std::string encode(const BatchRecord& batch) {
    std::string out;
    JsonWriter json(out);
    json.open_object()
        .member("operator", batch.at)
        .member("state", word(batch.state))
        .member("rows", batch.newest.rows)
        .member("registered", batch.newest.registered)
        .member("unchanged", batch.newest.unchanged)
        .member("rejected", batch.newest.rejected)
        .member("cards", batch.cards);
    if (batch.chains) write_span(json, *batch.chains);
    json.member("created", batch.created)
        .member("changed", batch.changed)
        .member("by", batch.by)
        .close_object();
    return out;
}

std::optional<BatchRecord> decode_batch(std::string_view body) {
    auto object = parsed(body);
    if (!object) return std::nullopt;
    const auto at = object->identifier<OperatorId>("/operator");
    const auto state = object->text("/state");
    const BatchCounts counts{count(*object, "/rows"), count(*object, "/registered"),
                             count(*object, "/unchanged"), count(*object, "/rejected")};
    const std::uint64_t cards = count(*object, "/cards");
    std::optional<ChainSpan> chains;
    if (object->has("/first")) chains = span_of(*object);
    const auto created = object->time("/created");
    const auto changed = object->time("/changed");
    const auto by = object->text("/by");
    if (object->problem()) return std::nullopt;
    return BatchRecord{
        *at,
        *state == "rejected" ? BatchRecord::State::rejected : BatchRecord::State::registered,
        counts,
        cards,
        chains,
        *created,
        *changed,
        *by};
}

std::string encode(const OpenBatch& open) {
    std::string out;
    JsonWriter(out)
        .open_object()
        .member("from", number(open.from))
        .member("whole", open.whole)
        .close_object();
    return out;
}

std::optional<OpenBatch> decode_open_batch(std::string_view body) {
    auto object = parsed(body);
    if (!object) return std::nullopt;
    const OpenBatch out{ChainId{count(*object, "/from")}, object->flag("/whole").value_or(false)};
    if (object->problem()) return std::nullopt;
    return out;
}

}  // namespace msp
