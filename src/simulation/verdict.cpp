#include "simulation/verdict.hpp"

#include "domain/status.hpp"

#include <algorithm>

namespace msp::simulation {

using State = SimulatedSubscription::State;

static constexpr Duration test_over_most{250'000};  // whatever clock the node goes by

// An operator that refuses under its own suspension is asked again from time to time.
static bool held(const Chain& chain) {
    return chain.holds.holds(Holder::network_operator);
}

static bool waits_visibly(const Chain& chain) {
    return held(chain) || chain.lost ||
           (chain.exchange.parked && !chain.exchange.parked->reason.empty());
}

bool Verdict::settled() const {
    for (const auto& [id, seen] : witness_.chains()) {
        const Chain& chain = *seen.chain;
        if (chain.withdrawn) continue;
        if (!msp::settled(chain) && !held(chain)) return false;
        if (!network_confirmed(chain)) continue;
        const auto* one =
            books_.at(chain.subscription.at)->find(chain.subscription.reference.view());
        if (one && !is_so(chain, *one)) return false;
    }
    return true;
}

void Verdict::check_chains() const {
    witness_.look_at_fleet();
    for (const auto& [id, seen] : witness_.chains()) {
        check(*seen.chain);
        const auto kept = engine_.content().chains.find(id);
        if (kept == engine_.content().chains.end() || *kept->second.chain != *seen.chain)
            story_.broken(7, "a chain is not kept as it was committed",
                          {std::string(seen.chain->card.iccid.text())});
    }
}

void Verdict::check(const Chain& chain) const {
    const std::string reference(chain.subscription.reference.view());
    const auto broken = [&](int law, const char* how) {
        story_.broken(law, how,
                      {reference, chain.device ? std::string(chain.device->id.text()) : reference});
    };
    if (chain.withdrawn) return;
    if (!msp::settled(chain) && !held(chain))
        return broken(10, "it is calm and the chain does not settle");
    if (chain.until && *chain.until + test_over_most < now_)
        return broken(10, "it is calm and a test that is over goes on");
    if (!network_confirmed(chain) && !waits_visibly(chain))
        return broken(10, "it is calm and the chain waits for nobody");
    if (!network_confirmed(chain)) return;
    const SimulatedSubscription* one = books_.at(chain.subscription.at)->find(reference);
    if (one) check_network(chain, *one);
}

bool Verdict::is_so(const Chain& chain, const SimulatedSubscription& one) const {
    if (!chain.lost && wanted(chain) == Order::de_activate) return !one.in_service();
    if (!chain.lost && wanted(chain) == Order::activate) return one.in_service() == !held(chain);
    if (one.state == State::terminated) return true;
    // Of what was given back nothing is asked any more, also when it comes back from the dead.
    const auto& journal = books_.at(chain.subscription.at)->journal();
    return std::any_of(journal.begin(), journal.end(), [&](const auto& entry) {
        return entry.what == "restored" && entry.subscription == one.reference;
    });
}

void Verdict::check_network(const Chain& chain, const SimulatedSubscription& one) const {
    if (!is_so(chain, one))
        story_.broken(4, "it is calm and the network is not as we say", {one.reference});
}

bool Verdict::delivered() const {
    return std::all_of(receivers_.begin(), receivers_.end(), [this](const auto& one) {
        const auto& [party, receiver] = one;
        return receiver->numbers().size() >= witness_.feed(PartyId::parse(party).value()).size();
    });
}

void Verdict::check_notices() const {
    for (const auto& [party, receiver] : receivers_) check(party, *receiver);
}

// The sequence numbers by chain, as they should come and as they first came. While a chain is with
// another party it has events that are not told here.
using Sequences = std::map<std::string, std::vector<std::uint64_t>>;

static Sequences told(const std::vector<std::shared_ptr<const Event>>& feed) {
    Sequences out;
    for (const auto& event : feed)
        if (event->after)
            out[std::to_string(static_cast<std::uint64_t>(event->after->id))].push_back(
                event->sequence);
    return out;
}

static Sequences arrived(const WebhookReceiver& receiver) {
    return {receiver.arrivals().begin(), receiver.arrivals().end()};
}

void Verdict::check(const std::string& party, const WebhookReceiver& receiver) const {
    const PartyId id = PartyId::parse(party).value();
    const auto& feed = witness_.feed(id);
    const auto kept = engine_.content().feeds.find(id);
    const std::size_t stored = kept == engine_.content().feeds.end() ? 0 : kept->second.size();
    if (stored != feed.size())
        story_.broken(8, "the feed of " + party + " is not as long as its events are many");
    for (std::size_t i = 0; i < std::min(stored, feed.size()); ++i)
        if (!(engine_.content().told(kept->second[i]).event == *feed[i])) {
            story_.broken(8, "the feed of " + party + " is not in the order of the commits");
            break;
        }
    if (arrived(receiver) != told(feed))
        story_.broken(8,
                      "the notices of " + party + " did not first come in the order of its feed");
    if (receiver.tally().bad_signature || receiver.tally().malformed)
        story_.broken(8, "a notice of " + party + " is not signed or not written as it should");
    if (receiver.numbers().size() != feed.size())
        story_.broken(8, "of " + std::to_string(feed.size()) + " notices of " + party + " " +
                             std::to_string(receiver.numbers().size()) + " came");
    for (const std::string& body : receiver.bodies())
        if (body.find("\"imsi\"") != std::string::npos)
            story_.broken(9, "an equipment provider is told an IMSI");
}

}  // namespace msp::simulation
