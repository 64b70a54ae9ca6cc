#include "operators/due_work.hpp"

#include <algorithm>

namespace msp {

// At start most chains come to talk at once; only those that may not are looked at for the end of
// a test.
constexpr Duration until_looked_at{1'000};
constexpr unsigned urgent_in_a_row = 3;

void DueWork::note(const Chain& chain, Urgency urgency) {
    drop(chain.id);
    if (chain.until && !chain.stopped) test_ends_.set(chain.id, *chain.until);
    if (!chain.exchange.due) return;
    (urgency == Urgency::urgent ? urgent_ : bulk_).set(chain.id, *chain.exchange.due);
}

void DueWork::note(ChainId chain, Time at) {
    drop(chain);
    urgent_.set(chain, at);
    test_ends_.set(chain, at + until_looked_at);
}

void DueWork::drop(ChainId chain) {
    urgent_.drop(chain);
    bulk_.drop(chain);
    test_ends_.drop(chain);
}

std::optional<DueWork::Taken> DueWork::take_talk(Time now) {
    const bool bulk_due = bulk_.earliest() && *bulk_.earliest() <= now;
    const bool bulk_first = bulk_due && since_bulk_ >= urgent_in_a_row;
    const auto urgent = bulk_first ? std::nullopt : urgent_.take(now);
    since_bulk_ = urgent && bulk_due ? since_bulk_ + 1 : 0;
    const auto chain = urgent ? urgent : bulk_.take(now);
    if (!chain) return std::nullopt;
    test_ends_.drop(*chain);
    return Taken{*chain, urgent ? Urgency::urgent : Urgency::bulk};
}

std::optional<ChainId> DueWork::take_test_end(Time now) {
    return test_ends_.take(now);
}

std::optional<Time> DueWork::next_talk() const {
    const auto urgent = urgent_.earliest();
    const auto bulk = bulk_.earliest();
    if (!urgent || !bulk) return urgent ? urgent : bulk;
    return std::min(*urgent, *bulk);
}

}  // namespace msp
