// Why a service is down: that the sentence, the data behind it and the status never disagree.
#include "domain/explain.hpp"

#include "domain/laws.hpp"
#include "domain/sample_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace msp;
using namespace msp::sample;

namespace {

const Time march = at("2026-03-02T09:14:00Z");

const char* usual_code(Holder holder) {
    switch (holder) {
        case Holder::customer: return "requested";
        case Holder::m2m_sp: return "unpaid";
        case Holder::network_operator: return "operator-suspended";
    }
    std::abort();
}

// Every chain that parties, an equipment and an operator can leave behind, as far as the laws of
// one state allow it.
void each_state(const std::function<void(const Chain&)>& visit) {
    const std::optional<Wish> wishes[] = {std::nullopt, Wish::de_active, Wish::active,
                                          Wish::stopped, Wish::replaced};
    for (unsigned holders = 0; holders < 8; ++holders)
        for (const auto wish : wishes)
            for (unsigned bits = 0; bits < 256; ++bits) {
                const auto bit = [bits](unsigned of) { return (bits >> of & 1) != 0; };
                Chain chain = wish ? with_equipment(sample::chain(), *wish)
                                   : (bit(7) ? with_device(sample::chain()) : sample::chain());
                if (wish) chain.equipment->was_active = bit(7);
                for (const Holder holder : every_holder)
                    if ((holders >> static_cast<unsigned>(holder) & 1) != 0)
                        chain.holds.put(reason(holder, usual_code(holder), march));
                chain.stopped = bit(0);
                chain.exchange.generation = 2;
                chain.exchange.behind_since = march;
                if (bit(1)) chain = confirmed(std::move(chain));
                chain.exchange.seen = bit(2);
                chain.exchange.drift = bit(3);
                if (bit(4))
                    chain.exchange.parked =
                        Parked{.reason = "no such tariff", .since = march, .until = {}};
                if (bit(4) && bit(5)) chain.exchange.parked->until = march + Duration(60'000);
                chain.lost = bit(6) && chain.holds.holds(Holder::network_operator);
                if (broken_laws(std::span(&chain, 1)).empty()) visit(chain);
            }
}

Status outermost(const Chain& chain) {
    return chain.equipment ? equipment_status(chain) : m2m_status(chain);
}

std::size_t longest_run_of_digits(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c >= '0' && c <= '9' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// The words by which the sentence names a holder; empty where it need not.
std::string named(const Chain& chain, const Held& held) {
    if (held.holder == "m2m-sp") return "the M2M service provider holds it";
    if (held.holder == "operator") return "the operator holds it";
    if (held.holder == "equipment-provider") return "the equipment provider acme has";
    const bool by_wish = chain.equipment && chain.equipment->wish == Wish::de_active;
    return held.holder == "customer" && !by_wish ? "its customer acme holds it" : "";
}

Chain held_by_all() {
    Chain out = with_equipment(chain(), Wish::active);
    for (const Holder holder : every_holder)
        out.holds.put(reason(holder, usual_code(holder), march));
    return confirmed(std::move(out));
}

}  // namespace

TEST_CASE("the sentence says active exactly where the status does, in every state") {
    std::size_t states = 0;
    each_state([&](const Chain& chain) {
        const std::string said = sentence(chain);
        CAPTURE(said);
        ++states;
        REQUIRE(has(said, " is active") == (outermost(chain) == Status::active ||
                                            has(said, "the M2M service of the device is active")));
        REQUIRE(said.starts_with("The "));
        REQUIRE(said.ends_with("."));
        for (const char* clumsy : {"  ", ";;", "; .", "..", " ;", " ,", "()"})
            REQUIRE_FALSE(has(said, clumsy));
    });
    CHECK(states > 1'000);
    MESSAGE(states << " states");
}

TEST_CASE("what keeps a service down is named in data, and a service that nothing keeps is up") {
    each_state([](const Chain& chain) {
        const std::vector<Held> held = held_by(chain);
        CAPTURE(sentence(chain));
        REQUIRE(sentence(chain, held) == sentence(chain));
        if (held.empty()) REQUIRE(outermost(chain) == Status::active);
        for (const Holder holder : every_holder) {
            const auto is = [&](const Held& one) { return one.holder == word(holder); };
            REQUIRE(std::any_of(held.begin(), held.end(), is) == chain.holds.holds(holder));
        }
    });
}

TEST_CASE("every holder of a service that may come back is named in the sentence") {
    each_state([](const Chain& chain) {
        if (chain.stopped) return;
        const std::string said = sentence(chain);
        for (const Held& held : held_by(chain)) {
            CAPTURE(said);
            CAPTURE(held.code);
            REQUIRE(has(said, named(chain, held)));
        }
    });
}

TEST_CASE("somebody may lift whatever is not for ever, and nobody what is") {
    each_state([](const Chain& chain) {
        for (const Held& held : held_by(chain)) {
            CAPTURE(held.code);
            const bool for_ever = chain.stopped && held.holder != "equipment-provider" &&
                                  held.holder != "operator" && held.layer == Layer::m2m;
            REQUIRE(held.may_lift.empty() == for_ever);
            REQUIRE_FALSE(held.lifted_by.empty());
            REQUIRE_FALSE(held.says.empty());
        }
    });
}

TEST_CASE("nobody may lift what the operator took away for good") {
    Chain chain = sample::chain();
    chain.holds.put(reason(Holder::network_operator, "lost", march));
    chain.lost = true;
    CHECK(held_by(chain).front().may_lift.empty());
    CHECK(has(sentence(chain), "nothing brings this subscription back"));
}

TEST_CASE("no sentence has a subscriber's number in it, not even in the operator's words") {
    each_state([](const Chain& chain) {
        Chain told = chain;
        if (told.exchange.parked)
            told.exchange.parked->reason =
                "IMSI " + std::string(told.subscription.imsi.text()) + " is unknown";
        REQUIRE(longest_run_of_digits(sentence(told)) < 6);
    });
}

TEST_CASE("three holders are three clauses, and all of them have to lift") {
    CHECK(sentence(held_by_all()) ==
          "The equipment service is de-active: its customer acme holds it since 2026-03-02 09:14 "
          "UTC because its customer switched it off; the M2M service provider holds it since "
          "2026-03-02 09:14 UTC because an invoice is unpaid; the operator holds it since "
          "2026-03-02 09:14 UTC because the operator suspended the subscription; all three have to "
          "lift.");
}

TEST_CASE("the way back is the shortest true one") {
    Chain chain = confirmed(with_device(sample::chain()));
    const auto put = [&chain](Holder holder, std::string_view code) {
        chain.holds.put(reason(holder, code, march));
    };
    put(Holder::m2m_sp, "unpaid");
    CHECK(has(sentence(chain), "; the hold is lifted by the M2M service provider."));
    put(Holder::m2m_sp, "fraud");
    CHECK(has(sentence(chain), "; all these reasons have to be lifted."));
    put(Holder::customer, "requested");
    CHECK(has(sentence(chain), "; both have to lift."));
    put(Holder::network_operator, "operator-suspended");
    CHECK(has(sentence(chain), "; all three have to lift."));
    Chain installed = with_equipment(chain, Wish::de_active);
    installed.customer = party("other");
    CHECK(has(sentence(installed), "; all four have to lift."));
}

TEST_CASE("what goes on with the operator is said in its words and with its next step") {
    Chain chain = confirmed(with_device(sample::chain()));
    chain.exchange.behind_since = march;
    chain.exchange.seen = false;
    CHECK(has(sentence(chain),
              "has not shown it active yet; it becomes active once the operator "
              "shows it."));
    chain.exchange.generation = 2;
    CHECK(has(sentence(chain),
              "since 2026-03-02 09:14 UTC the operator has not confirmed the order "
              "to activate; it becomes active once the operator confirms."));
    chain.exchange.parked =
        Parked{.reason = "no such tariff", .since = march, .until = march + Duration(3'600'000)};
    CHECK(has(sentence(chain),
              "the operator refused the order to activate on 2026-03-02 09:14 UTC "
              "(“no such tariff”); it is tried again on 2026-03-02 10:14 UTC."));
    chain.exchange.parked->until.reset();
    CHECK(has(sentence(chain),
              "; it goes on with the operator, or with a retry by the M2M service "
              "provider."));
    chain.exchange.drift = true;
    CHECK(has(sentence(chain), "; the M2M service provider decides what is done."));
    chain.exchange.parked.reset();
    CHECK(has(sentence(chain),
              "although it had confirmed active; the order to activate is sent "
              "again."));
}

TEST_CASE("a preview says what changes, and that nothing does") {
    const Chain before = held_by_all();
    CHECK(preview_sentence(before, before) == "Nothing changes.");
    Chain after = before;
    after.holds.lift(Holder::m2m_sp, "unpaid");
    CHECK(preview_sentence(before, after) ==
          "Two holds remain, of the customer and of the operator; the equipment service stays "
          "de-active; no order is sent.");
    after.holds.lift_all(Holder::customer);
    CHECK(preview_sentence(before, after) ==
          "One hold remains, of the operator; the network is ordered to activate; the equipment "
          "service stays de-active.");
    after.holds.lift_all(Holder::network_operator);
    CHECK(has(preview_sentence(before, after), "he network is ordered to activate"));
    after.stopped = true;
    CHECK(preview_sentence(before, after) ==
          "The M2M service ends for ever; the network is ordered to reclaim.");
}

TEST_CASE("a preview speaks of an order exactly where one would be sent") {
    std::vector<Chain> states;
    each_state([&](const Chain& chain) {
        if (!chain.exchange.drift && !chain.exchange.parked) states.push_back(chain);
    });
    Dice dice(7);
    for (int round = 0; round < 50'000; ++round) {
        const Chain& before = states[dice.below(states.size())];
        const Chain& after = states[dice.below(states.size())];
        const std::string said = preview_sentence(before, after);
        CAPTURE(said);
        REQUIRE((said == "Nothing changes." || said.ends_with(".")));
        if (said == "Nothing changes." || before.stopped) continue;
        const bool sent = !after.lost && wanted(before) != wanted(after);
        REQUIRE(has(said, "he network is ordered to") == sent);
        REQUIRE(has(said, "o order is sent") == !sent);
    }
}
