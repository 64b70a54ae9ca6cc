#include "domain/sight.hpp"

#include "domain/explain.hpp"
#include "domain/sample_test.hpp"

#include <doctest/doctest.h>

using namespace msp;

namespace {

// A card of the device provider `maker`, in a device that `digger` uses, or still the maker's.
Chain card_of_maker(std::string_view customer) {
    Chain chain = sample::chain();
    chain.holder = sample::party("maker");
    chain.customer = sample::party(customer);
    chain.subscription.msisdn = Msisdn::parse("46701234567").value();
    chain.subscription.mdn = Mdn::parse("2125550143").value();
    return sample::with_device(std::move(chain));
}

Chain equipped(Chain chain, std::string_view provider) {
    chain = sample::with_equipment(std::move(chain), Wish::active);
    chain.equipment->provider = sample::party(provider);
    return chain;
}

constexpr Sight nothing{.card_identity = false, .equipment = false};
constexpr Sight card{.card_identity = true, .equipment = false};
constexpr Sight equipment{.card_identity = false, .equipment = true};
constexpr Sight everything{.card_identity = true, .equipment = true};

}  // namespace

TEST_CASE("each party sees of a chain what is its own") {
    struct Row {
        Chain chain;
        std::string_view reader;
        Sight sight;
    };
    const Chain fresh = card_of_maker("maker");
    const Chain handed_over = card_of_maker("digger");
    const Chain installed = equipped(handed_over, "digger");
    const Chain own_make = equipped(fresh, "maker");
    const Row rows[] = {
        {fresh, "m2m-sp", everything},      {handed_over, "m2m-sp", everything},
        {installed, "m2m-sp", everything},  {fresh, "maker", everything},
        {handed_over, "maker", card},       {installed, "maker", card},
        {handed_over, "digger", equipment}, {installed, "digger", equipment},
        {own_make, "maker", everything},    {fresh, "digger", nothing},
        {installed, "other", nothing},      {own_make, "other", nothing},
    };
    for (const Row& row : rows) {
        CAPTURE(row.reader);
        CHECK(sight_of(sample::party(row.reader), row.chain) == row.sight);
    }
}

TEST_CASE("an equipment that is not to be seen is in nothing that explains the chain") {
    Chain chain = equipped(card_of_maker("digger"), "digger");
    chain.equipment->wish = Wish::de_active;
    const auto mentions = [](const Chain& seen) {
        bool out = sentence(seen).find("equipment") != std::string::npos;
        for (const Held& held : held_by(seen)) out = out || held.layer == Layer::equipment;
        return out;
    };
    CHECK(mentions(as_seen(chain, equipment)));
    CHECK_FALSE(mentions(as_seen(chain, card)));
}

TEST_CASE("others' words keep their identifiers only for who sees the card") {
    Chain chain = card_of_maker("digger");
    const std::string imsi(chain.subscription.imsi.text());
    Reason unpaid = sample::reason(Holder::m2m_sp, "unpaid", Time{});
    unpaid.text = "ask about +46 (70) 123-45 67";
    chain.holds.put(unpaid);
    chain.exchange.parked = Parked{.reason = "barred: " + imsi + ".", .since = Time{}, .until = {}};

    CHECK(as_seen(chain, everything) == chain);
    const Chain seen = as_seen(chain, equipment);
    CHECK(seen.exchange.parked->reason == "barred: ….");
    CHECK(seen.holds.find(Holder::m2m_sp, "unpaid")->text == "ask about +…");
    CHECK(seen.holds.find(Holder::m2m_sp, "unpaid")->since == unpaid.since);
}

TEST_CASE("a number is left out when it may be a subscriber's, and only then") {
    Chain chain = card_of_maker("digger");
    chain.card.iccid = Iccid::parse("89460000000000000100", CheckDigit::warn).value();
    chain.subscription.imsi = Imsi::parse("240010000012345").value();
    struct Row {
        std::string_view words;
        std::string_view shown;
    };
    const Row rows[] = {
        {"", ""},
        {"invoice 4711 of 2026-11-23 09:14 is open", "invoice 4711 of 2026-11-23 09:14 is open"},
        {"240010000012345", "…"},
        {"IMSI=240010000012345;", "IMSI=…;"},
        {"24001 00000 12345 barred", "… barred"},
        {"…012-345", "……"},
        {"070-123 45 67", "…"},
        {"(212) 555-0143", "(…"},
        {"123456", "…"},
        {"12345", "12345"},
        {"8946 0000 0000 0000 0100", "…"},
        {"ends 0100", "ends 0100"},
        {"1 2 3", "1 2 3"},
        {"5.", "5."},
    };
    for (const Row& row : rows) {
        CAPTURE(row.words);
        CHECK(without_identifiers(row.words, chain) == row.shown);
    }
    CHECK(last_four(chain.card.iccid) == "0100");
}
