// Every law after every decision, whatever the order of calls, reports, answers and faults.
#include "provisioning/walk_stage_test.hpp"

#include <doctest/doctest.h>

#include <map>

namespace msp {

namespace {

// What was reached over all walks: a walk that never gets somewhere proves nothing about it.
struct Reached {
    int decisions = 0;
    std::map<RefusalCode, int> refusals;
    std::map<EventType, int> told;

    void add(const Scene& scene) {
        decisions += scene.decisions;
        for (const auto& [code, times] : scene.refusals) refusals[code] += times;
        for (const auto& [type, times] : scene.told) told[type] += times;
    }
};

// Once faults stop, everything settles, and the network is as it is wanted.
void check_settled(const Scene& scene) {
    for (const Chain& chain : scene.fleet()) {
        if (chain.withdrawn) continue;
        CHECK(settled(chain));
        const Chain* newest = scene.find(Name::of(chain.card.iccid));
        const bool told = network_confirmed(chain) && chain.exchange.generation > 0 &&
                          !chain.holds.holds(Holder::network_operator) && !chain.lost;
        if (!told || newest->id != chain.id) continue;
        const Reading shown = scene.network.read(chain.subscription.reference);
        CHECK(word(shown.state) == word(effect_of(wanted(chain))));
    }
}

void walk(std::uint64_t seed, const OperatorProfile& profile, Reached& reached) {
    CAPTURE(seed);
    Walk one(seed, profile);
    while (one.scene.decisions < 6'000) one.step();
    one.scene.settle();
    for (int card = 1; card <= card_count; ++card)  // what the operator did without a word
        if (one.scene.find(Name::of(iccid(card)))) one.scene.operator_says(card);
    one.scene.settle();
    check_settled(one.scene);
    reached.add(one.scene);
}

OperatorProfile ageing(StatusField field) {
    OperatorProfile out;
    out.can.notifies = true;
    out.can.status_field = field;
    return out;
}

// Every refusal that a flow of this folder can make.
constexpr RefusalCode refusals[] = {
    RefusalCode::already_stopped,
    RefusalCode::batch_in_use,
    RefusalCode::batch_incomplete,
    RefusalCode::card_bound_elsewhere,
    RefusalCode::card_conflicts,
    RefusalCode::claim_closed,
    RefusalCode::device_bound,
    RefusalCode::device_bound_elsewhere,
    RefusalCode::device_differs,
    RefusalCode::eid_differs,
    RefusalCode::equipment_bound,
    RefusalCode::equipment_has_device,
    RefusalCode::equipment_stopped,
    RefusalCode::equipment_unknown,
    RefusalCode::imsi_differs,
    RefusalCode::invalid,
    RefusalCode::m2m_sp_only,
    RefusalCode::no_equipment_bound,
    RefusalCode::no_such_card,
    RefusalCode::no_such_claim,
    RefusalCode::no_such_device,
    RefusalCode::no_such_equipment,
    RefusalCode::no_such_party,
    RefusalCode::not_a_device_provider,
    RefusalCode::not_admitted,
    RefusalCode::not_an_equipment_provider,
    RefusalCode::not_issued_to_provider,
    RefusalCode::not_the_customer,
    RefusalCode::nothing_to_retry,
    RefusalCode::party_closed,
    RefusalCode::past_installation,
    RefusalCode::revision_missing,
    RefusalCode::revision_stale,
    RefusalCode::subscription_lost,
    RefusalCode::unknown_reason,
    RefusalCode::until_past,
    RefusalCode::use_equipment_service,
    RefusalCode::was_active,
};

void check_reached(std::string_view what, std::string_view which, int times) {
    MESSAGE(what, " ", which, ": ", times);
    CHECK_MESSAGE(times > 0, "never ", what, ": ", which);
}

}  // namespace

TEST_CASE("whatever is called, reported and answered in whatever order, the laws hold") {
    Reached reached;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        walk(seed, Scene::fencing(), reached);
        walk(seed + 100, ageing(StatusField::separate), reached);
        walk(seed + 200, ageing(StatusField::combined), reached);
    }
    CHECK(reached.decisions >= 72'000);
    MESSAGE("decisions: ", reached.decisions);
    for (const RefusalCode code : refusals)
        check_reached("refused", entry_of(code).word, reached.refusals[code]);
    for (std::size_t i = 0; i < event_type_count; ++i) {
        const auto type = static_cast<EventType>(i);
        check_reached("told", word(type), reached.told[type]);
    }
}

}  // namespace msp
