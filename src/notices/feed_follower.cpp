#include "notices/feed_follower.hpp"

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace msp {

using Wake = std::function<void()>;
using Heads = std::map<PartyId, std::uint64_t>;

struct FeedFollower::State : std::enable_shared_from_this<State> {
    State(Loop& its_loop, Reader& its_reader, Duration every)
        : loop(its_loop), reader(its_reader), look_every(every) {}

    // A follower may end others, or itself, when it is woken.
    void wake(const PartyId& party) {
        const auto [first, last] = followers.equal_range(party);
        std::vector<std::weak_ptr<Wake>> now;
        for (auto each = first; each != last; ++each) now.push_back(each->second);
        for (const auto& each : now)
            if (const auto follower = each.lock()) (*follower)();
    }

    void wake_readers_of(const Commit& commit) {
        std::set<PartyId> parties;
        for (const Event& event : commit.events)
            parties.insert(event.audience.begin(), event.audience.end());
        for (const PartyId& party : parties) wake(party);
    }

    std::set<PartyId> followed() {
        std::erase_if(followers, [](const auto& each) { return each.second.expired(); });
        std::set<PartyId> out;
        for (const auto& [party, follower] : followers) out.insert(party);
        return out;
    }

    void look_later() {
        timer = loop.after(look_every, [this] { look(); });
    }

    void look() {
        auto found = std::make_shared<Heads>();
        reader.read(
            [found, parties = followed()](Archive& archive) {
                for (const PartyId& party : parties) (*found)[party] = archive.feed_head(party);
            },
            [weak = weak_from_this(), found](const Result<Done, Failure>& outcome) {
                const auto self = weak.lock();
                if (!self) return;
                self->look_later();
                if (outcome) self->compare(*found);
            });
    }

    void compare(const Heads& now) {
        const Heads before = std::exchange(heads, now);
        for (const auto& [party, head] : now) {
            const auto was = before.find(party);
            if (was == before.end() || was->second != head) wake(party);
        }
    }

    Loop& loop;
    Reader& reader;
    const Duration look_every;
    std::multimap<PartyId, std::weak_ptr<Wake>> followers;
    Heads heads;  // as last seen
    Loop::TimerId timer = 0;
};

FeedFollower::FeedFollower(Loop& loop, Store& store, Reader& reader, Duration look_every)
    : state_(std::make_shared<State>(loop, reader, look_every)) {
    store.listen([weak = std::weak_ptr(state_)](const Commit& commit) {
        if (const auto state = weak.lock()) state->wake_readers_of(commit);
    });
    state_->look_later();
}

FeedFollower::~FeedFollower() {
    state_->loop.cancel(state_->timer);
}

FeedFollower::Following FeedFollower::follow(const PartyId& party, std::function<void()> wake) {
    auto follower = std::make_shared<Wake>(std::move(wake));
    state_->followers.emplace(party, follower);
    return follower;
}

}  // namespace msp
