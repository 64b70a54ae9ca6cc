// Looking things up without changing them: chains by name, lists, feeds, history. Sees what is
// committed, as of one instant.
//
// Law: whatever a `done` of the Store announced before a read began is seen by it.
// Threads: `Reader::read` on the loop; the job runs on the reader's thread over one snapshot,
// `done` on the loop.
#pragma once

#include "domain/decision.hpp"
#include "domain/failure.hpp"
#include "domain/result.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace msp {

// One event with its places: in the history of all, and in one party's feed.
struct Entry {
    std::uint64_t lane = 0;
    std::uint64_t position = 0;  // in the lane: grows by one with each event
    std::uint64_t number = 0;    // in the party's feed, from 1 without a gap; 0 outside feeds
    Event event;

    std::uint64_t place() const { return lane << 48 | position; }  // in one number
};

struct ChainQuery {
    ChainId after{};  // exclusive; 0: from the first
    std::size_t limit = 100;
    std::size_t look_at_most = 50'000;          // chains examined before the page ends early
    std::function<bool(const Chain&)> matches;  // null: all
};

struct ChainPage {
    std::vector<Chain> chains;
    std::optional<ChainId> next;  // continue after this one; nothing: the end
};

struct HistoryQuery {
    std::uint64_t lane = 0;
    std::uint64_t after = 0;  // position, exclusive
    std::size_t limit = 100;
    std::size_t look_at_most = 50'000;
    std::function<bool(const Event&)> matches;
};

struct HistoryPage {
    std::vector<Entry> entries;
    std::optional<std::uint64_t> next;  // continue after this position; nothing: the end for now
};

class Archive {
public:
    virtual ~Archive() = default;
    virtual std::optional<Chain> chain(const Name&) = 0;  // live, or the newest that had the name
    virtual std::optional<std::string> record(const Name&) = 0;
    virtual ChainPage chains(const ChainQuery&) = 0;
    // The values of all live names of a kind and scope, in order, after `after`.
    virtual std::vector<std::string> names(Name::Kind, const std::string& scope,
                                           const std::string& after, std::size_t limit) = 0;
    virtual std::vector<Record> records(Name::Kind, const std::string& scope,
                                        const std::string& after, std::size_t limit) = 0;
    virtual std::vector<Entry> feed(const PartyId&, std::uint64_t after, std::size_t limit) = 0;
    virtual std::uint64_t feed_head(const PartyId&) = 0;  // the newest number; 0: none yet
    virtual HistoryPage history(const HistoryQuery&) = 0;
    // The newest first; `before` is the place of an entry of this chain (Entry::place), exclusive;
    // 0: from the newest on.
    virtual std::vector<Entry> history_of(ChainId, std::uint64_t before, std::size_t limit) = 0;
};

class Reader {
public:
    using Job = std::function<void(Archive&)>;
    virtual ~Reader() = default;
    // `done` gets a Failure when the store could not be read; the job's effects are then to be
    // ignored.
    virtual void read(Job, std::function<void(Result<Done, Failure>)> done) = 0;
};

}  // namespace msp
