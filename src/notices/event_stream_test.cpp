#include "notices/event_stream.hpp"

#include "notices/stage_test.hpp"

using namespace msp;
using namespace msp::stage;
using namespace std::chrono_literals;

namespace {

// The other half of a stream, as its reader sees it.
class Listener final : public HttpExchange {
public:
    void respond(HttpResponse) override { FAIL("a stream has no single answer"); }
    void begin_stream(HttpResponse given) override { head = std::move(given); }
    bool write(std::string piece) override {
        if (gone) return false;
        text += piece;
        return true;
    }
    void end_stream() override { ended = true; }

    std::vector<std::uint64_t> ids() const {
        std::vector<std::uint64_t> out;
        for (std::size_t at = text.find("id: "); at != std::string::npos;
             at = text.find("id: ", at + 1))
            out.push_back(std::stoull(text.substr(at + 4)));
        return out;
    }
    std::size_t events() const {
        std::size_t count = 0;
        for (std::size_t at = text.find("data: "); at != std::string::npos;
             at = text.find("data: ", at + 1))
            ++count;
        return count;
    }

    HttpResponse head;
    std::string text;
    bool ended = false;
    bool gone = false;
};

struct Streaming : Stage {
    std::shared_ptr<Listener> open(std::optional<std::uint64_t> after = {},
                                   std::vector<std::string> types = {}) {
        auto listener = std::make_shared<Listener>();
        streams.open(
            listener,
            {.reader = party("digger"), .types = TypeFilter::parse(types).value(), .after = after});
        loop.run_ready();
        return listener;
    }
    EventStreams streams{loop, *memory.reader, *follower};
};

std::vector<std::uint64_t> upwards(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> out;
    for (; from <= to; ++from) out.push_back(from);
    return out;
}

}  // namespace

TEST_CASE("a stream begins now and brings what happens, each event once, with its number") {
    Streaming stage;
    stage.add_chains(2);
    stage.touch_all(2);
    const std::uint64_t before = stage.events();
    const auto listener = stage.open();
    CHECK(listener->head.headers.find("Content-Type") == "text/event-stream");
    CHECK(listener->head.headers.find("Cache-Control") == "no-store");
    CHECK(listener->text == "retry: 2000\n\n");
    stage.touch_all(2, 3);
    CHECK(listener->ids() == upwards(before + 1, stage.events()));
    CHECK(listener->events() == stage.events() - before);
    CHECK(listener->text.find("\n\nid: ") != std::string::npos);
    CHECK(listener->text.ends_with("\"}}\n\n"));
}

TEST_CASE("a reader that comes back with its last id misses nothing and gets nothing twice") {
    Streaming stage;
    stage.add_chains(3);
    stage.touch_all(3, 60);
    const std::uint64_t last = stage.events();
    for (const std::uint64_t after : {std::uint64_t{0}, std::uint64_t{1}, last / 2, last}) {
        const auto listener = stage.open(after);
        stage.loop.run_for(10s);
        CHECK(listener->ids() == upwards(after + 1, last));
    }
    const auto ahead = stage.open(last + 100);  // of another life of the feed
    stage.touch(1);
    CHECK(ahead->ids() == upwards(last + 1, stage.events()));
}

TEST_CASE("silence is broken every 15 s, and tells the place where a filter skipped") {
    Streaming stage;
    stage.add_chains(1);
    const auto all = stage.open();
    const auto few = stage.open(0, {"m2m.card.issued"});
    stage.loop.run_for(46s);
    CHECK(all->text == "retry: 2000\n\n:\n\n:\n\n:\n\n");
    stage.touch(1);
    stage.loop.run_for(15s);
    CHECK(few->events() == 0);
    CHECK(few->ids() == std::vector<std::uint64_t>{stage.events()});
    stage.loop.run_for(15s);
    CHECK(few->ids().size() == 1);
}

TEST_CASE("who is gone or does not keep up is cut, and the others are not held up") {
    Streaming stage;
    stage.add_chains(1);
    const auto slow = stage.open();
    const auto quick = stage.open();
    CHECK(stage.streams.size() == 2);
    slow->gone = true;
    stage.touch(1);
    CHECK(slow->ended);
    CHECK(stage.streams.size() == 1);
    CHECK(quick->events() == stage.events());
    quick->gone = true;
    stage.loop.run_for(16s);  // found out by the next sign of life
    CHECK(stage.streams.size() == 0);
}

TEST_CASE("streams end with their owner, whatever is under way") {
    Stage stage;
    stage.add_chains(1);
    auto listener = std::make_shared<Listener>();
    {
        EventStreams streams(stage.loop, *stage.memory.reader, *stage.follower);
        streams.open(listener, {.reader = party("digger"), .types = {}, .after = 0});
    }
    CHECK(listener->ended);
    stage.touch(1);
    stage.loop.run_for(1min);
    CHECK(listener->events() == 0);
}

TEST_CASE("Last-Event-ID is a number or nothing") {
    CHECK(parse_event_number("0") == 0);
    CHECK(parse_event_number("345") == 345);
    for (const char* none : {"", "-1", "+1", "1 ", "0x1", "99999999999999999999"})
        CHECK_FALSE(parse_event_number(none));
}
