#include "notices/event_stream.hpp"

#include <charconv>
#include <map>
#include <utility>

namespace msp {

namespace {

constexpr Duration heartbeat_every{15'000};
constexpr Duration catching_up_pause{20};  // lets the other end take what was written
constexpr std::size_t page_most = 50;

HttpResponse stream_head() {
    HttpResponse head;
    head.headers.add("Content-Type", "text/event-stream");
    head.headers.add("Cache-Control", "no-store");
    head.headers.add("X-Accel-Buffering", "no");  // a proxy passes events on as they come
    return head;
}

// One JSON text holds no line feed, so that it is one line of data.
std::string written(const FeedPage& page) {
    std::string out;
    for (const Notice& notice : page.notices)
        out += "id: " + std::to_string(notice.number) + "\ndata: " + notice.body + "\n\n";
    return out;
}

}  // namespace

std::optional<std::uint64_t> parse_event_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

struct EventStreams::State {
    struct Stream {
        std::shared_ptr<HttpExchange> exchange;
        EventStreamQuery query;
        FeedFollower::Following following;
        std::uint64_t at = 0;    // read up to here
        std::uint64_t told = 0;  // the last id the other end knows
        bool reading = false;
        bool woken = false;  // while reading
        Loop::TimerId heartbeat = 0;
        Loop::TimerId next_page = 0;
    };
    using StreamId = std::uint64_t;

    State(Loop& its_loop, Reader& its_reader, FeedFollower& its_follower)
        : loop(its_loop), reader(its_reader), follower(its_follower) {}

    ~State() {
        while (!streams.empty()) end(streams.begin()->first);
    }

    void end(StreamId id) {
        auto ended = streams.extract(id);
        Stream& stream = ended.mapped();
        loop.cancel(stream.heartbeat);
        loop.cancel(stream.next_page);
        stream.exchange->end_stream();
    }

    // False: the other end is gone, and so is the stream.
    bool write(StreamId id, std::string piece) {
        if (streams.at(id).exchange->write(std::move(piece))) return true;
        end(id);
        return false;
    }

    void wake(StreamId id) {
        Stream& stream = streams.at(id);
        if (stream.reading)
            stream.woken = true;
        else if (stream.next_page == 0)
            read(id);
    }

    // Where it begins is known once the head of the feed is.
    void find_begin(StreamId id) {
        auto head = std::make_shared<std::uint64_t>();
        Stream& stream = streams.at(id);
        stream.reading = true;
        read_then(
            id,
            [head, party = stream.query.reader](Archive& archive) {
                *head = archive.feed_head(party);
            },
            [this, id, head] { begin(id, *head); });
    }

    void begin(StreamId id, std::uint64_t head) {
        Stream& stream = streams.at(id);
        stream.at = std::min(stream.query.after.value_or(head), head);
        read(id);
    }

    void read(StreamId id) {
        Stream& stream = streams.at(id);
        stream.reading = true;
        stream.woken = false;
        auto page = std::make_shared<FeedPage>();
        const FeedQuery query{.reader = stream.query.reader,
                              .after = stream.at,
                              .limit = page_most,
                              .types = stream.query.types};
        read_then(
            id, [page, query](Archive& archive) { *page = read_feed(archive, query); },
            [this, id, page] { take(id, *page); });
    }

    // A stream whose feed cannot be read is ended: its reader comes back.
    template <class Then>
    void read_then(StreamId id, const Reader::Job& job, Then then) {
        reader.read(job, [this, id, then,
                          alive = std::weak_ptr(alive)](const Result<Done, Failure>& outcome) {
            if (alive.expired() || !streams.contains(id)) return;
            streams.at(id).reading = false;
            if (outcome)
                then();
            else
                end(id);
        });
    }

    void take(StreamId id, const FeedPage& page) {
        if (!page.notices.empty() && !write(id, written(page))) return;
        Stream& stream = streams.at(id);
        stream.at = page.next;
        if (!page.notices.empty()) {
            stream.told = page.notices.back().number;
            beat_later(id);
        }
        if (page.more) {
            stream.next_page = loop.after(catching_up_pause, [this, id] {
                streams.at(id).next_page = 0;
                read(id);
            });
        } else if (stream.woken) {
            read(id);
        }
    }

    void beat_later(StreamId id) {
        Stream& stream = streams.at(id);
        loop.cancel(stream.heartbeat);
        stream.heartbeat = loop.after(heartbeat_every, [this, id] { beat(id); });
    }

    void beat(StreamId id) {
        Stream& stream = streams.at(id);
        const bool skipped = stream.at != stream.told;
        stream.told = stream.at;
        if (write(id, skipped ? "id: " + std::to_string(stream.at) + "\n\n" : ":\n\n"))
            beat_later(id);
    }

    Loop& loop;
    Reader& reader;
    FeedFollower& follower;
    std::map<StreamId, Stream> streams;
    StreamId newest = 0;
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

EventStreams::EventStreams(Loop& loop, Reader& reader, FeedFollower& follower)
    : state_(std::make_unique<State>(loop, reader, follower)) {}

EventStreams::~EventStreams() = default;

void EventStreams::open(std::shared_ptr<HttpExchange> exchange, const EventStreamQuery& query) {
    State& state = *state_;
    const State::StreamId id = ++state.newest;
    exchange->begin_stream(stream_head());
    auto following = state.follower.follow(query.reader, [&state, id] { state.wake(id); });
    state.streams.emplace(id, State::Stream{std::move(exchange), query, std::move(following)});
    if (!state.write(id, "retry: 2000\n\n")) return;
    state.beat_later(id);
    state.find_begin(id);
}

std::size_t EventStreams::size() const {
    return state_->streams.size();
}

}  // namespace msp
