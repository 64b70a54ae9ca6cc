// The derivations of docs/laws.md over every combination of what they look at.
#include "domain/status.hpp"

#include "domain/sample_test.hpp"

#include <doctest/doctest.h>

namespace msp {

namespace {

// All that a status follows from, drawn by number.
struct Facts {
    bool customer, m2m_sp, network_operator, stopped, seen, drift, confirmed;

    explicit Facts(unsigned bits)
        : customer(bits & 1),
          m2m_sp(bits & 2),
          network_operator(bits & 4),
          stopped(bits & 8),
          seen(bits & 16),
          drift(bits & 32),
          confirmed(bits & 64) {}
    static constexpr unsigned count = 128;

    bool held() const { return customer || m2m_sp || network_operator; }

    Chain chain(Wish wish) const {
        Chain out = sample::with_equipment(sample::chain(), wish);
        if (customer) out.holds.put(sample::reason(Holder::customer, "requested", {}));
        if (m2m_sp) out.holds.put(sample::reason(Holder::m2m_sp, "unpaid", {}));
        if (network_operator)
            out.holds.put(sample::reason(Holder::network_operator, "operator-suspended", {}));
        out.stopped = stopped;
        out.exchange.seen = seen;
        out.exchange.drift = drift;
        out.exchange.generation = 7;
        out.exchange.confirmed = confirmed ? 7 : 6;
        return out;
    }
};

constexpr Wish every_wish[] = {Wish::de_active, Wish::active, Wish::stopped, Wish::replaced};

}  // namespace

TEST_CASE("what is wanted follows from our holds and stopped alone") {
    for (unsigned bits = 0; bits < Facts::count; ++bits) {
        CAPTURE(bits);
        const Facts facts(bits);
        const std::string_view expected = facts.stopped                    ? "reclaim"
                                          : facts.customer || facts.m2m_sp ? "de-activate"
                                                                           : "activate";
        CHECK(word(wanted(facts.chain(Wish::active))) == expected);
    }
}

TEST_CASE("the M2M service is active only when nobody holds and the network was seen active") {
    for (unsigned bits = 0; bits < Facts::count; ++bits) {
        CAPTURE(bits);
        const Facts facts(bits);
        const bool active = !facts.held() && facts.seen && facts.confirmed && !facts.drift;
        const std::string_view expected = facts.stopped ? "stopped"
                                          : active      ? "active"
                                                        : "de-active";
        CHECK(word(m2m_status(facts.chain(Wish::de_active))) == expected);
    }
}

TEST_CASE("the equipment service is active only when wished so and carried by the M2M service") {
    for (unsigned bits = 0; bits < Facts::count; ++bits)
        for (const Wish wish : every_wish) {
            CAPTURE(bits);
            const Chain chain = Facts(bits).chain(wish);
            const bool off = wish == Wish::active && m2m_status(chain) != Status::active;
            CHECK(word(equipment_status(chain)) == (off ? "de-active" : word(wish)));
        }
}

TEST_CASE("admission waits for no operator's confirmation, but for everybody who holds") {
    for (unsigned bits = 0; bits < Facts::count; ++bits) {
        CAPTURE(bits);
        const Facts facts(bits);
        CHECK(admission_open(facts.chain(Wish::active)) == (!facts.held() && !facts.stopped));
    }
}

TEST_CASE("the network is pending until it does what is wanted, as far as anybody can know") {
    for (unsigned bits = 0; bits < Facts::count; ++bits) {
        CAPTURE(bits);
        const Facts facts(bits);
        const bool on = !facts.stopped && !facts.customer && !facts.m2m_sp;
        const bool shown = !on || facts.seen || facts.network_operator;
        CHECK(network_confirmed(facts.chain(Wish::active)) ==
              (facts.confirmed && !facts.drift && shown));
    }
}

TEST_CASE("a subscription is reclaimed when the reclaim is confirmed and observed, not before") {
    for (unsigned bits = 0; bits < Facts::count; ++bits) {
        CAPTURE(bits);
        const Facts facts(bits);
        Chain chain = facts.chain(Wish::stopped);
        CHECK_FALSE(reclaimed(chain));
        chain.observed.state = NetworkState::reclaimed;
        CHECK(reclaimed(chain) == (facts.stopped && facts.confirmed));
        chain.withdrawn = true;
        CHECK(reclaimed(chain));
    }
}

}  // namespace msp
