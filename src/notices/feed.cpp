#include "notices/feed.hpp"

#include "notices/cloud_event.hpp"

#include <algorithm>

namespace msp {

static constexpr std::size_t piece_most = 200;  // events taken out of the store at once

static Notice notice_of(const Entry& entry, const PartyId& reader) {
    const auto& chain = entry.event.after;
    return {.number = entry.number,
            .chain = chain ? chain->id : ChainId{},
            .type = entry.event.type,
            .id = event_id(entry),
            .body = cloud_event(entry, reader)};
}

FeedPage read_feed(Archive& archive, const FeedQuery& query) {
    FeedPage page{.notices = {}, .next = query.after, .more = true};
    std::size_t left = query.look_at_most;
    while (page.notices.size() < query.limit && left > 0) {
        const std::size_t wanted = std::min({query.limit - page.notices.size(), left, piece_most});
        const std::vector<Entry> entries = archive.feed(query.reader, page.next, wanted);
        for (const Entry& entry : entries) {
            page.next = entry.number;
            if (query.types.takes(entry.event.type))
                page.notices.push_back(notice_of(entry, query.reader));
        }
        left -= entries.size();
        page.more = entries.size() == wanted;
        if (!page.more) break;
    }
    return page;
}

}  // namespace msp
