// What one commit appends to history, as one value of bytes: its events, the states they lead to
// (each once), their numbers in the feeds, and for each event the place of its chain's event
// before.
//
// Law: open(write(x)) shows x. What an older version wrote is read, what a newer one wrote is
// refused as such, damage is refused. One event is read without reading the others.
// A page is a value that looks at bytes of somebody else's; any thread.
#pragma once

#include "domain/event.hpp"
#include "domain/failure.hpp"
#include "domain/result.hpp"
#include "store/bytes.hpp"
#include "store/engine.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace msp {

// A party's part in a page: its events have the numbers first, first + 1, …
struct PageFeed {
    PartyId party;
    std::uint64_t first = 0;
    std::uint64_t count = 0;
};

// A chain as it stands after the commit.
struct PageChain {
    const Chain* after = nullptr;
    std::string bytes;       // encode(*after)
    EntryId newest_entry{};  // before the commit; afterwards, once the page is written
};
using PageChains = std::unordered_map<ChainId, PageChain>;

struct PagePlace {
    EntryId first{};  // of the first event
    Time at{};
};

// Whose feeds the events enter, by party, and how many of them; `first` is left open.
std::vector<PageFeed> feeds_of(std::span<const Event>);

// Requires: `feeds` are those of the events; every chain that an event is about is in `chains`.
std::string write_page(std::span<const Event>, const PagePlace&, std::span<const PageFeed> feeds,
                       PageChains& chains);

class EventPage {
public:
    // `bytes` outlive the page.
    static Result<EventPage, Failure> open(std::string_view bytes);

    std::size_t size() const { return events_.size(); }
    // Requires: less than size().
    Result<Event, Failure> event(std::size_t) const;
    EntryId previous(std::size_t) const;
    // The numbers, by index, that a party's events have in its feed.
    std::vector<std::pair<std::size_t, std::uint64_t>> numbers(const PartyId&) const;

private:
    struct Feed {
        PartyId party;
        std::uint64_t first = 0;
    };

    std::string_view read_text(ByteReader&) const;
    std::vector<PartyId> read_audience(ByteReader&) const;
    std::optional<Actor> read_actor(ByteReader&) const;

    Time at_{};
    std::vector<std::string_view> texts_, states_, events_;
    std::vector<Feed> feeds_;
};

}  // namespace msp
