#include "api/chain_list.hpp"

#include "api/batch_record.hpp"
#include "api/cursor.hpp"
#include "api/equipment_card.hpp"
#include "api/query_reader.hpp"
#include "provisioning/draft.hpp"

#include <algorithm>
#include <charconv>

namespace msp {

// What a list depends on: who asks for what, but not from where on or how much.
static std::string tied_to(const Call& call) {
    std::string out(call.route().path);
    for (const auto& [name, value] : call.query().all())
        if (name != "cursor" && name != "limit")
            out.append("\n").append(name).append("=").append(value);
    return out.append("\n")
        .append(call.caller().party.text())
        .append(split_target(call.request().target).path);
}

Result<PageAsked, Problem> page_asked(const Call& call) {
    QueryReader query(call.query());
    PageAsked out;
    out.limit = query.number("limit", 1, 1000).value_or(100);
    out.query = tied_to(call);
    if (const auto cursor = call.query().find("cursor")) {
        auto place = read_cursor(*cursor, out.query);
        if (!place)
            query.refuse("cursor", "invalid-cursor",
                         "It is not a cursor of this list; begin again without it.");
        out.place = std::move(place).value_or("");
    }
    if (auto problem = query.problem()) return *std::move(problem);
    return out;
}

std::string list_body(const std::vector<std::string>& items, const std::optional<std::string>& next,
                      const PageAsked& page) {
    std::string out;
    JsonWriter json(out);
    json.open_object().name("items").open_array();
    for (const std::string& item : items) json.raw(item);
    json.close_array().name("next_cursor");
    if (next)
        json.value(make_cursor(*next, page.query));
    else
        json.null();
    json.close_object();
    return out;
}

std::string equipment_card_of(Archive& archive, const Chain& chain) {
    if (!chain.equipment) return {};
    const Equipment& equipment = *chain.equipment;
    return archive.record(equipment_card_name(equipment.provider, equipment.id)).value_or("");
}

HttpResponse chain_answer(Archive& archive, const Chain& chain, const Subject& subject,
                          const PartyId& reader) {
    return chain_response(chain, subject, reader, equipment_card_of(archive, chain));
}

static std::uint64_t chain_number(const std::string& place) {
    std::uint64_t out = 0;
    std::from_chars(place.data(), place.data() + place.size(), out);
    return out;
}

// The chains of a page, and after which to go on.
static ChainPage chains_of(Archive& archive, const ChainFilter& filter, const PageAsked& page) {
    if (filter.only) {
        ChainPage out;
        const auto chain = archive.chain(*filter.only);
        if (chain && filter.matches(*chain)) out.chains.push_back(*chain);
        return out;
    }
    ChainQuery query{
        .after = ChainId{chain_number(page.place)}, .limit = page.limit, .matches = filter.matches};
    std::optional<ChainSpan> span;
    if (filter.batch) {
        const auto record = archive.record(batch_name(*filter.batch));
        const auto batch = record ? decode_batch(*record) : std::nullopt;
        if (!batch || !batch->chains) return {};
        span = batch->chains;
        query.after = std::max(query.after, ChainId{static_cast<std::uint64_t>(span->first) - 1});
    }
    ChainPage out = archive.chains(query);
    if (span && out.next && *out.next >= span->last) out.next.reset();
    return out;
}

void list_chains(const CallPtr& call, const ChainFilter& asked) {
    const auto page = page_asked(*call);
    if (!page) return call->refuse(page.reason());
    const PartyId reader = call->caller().party;
    ChainFilter filter = asked;
    filter.matches = [reader, inner = asked.matches](const Chain& chain) {
        return sees(reader, chain) && !chain.withdrawn && inner(chain);
    };
    answer_read(call, [filter, page = *page, reader](Archive& archive) -> Rendered {
        const ChainPage found = chains_of(archive, filter, page);
        std::vector<std::string> items;
        items.reserve(found.chains.size());
        for (const Chain& chain : found.chains)
            items.push_back(
                chain_json(chain, {reader, filter.layer, equipment_card_of(archive, chain)}));
        std::optional<std::string> next;
        if (found.next) next = std::to_string(static_cast<std::uint64_t>(*found.next));
        return json_response(list_body(items, next, page));
    });
}

}  // namespace msp
