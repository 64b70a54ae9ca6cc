#include "store/event_page.hpp"

#include "store/codec.hpp"
#include "store/packing.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace msp {

// A page:   version · time · texts · feeds · sizes of the states · sizes of the events · states ·
//           events
// An event: its feeds · place of its chain's event before · state · type, cause, code, operation
//           and actor as texts · time after the page's · sequence · statuses before · detail
//
// Types, causes and codes are kept as the words of the wire: they outlive any numbering of ours.

static constexpr unsigned page_version = 1;
static constexpr std::string_view what = "a page of history";

static_assert(static_cast<int>(Status::replaced) == 3);

// ------------------------------------------------------------------------------------------- write

namespace {

// Texts of a page, each kept once.
class Texts {
public:
    std::size_t place(std::string_view text) {
        const auto [at, fresh] = places_.try_emplace(text, texts_.size());
        if (fresh) texts_.push_back(text);
        return at->second;
    }
    void write(ByteWriter& out) const {
        out.number(texts_.size());
        for (const std::string_view text : texts_) out.text(text);
    }

private:
    std::vector<std::string_view> texts_;
    std::unordered_map<std::string_view, std::size_t> places_;
};

// The states that events lead to. That of the commit is written as the chain itself is.
class States {
public:
    explicit States(const PageChains& chains) : chains_(chains) {}

    // From 1; 0: no chain is known.
    std::size_t place(const std::shared_ptr<const Chain>& after) {
        if (!after) return 0;
        const auto [at, fresh] = places_.try_emplace(after.get(), states_.size() + 1);
        if (!fresh) return at->second;
        const PageChain& chain = chains_.at(after->id);
        states_.push_back(*after == *chain.after ? chain.bytes : encode(*after));
        return at->second;
    }
    const std::vector<std::string>& all() const { return states_; }

private:
    const PageChains& chains_;
    std::vector<std::string> states_;
    std::unordered_map<const Chain*, std::size_t> places_;
};

unsigned fold(const Statuses& before) {
    const auto& [network, m2m, equipment, pending] = before;
    return static_cast<unsigned>(network) | static_cast<unsigned>(m2m) << 2 |
           (equipment ? static_cast<unsigned>(*equipment) << 4 | 128U : 0U) | (pending ? 64U : 0U);
}

Statuses unfold(unsigned folded) {
    Statuses out{.network = static_cast<NetworkState>(folded & 3),
                 .m2m = static_cast<Status>(folded >> 2 & 3),
                 .equipment = std::nullopt,
                 .pending = (folded & 64) != 0};
    if ((folded & 128) != 0) out.equipment = static_cast<Status>(folded >> 4 & 3);
    return out;
}

std::size_t place_of(const PartyId& party, std::span<const PageFeed> feeds) {
    const auto at = std::lower_bound(
        feeds.begin(), feeds.end(), party,
        [](const PageFeed& feed, const PartyId& sought) { return feed.party < sought; });
    assert(at != feeds.end() && at->party == party);
    return static_cast<std::size_t>(at - feeds.begin());
}

std::string write_event(const Event& event, EntryId previous, std::size_t state, Time page_at,
                        std::span<const PageFeed> feeds, Texts& texts) {
    const auto& [type, at, actor, cause, operation, sequence, before, after, audience, code,
                 detail] = event;
    const auto& [party, principal, on_behalf_of] = actor;
    ByteWriter out;
    const std::set<PartyId> parties(audience.begin(), audience.end());
    out.number(parties.size());
    for (const PartyId& reader : parties) out.number(place_of(reader, feeds));
    out.number(static_cast<std::uint64_t>(previous));
    out.number(state);
    for (const std::string_view text : {word(type), word(cause), std::string_view(code)})
        out.number(texts.place(text));
    out.number(texts.place(operation.view()));
    out.number(texts.place(party.text()));
    out.number(texts.place(principal.view()));
    out.number(on_behalf_of ? texts.place(on_behalf_of->text()) + 1 : 0);
    out.signed_number(static_cast<std::int64_t>(ticks(at) - ticks(page_at)));
    out.number(sequence);
    out.byte(fold(before));
    out.text(detail);
    return out.take();
}

void write_sizes(ByteWriter& out, const std::vector<std::string>& pieces) {
    out.number(pieces.size());
    for (const std::string& piece : pieces) out.number(piece.size());
}

}  // namespace

std::vector<PageFeed> feeds_of(std::span<const Event> events) {
    std::map<PartyId, std::uint64_t> counts;
    for (const Event& event : events)
        for (const PartyId& party : std::set(event.audience.begin(), event.audience.end()))
            ++counts[party];
    std::vector<PageFeed> out;
    out.reserve(counts.size());
    for (const auto& [party, count] : counts) out.push_back({party, 0, count});
    return out;
}

std::string write_page(std::span<const Event> events, const PagePlace& place,
                       std::span<const PageFeed> feeds, PageChains& chains) {
    Texts texts;
    States states(chains);
    std::vector<std::string> written;
    for (const Event& event : events) {
        EntryId previous{};
        if (event.after)
            previous = std::exchange(chains.at(event.after->id).newest_entry,
                                     plus(place.first, written.size()));
        const std::size_t state = states.place(event.after);
        written.push_back(write_event(event, previous, state, place.at, feeds, texts));
    }
    ByteWriter out;
    out.byte(page_version);
    out.signed_number(place.at.time_since_epoch().count());
    texts.write(out);
    out.number(feeds.size());
    for (const PageFeed& feed : feeds) {
        out.text(feed.party.text());
        out.number(feed.first);
    }
    write_sizes(out, states.all());
    write_sizes(out, written);
    for (const std::string& state : states.all()) out.raw(state);
    for (const std::string& event : written) out.raw(event);
    return out.take();
}

// -------------------------------------------------------------------------------------------- read

namespace {

std::vector<std::size_t> read_numbers(ByteReader& in) {
    std::vector<std::size_t> out;
    for (std::size_t left = in.count(); left > 0; --left)
        out.push_back(static_cast<std::size_t>(in.number()));
    return out;
}

std::vector<std::string_view> read_pieces(ByteReader& in, const std::vector<std::size_t>& sizes) {
    std::vector<std::string_view> out;
    out.reserve(sizes.size());
    for (const std::size_t size : sizes) out.push_back(in.raw(size));
    return out;
}

}  // namespace

Result<EventPage, Failure> EventPage::open(std::string_view bytes) {
    ByteReader in(bytes);
    const unsigned version = in.byte();
    if (version > page_version) return written_by_newer(what);
    if (version == 0) return damaged(what);
    EventPage page;
    page.at_ = Time(Duration(in.signed_number()));
    for (std::size_t left = in.count(); left > 0; --left) page.texts_.push_back(in.text());
    for (std::size_t left = in.count(2); left > 0; --left) {
        const auto party = PartyId::parse(in.text());
        if (!party) return damaged(what);
        page.feeds_.push_back({*party, in.number()});
    }
    const auto states = read_numbers(in);
    const auto events = read_numbers(in);
    page.states_ = read_pieces(in, states);
    page.events_ = read_pieces(in, events);
    if (!in.at_end()) return damaged(what);
    return page;
}

EntryId EventPage::previous(std::size_t index) const {
    ByteReader in(events_[index]);
    read_numbers(in);  // its feeds
    return EntryId{in.number()};
}

std::vector<std::pair<std::size_t, std::uint64_t>> EventPage::numbers(const PartyId& party) const {
    std::vector<std::pair<std::size_t, std::uint64_t>> out;
    for (std::size_t feed = 0; feed < feeds_.size(); ++feed) {
        if (feeds_[feed].party != party) continue;
        for (std::size_t event = 0; event < events_.size(); ++event) {
            ByteReader in(events_[event]);
            const auto audience = read_numbers(in);
            if (std::find(audience.begin(), audience.end(), feed) != audience.end())
                out.emplace_back(event, feeds_[feed].first + out.size());
        }
    }
    return out;
}

namespace {

std::optional<Cause> cause_of(std::string_view text) {
    for (const Cause cause :
         {Cause::command, Cause::device, Cause::network_operator, Cause::audit, Cause::timer})
        if (word(cause) == text) return cause;
    return std::nullopt;
}

template <class Said>
Said said(std::string_view text, ByteReader& in) {
    const auto out = Said::of(text);
    if (!out) in.fail();
    return out.value_or(Said{});
}

}  // namespace

std::vector<PartyId> EventPage::read_audience(ByteReader& in) const {
    std::vector<PartyId> out;
    for (const std::size_t feed : read_numbers(in)) {
        if (feed >= feeds_.size()) return in.fail(), out;
        out.push_back(feeds_[feed].party);
    }
    return out;
}

std::optional<Actor> EventPage::read_actor(ByteReader& in) const {
    const auto party = PartyId::parse(read_text(in));
    const auto principal = said<Principal>(read_text(in), in);
    const std::uint64_t behalf = in.number();
    if (!party || behalf > texts_.size()) return std::nullopt;
    Actor out{*party, principal, {}};
    if (behalf == 0) return out;
    const auto other = PartyId::parse(texts_[behalf - 1]);
    if (!other) return std::nullopt;
    out.on_behalf_of = *other;
    return out;
}

std::string_view EventPage::read_text(ByteReader& in) const {
    const std::uint64_t place = in.number();
    if (place < texts_.size()) return texts_[place];
    in.fail();
    return {};
}

Result<Event, Failure> EventPage::event(std::size_t index) const {
    ByteReader in(events_[index]);
    std::vector<PartyId> audience = read_audience(in);
    in.number();  // the place of its chain's event before
    const std::uint64_t state = in.number();
    const auto type = event_type(read_text(in));
    const auto cause = cause_of(read_text(in));
    std::string code(read_text(in));
    const auto operation = said<OperationId>(read_text(in), in);
    const auto actor = read_actor(in);
    if (!type || !cause || !actor || state > states_.size()) return damaged(what);
    Event out{.type = *type,
              .at = at_,
              .actor = *actor,
              .cause = *cause,
              .operation = operation,
              .before = {},
              .after = nullptr,
              .audience = std::move(audience),
              .code = std::move(code),
              .detail = {}};
    out.at = Time(Duration(
        static_cast<std::int64_t>(ticks(at_) + static_cast<std::uint64_t>(in.signed_number()))));
    out.sequence = in.number();
    out.before = unfold(in.byte());
    out.detail = in.text();
    if (!in.at_end()) return damaged(what);
    if (state == 0) return out;
    auto after = decode_chain(states_[state - 1]);
    if (!after) return after.reason();
    out.after = std::make_shared<const Chain>(std::move(after).value());
    return out;
}

}  // namespace msp
