#include "api/history.hpp"

#include "access/json.hpp"
#include "api/cursor.hpp"
#include "domain/party.hpp"
#include "notices/cloud_event.hpp"
#include "notices/feed.hpp"
#include "provisioning/draft.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace msp {

namespace {

constexpr std::size_t looked_at_most = 5'000;  // entries, in one page

// Numbers with a colon between them: what a cursor holds.
using Place = std::vector<std::uint64_t>;

std::string text_of(const Place& place) {
    std::string out;
    for (const std::uint64_t number : place)
        out.append(out.empty() ? "" : ":").append(std::to_string(number));
    return out;
}

Place place_of(std::string_view text) {
    Place out;
    const char* at = text.data();
    const char* end = at + text.size();
    while (at < end) {
        at = std::from_chars(at, end, out.emplace_back()).ptr;
        if (at < end) ++at;
    }
    return out;
}

std::string tied_to(const HistoryAsked& asked) {
    std::string out = "history\n" + std::string(asked.reader.text());
    if (asked.object)
        out += "\n" + std::to_string(static_cast<int>(asked.object->kind)) + "\n" +
               asked.object->scope + "\n" + asked.object->value;
    for (const std::string& word : asked.types.words()) out += "\n" + word;
    return out;
}

struct Page {
    std::vector<std::string> items;
    std::optional<Place> next;
    std::optional<Place> resume;
};

std::string body_of(const Page& page, const HistoryAsked& asked) {
    const std::string tie = tied_to(asked);
    const auto cursor = [&](const std::optional<Place>& place) {
        return place ? std::optional(make_cursor(text_of(*place), tie)) : std::nullopt;
    };
    std::string out;
    JsonWriter json(out);
    json.open_object().name("items").open_array();
    for (const std::string& item : page.items) json.raw(item);
    json.close_array()
        .member("next_cursor", cursor(page.next))
        .member("resume_cursor", cursor(page.resume))
        .close_object();
    return out;
}

bool may_read(const PartyId& reader, const Event& event) {
    const auto& audience = event.audience;
    return reader == m2m_sp() ||
           std::find(audience.begin(), audience.end(), reader) != audience.end();
}

// -------------------------------------------------------------------------------------- one object

// The chain that the object's history begins with, if the reader may see it.
std::optional<Chain> newest_chain(Archive& archive, const HistoryAsked& asked) {
    const auto chain = archive.chain(*asked.object);
    if (!chain || !sees(asked.reader, *chain)) return std::nullopt;
    // Whoever may not see the numbers of a card does not find it by them.
    const bool by_number = asked.object->kind == Name::Kind::iccid;
    if (by_number && asked.reader != m2m_sp() && asked.reader != chain->holder) return std::nullopt;
    return chain;
}

bool is_about(const Event& event, const HistoryAsked& asked) {
    if (asked.object->kind != Name::Kind::equipment) return true;
    const auto& equipment = event.after ? event.after->equipment : std::optional<Equipment>();
    const bool bound = equipment && Name::of(equipment->provider, equipment->id) == *asked.object;
    return bound ||
           (event.type == EventType::equipment_unbound && event.detail == asked.object->value);
}

// Reads backwards through the chains of an object.
class ObjectHistory {
public:
    ObjectHistory(Archive& archive, const HistoryAsked& asked) : archive_(archive), asked_(asked) {}

    Page read(ChainId chain, std::uint64_t before) {
        chain_ = chain;
        before_ = before;
        while (read_some()) {
        }
        if (!ended_) page_.next = Place{static_cast<std::uint64_t>(chain_), before_};
        return std::move(page_);
    }

private:
    bool read_some() {
        constexpr std::size_t at_once = 200;
        const std::size_t wanted = asked_.limit - page_.items.size();
        if (wanted == 0 || looked_at_ >= looked_at_most) return false;
        const std::size_t asked_for = std::min(at_once, wanted);
        const auto entries = archive_.history_of(chain_, before_, asked_for);
        for (const Entry& entry : entries) take(entry);
        return entries.size() == asked_for || go_to_chain_before();
    }

    void take(const Entry& entry) {
        before_ = entry.place();
        ++looked_at_;
        const Event& event = entry.event;
        if (event.after && event.after->equipment && event.after->equipment->before &&
            is_about(event, asked_))
            chain_before_ = event.after->equipment->before;
        if (may_read(asked_.reader, event) && asked_.types.takes(event.type) &&
            is_about(event, asked_))
            page_.items.push_back(cloud_event(entry, asked_.reader));
    }

    bool go_to_chain_before() {
        const bool on = asked_.object->kind == Name::Kind::equipment && chain_before_;
        ended_ = !on;
        if (!on) return false;
        chain_ = *std::exchange(chain_before_, std::nullopt);
        before_ = 0;
        return true;
    }

    Archive& archive_;
    const HistoryAsked& asked_;
    Page page_;
    ChainId chain_{};
    std::uint64_t before_ = 0;
    std::optional<ChainId> chain_before_;  // whose device this chain's replaced
    std::size_t looked_at_ = 0;
    bool ended_ = false;
};

// ------------------------------------------------------------------------------------ the platform

// One lane's part of a page.
struct LanePart {
    std::vector<Entry> entries;
    std::size_t taken = 0;
    std::optional<std::uint64_t> next;
};

LanePart read_lane(Archive& archive, const HistoryAsked& asked, std::uint64_t lane,
                   std::uint64_t after) {
    HistoryQuery query{.lane = lane, .after = after, .limit = asked.limit, .matches = {}};
    if (!asked.types.all())
        query.matches = [&asked](const Event& event) { return asked.types.takes(event.type); };
    HistoryPage page = archive.history(query);
    return {std::move(page.entries), 0, page.next};
}

// The lane whose next entry is the earliest; nothing: all are taken.
LanePart* earliest(std::vector<LanePart>& lanes) {
    LanePart* out = nullptr;
    for (LanePart& lane : lanes) {
        if (lane.taken == lane.entries.size()) continue;
        if (!out || lane.entries[lane.taken].event.at < out->entries[out->taken].event.at)
            out = &lane;
    }
    return out;
}

Page read_platform(Archive& archive, const HistoryAsked& asked, Place place) {
    place.resize(std::max<std::size_t>(asked.lanes, place.size()));
    std::vector<LanePart> lanes;
    for (std::uint64_t lane = 0; lane < place.size(); ++lane)
        lanes.push_back(read_lane(archive, asked, lane, place[lane]));
    Page page;
    while (page.items.size() < asked.limit) {
        LanePart* lane = earliest(lanes);
        if (!lane) break;
        page.items.push_back(cloud_event(lane->entries[lane->taken++], asked.reader));
    }
    bool more = false;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        const LanePart& part = lanes[lane];
        const bool all = part.taken == part.entries.size();
        if (part.taken > 0) place[lane] = part.entries[part.taken - 1].position;
        if (all && part.next) place[lane] = std::max(place[lane], *part.next);
        more = more || !all || part.next;
    }
    page.resume = place;
    if (more) page.next = place;
    return page;
}

// ----------------------------------------------------------------------------------------- a party

Page read_own_feed(Archive& archive, const HistoryAsked& asked, const Place& place) {
    FeedQuery query{.reader = asked.reader, .types = asked.types};
    query.after = place.empty() ? 0 : place.front();
    query.limit = asked.limit;
    FeedPage feed = read_feed(archive, query);
    Page page;
    for (Notice& notice : feed.notices) page.items.push_back(std::move(notice.body));
    page.resume = Place{feed.next};
    if (feed.more) page.next = page.resume;
    return page;
}

}  // namespace

Problem staff_have_no_feed() {
    return make_problem(409, "no-feed", "The M2M service provider has no feed of its own.",
                        "Read the history, it holds everything: `msp history list`.");
}

bool is_history_place(const std::string& cursor, const HistoryAsked& asked) {
    return read_cursor(cursor, tied_to(asked)).has_value();
}

std::optional<std::string> read_history(Archive& archive, const HistoryAsked& asked) {
    const Place place =
        asked.place ? place_of(read_cursor(*asked.place, tied_to(asked)).value_or("")) : Place();
    if (!asked.object)
        return body_of(asked.reader == m2m_sp() ? read_platform(archive, asked, place)
                                                : read_own_feed(archive, asked, place),
                       asked);
    const auto chain = newest_chain(archive, asked);
    if (!chain) return std::nullopt;
    ObjectHistory history(archive, asked);
    const bool on = place.size() == 2;
    return body_of(history.read(on ? ChainId{place[0]} : chain->id, on ? place[1] : 0), asked);
}

}  // namespace msp
