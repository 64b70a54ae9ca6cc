// Events: a party's feed, the same as a stream, and history.
//
// A page of the feed goes on after a number; a page of history after a place that only we read. The
// history of one object comes newest first, everything else oldest first.

#include "access/json.hpp"
#include "api/chain_list.hpp"
#include "api/handlers.hpp"
#include "api/history.hpp"
#include "api/query_reader.hpp"
#include "notices/event_stream.hpp"
#include "notices/feed.hpp"

#include <limits>

namespace msp {

// Comma-separated words; what is wrong with them is noted.
static TypeFilter types_in(QueryReader& query) {
    std::vector<std::string> words;
    const std::string given = query.text("type").value_or("");
    for (std::size_t at = 0; at < given.size();) {
        const std::size_t end = std::min(given.find(',', at), given.size());
        words.push_back(given.substr(at, end - at));
        at = end + 1;
    }
    auto types = TypeFilter::parse(words);
    if (types) return *std::move(types);
    query.refuse("type", "unknown-word", types.reason().detail);
    return {};
}

static constexpr auto any_number = std::numeric_limits<std::uint64_t>::max();

static std::string feed_body(const FeedPage& page) {
    std::string out;
    JsonWriter json(out);
    json.open_object().name("items").open_array();
    for (const Notice& notice : page.notices) json.raw(notice.body);
    json.close_array().name("next_cursor");
    if (page.more)
        json.value(std::to_string(page.next));
    else
        json.null();
    json.close_object();
    return out;
}

void list_events(const CallPtr& call) {
    if (call->caller().staff()) return call->refuse(staff_have_no_feed());
    QueryReader query(call->query());
    FeedQuery feed{.reader = call->caller().party, .types = types_in(query)};
    feed.after = query.number("after", 0, any_number).value_or(0);
    feed.after = query.number("cursor", 0, any_number).value_or(feed.after);
    feed.limit = query.number("limit", 1, 1000).value_or(100);
    if (auto problem = query.problem()) return call->refuse(*std::move(problem));
    answer_read(call, [feed](Archive& archive) -> Rendered {
        return json_response(feed_body(read_feed(archive, feed)));
    });
}

void stream_events(const CallPtr& call) {
    if (call->caller().staff()) return call->refuse(staff_have_no_feed());
    QueryReader query(call->query());
    EventStreamQuery stream{.reader = call->caller().party, .types = types_in(query), .after = {}};
    stream.after = query.number("after", 0, any_number);
    if (const auto last = call->request().headers.find("Last-Event-ID"))
        if (const auto number = parse_event_number(*last)) stream.after = number;
    if (auto problem = query.problem()) return call->refuse(*std::move(problem));
    EventStreams& streams = call->parts().streams;
    streams.open(call->hand_over(), stream);
}

// Which object's history is asked for, if one's is; at most one may be named.
static std::optional<Name> object_of(const Call& call, QueryReader& query) {
    std::vector<Name> named;
    if (const auto chain = query.number("chain", 1, any_number))
        named.push_back(Name::of(ChainId{*chain}));
    if (const auto device = query.identifier<DeviceId>("device"))
        named.push_back(Name::of(*device));
    if (const auto card = query.identifier<Iccid>("card", CheckDigit::warn))
        named.push_back(Name::of(*card));
    if (const auto equipment = query.identifier<EquipmentId>("equipment")) {
        const auto provider = equipment_provider_of(call);
        if (provider)
            named.push_back(Name::of(*provider, *equipment));
        else
            query.refuse("provider", "missing", provider.reason().detail);
    }
    if (named.size() > 1) query.refuse("chain", "one-object", "One object is named at most.");
    return named.empty() ? std::nullopt : std::optional(named.front());
}

static RefusalCode absent(Name::Kind kind) {
    if (kind == Name::Kind::device) return RefusalCode::no_such_device;
    if (kind == Name::Kind::equipment) return RefusalCode::no_such_equipment;
    return RefusalCode::no_such_card;
}

void list_history(const CallPtr& call) {
    QueryReader query(call->query());
    HistoryAsked asked{.reader = call->caller().party,
                       .object = object_of(*call, query),
                       .types = types_in(query),
                       .limit = query.number("limit", 1, 1000).value_or(100),
                       .lanes = call->desk().options.lanes};
    const auto after = query.text("cursor");
    asked.place = after ? after : query.text("after");
    if (asked.place && !is_history_place(*asked.place, asked))
        query.refuse(after ? "cursor" : "after", "invalid-cursor",
                     "It is not a cursor of this list; begin again without it.");
    if (auto problem = query.problem()) return call->refuse(*std::move(problem));
    answer_read(call, [asked](Archive& archive) -> Rendered {
        const auto page = read_history(archive, asked);
        if (!page) return Refusal{absent(asked.object->kind), {}, {}};
        return json_response(*page);
    });
}

}  // namespace msp
