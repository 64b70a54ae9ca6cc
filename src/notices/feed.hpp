// Reading a party's feed as notices: events on their way to a reader.
//
// Law: notices come in the order of their numbers, and `next` says up to where the feed was looked
// at: reading on from there misses nothing and repeats nothing, whatever the filter.
// Threads: read_feed() runs within a job of the Reader; a Notice is a value.
#pragma once

#include "notices/type_filter.hpp"
#include "store/archive.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace msp {

struct Notice {
    std::uint64_t number = 0;  // in the reader's feed
    ChainId chain{};           // 0 where none is known
    EventType type = EventType::device_status_changed;
    std::string id;
    std::string body;  // a CloudEvent
    friend bool operator==(const Notice&, const Notice&) = default;
};

struct FeedQuery {
    PartyId reader;
    std::uint64_t after = 0;  // number, exclusive
    std::size_t limit = 100;
    TypeFilter types;
    std::size_t look_at_most = 5'000;  // events examined before the page ends early
};

struct FeedPage {
    std::vector<Notice> notices;
    std::uint64_t next = 0;  // continue after this number
    bool more = false;       // there may be more already
};

FeedPage read_feed(Archive&, const FeedQuery&);

}  // namespace msp
